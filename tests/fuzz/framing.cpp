// framing: a framing in the description of a model, and a picture that is fitted to it.
#include "data/picture/fit_image.hpp"
#include "tests/fuzz/saved_model.hpp"

using namespace gradus;

namespace {

// A line on white paper.
Tensor picture() {
  Tensor image = Tensor::full({1, 12, 9}, 1);
  for (int64_t y = 2; y < 10; ++y) image.mutable_data<float>()[y * 9 + 4] = 0;
  return image;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const Tensor image = picture();
  const std::string description = fmt::format(
      R"({{"model":"relu","norm":"","activation":"relu","dropout":null,"input_dropout":0,)"
      R"("channel_dropout":0,"drop_connect":0,"input":[1,8,8],"classes":64,"mean":[0],)"
      R"("deviation":[1],"framing":{}}})",
      fuzz::text_of(data, size));
  fuzz::accepts([&] {
    const train::SavedModel saved = fuzz::read_described(description);
    const Tensor fitted =
        data::fit_image(image, {1, 8, 8}, {.framing = saved.description.framing}).image;
    for (int64_t i = 0; i < fitted.numel(); ++i)
      fuzz::require(fitted.data<float>()[i] >= 0 && fitted.data<float>()[i] <= 1, "no grey");
  });
  return 0;
}
