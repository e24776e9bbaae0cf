// LLVMFuzzerTestOneInput: called by libFuzzer, runs the one target of this program.
#include <cstddef>
#include <cstdint>

extern "C" int TARGET(const uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  return TARGET(data, size);
}
