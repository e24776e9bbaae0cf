// read_image: all formats by their content, PGM and PPM among them.
#include "data/files/image.hpp"

#include <algorithm>

#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile file;
  const std::string path = file.of(fuzz::text_of(data, size));
  fuzz::accepts([&] {
    const Tensor image = data::read_image(path);
    const auto [least, largest] =
        std::minmax_element(image.data<float>(), image.data<float>() + image.numel());
    fuzz::require(image.numel() > 0 && *least >= 0 && *largest <= 1, "values beyond 0 … 1");
  });
  return 0;
}
