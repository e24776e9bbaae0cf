// What libFuzzer calls, which carries out the one target that this program is for.
#include <cstddef>
#include <cstdint>

extern "C" int TARGET(const uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  return TARGET(data, size);
}
