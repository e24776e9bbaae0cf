// read_safetensors: what it reads is written and read again, the same.
#include "core/io/safetensors.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

namespace {

std::string bytes_of(const Tensor& tensor) {
  const auto size = static_cast<std::size_t>(tensor.numel()) * size_of(tensor.dtype());
  return dispatch(tensor.dtype(), [&]<class T>(T) {
    return std::string(reinterpret_cast<const char*>(tensor.data<T>()), size);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile file;
  static const TemporaryFolder folder;
  const std::string path = file.of(fuzz::text_of(data, size)), copy = folder.path("copy");
  SafetensorsFile read;
  if (!fuzz::accepts([&] { read = read_safetensors(path); })) return 0;
  write_safetensors(copy, read.tensors, read.metadata);
  const SafetensorsFile again = read_safetensors(copy);
  fuzz::require(again.metadata == read.metadata, "other metadata");
  for (const auto& [name, tensor] : read.tensors)
    fuzz::require(bytes_of(again.at(name)) == bytes_of(tensor), "other values");
  return 0;
}
