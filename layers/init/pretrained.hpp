// load_pretrained: reads parameters and buffers from a file.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace gradus::layers {

class Module;

/// The error for a file with other tensors than the module.
struct PretrainedMisfit : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Copies the tensors of the safetensors file at `path` whose names match `pattern` (* any text,
/// ? any character) to the parameters and buffers of the same names. Throws std::invalid_argument
/// if no name matches, PretrainedMisfit if a tensor doesn't fit, and the errors of
/// read_safetensors(); the module is then unchanged.
void load_pretrained(Module& module, const std::string& path, std::string_view pattern = "*");

}  // namespace gradus::layers
