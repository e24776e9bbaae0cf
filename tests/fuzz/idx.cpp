// read_idx: the shape of what it accepts is that of its values.
#include "data/files/idx.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile file;
  const std::string path = file.of(fuzz::text_of(data, size));
  fuzz::accepts([&] {
    const data::Idx idx = data::read_idx(path);
    fuzz::require(idx.shape.numel() == static_cast<int64_t>(idx.values.size()), "values missing");
  });
  return 0;
}
