// read_model: the description in a file of weights, which says how their model is built.
#include "tests/fuzz/saved_model.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::accepts([&] { fuzz::read_described(fuzz::text_of(data, size)); });
  return 0;
}
