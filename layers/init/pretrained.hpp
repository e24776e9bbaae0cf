// Pretrained values: parameters and buffers from a file.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace gradus::layers {

class Module;

/// A file that has other tensors than the module.
struct PretrainedMisfit : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Copies the tensors of the safetensors file at `path` whose names match `pattern` (* any text,
/// ? any character) to the parameters and buffers of the same names. Throws std::invalid_argument,
/// and changes nothing, unless there are such tensors, and PretrainedMisfit unless each fits;
/// read_safetensors() throws for the file.
void load_pretrained(Module& module, const std::string& path, std::string_view pattern = "*");

}  // namespace gradus::layers
