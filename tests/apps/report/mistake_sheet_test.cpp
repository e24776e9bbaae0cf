// mistake_sheet_test: find_mistakes, mistake_sheet, first_layer_filters.
#include "train/mistakes.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "apps/gradus/report/model_pictures.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/network/models.hpp"

using namespace gradus;

namespace {

// Samples of two features, which are also the logits of identity().
data::Dataset pairs(const std::vector<float>& values, const std::vector<int64_t>& labels) {
  return data::Dataset::of_features(values, 2, labels, 2);
}

layers::Sequential identity() {
  Rng rng(0);
  layers::Dense dense(2, 2, rng, {.bias = false});
  dense.weight = layers::Parameter(Tensor::from(std::vector<float>{1, 0, 0, 1}, {2, 2}));
  return layers::Sequential{dense, layers::Dropout(0.9, rng)};
}

}  // namespace

TEST_CASE("Mistakes have the model's probability and are sorted by it") {
  layers::Sequential model = identity();
  const data::Dataset dataset = pairs({0, 1, 3, 0, 0, 2, 1, 0}, {0, 1, 1, 1});
  const auto mistakes = train::find_mistakes(model, dataset, Tensor::from<int64_t>({1, 0, 1, 0}));
  REQUIRE(mistakes.size() == 3);
  CHECK(mistakes[0].sample == 1);
  CHECK(mistakes[0].truth == 1);
  CHECK(mistakes[0].guess == 0);
  CHECK(mistakes[0].probability == doctest::Approx(1 / (1 + std::exp(-3))));
  CHECK(mistakes[1].sample == 0);  // equal probabilities: in the order of the data set
  CHECK(mistakes[2].sample == 3);
  CHECK(mistakes[2].probability == doctest::Approx(1 / (1 + std::exp(-1))));
  CHECK(model.is_training());
  CHECK(train::find_mistakes(model, dataset, dataset.labels()).empty());
  CHECK_FALSE(app::mistake_sheet(dataset, mistakes).has_value());  // features aren't images
}

TEST_CASE("A sheet of mistakes contains the images before normalization") {
  const data::Dataset images =
      data::Dataset::of_bytes({0, 255, 255, 0, 9, 9, 9, 9}, {1, 2, 2}, {0, 1}, 2)
          .normalized({.mean = {0.5}, .deviation = {0.1}});
  const auto sheet = app::mistake_sheet(images, {{.sample = 1, .truth = 1, .probability = 0.5},
                                                 {.sample = 0, .guess = 1, .probability = 0.4}});
  REQUIRE(sheet.has_value());
  REQUIRE(sheet->tiles.size() == 2);
  CHECK(sheet->tiles[0].caption == "1 → 0");
  CHECK(sheet->tiles[1].note == "40.0 %");
  CHECK(sheet->subtitle == "the most confident 2 of 2: class → prediction, its probability");
  CHECK(sheet->tiles[0].png != sheet->tiles[1].png);
  CHECK_FALSE(app::mistake_sheet(images, {}).has_value());
}

TEST_CASE(
    "Filters are the kernels of the first convolution or the weights of the first dense layer") {
  Rng rng(1);
  const Shape image{3, 4, 5};
  layers::Sequential convolutional{
      layers::ReLU(), layers::Conv2d({.in_channels = 3, .out_channels = 70, .kernel = 2}, rng)};
  auto sheet = app::first_layer_filters(convolutional, image);
  REQUIRE(sheet.has_value());
  CHECK(sheet->tiles.size() == 64);
  CHECK(sheet->subtitle == "64 of 70, each 2×2, 3 channels side by side");
  CHECK(sheet->tile_width == 3 * sheet->tile_height);

  layers::Sequential dense{layers::Flatten(), layers::Dense(60, 7, rng)};
  sheet = app::first_layer_filters(dense, image);
  REQUIRE(sheet.has_value());
  CHECK(sheet->subtitle == "7 of 7, each 4×5, 3 channels side by side");
  CHECK_FALSE(app::first_layer_filters(dense, {60}).has_value());
  CHECK_FALSE(app::first_layer_filters(dense, {1, 5, 5}).has_value());
  layers::Sequential nothing{layers::ReLU()};
  CHECK_FALSE(app::first_layer_filters(nothing, image).has_value());
}
