// read_npy and load_arrays: what they accept has as many values as its shape says. The input is a
// file of either kind.
#include "data/files/npy.hpp"
#include "data/sets/array_set.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile file;
  fuzz::accepts([&] {
    const data::NpyArray array = data::parse_npy("array", {data, size});
    fuzz::require(
        static_cast<int64_t>(array.bytes.size()) == array.shape.numel() * array.bytes_each,
        "values missing");
    fuzz::require(array.to_doubles().size() == array.to_floats().size(), "numbers missing");
  });
  const std::string path = file.of(fuzz::text_of(data, size));
  fuzz::accepts([&] { data::read_npz(path); });
  fuzz::accepts([&] {
    Rng rng(0);
    const data::Split split = data::load_arrays(path, rng).split;
    fuzz::require(split.train.sample_shape() == split.test.sample_shape(), "different samples");
    split.test.batch(0, 1);
  });
  return 0;
}
