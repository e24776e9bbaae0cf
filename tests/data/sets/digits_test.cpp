#include "data/sets/digits.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;
using data::Dataset;

namespace {

// The pixels as bytes, without normalization.
std::vector<int64_t> pixels_of(const Dataset& dataset) {
  const Tensor images = dataset.normalized({}).batch(0, dataset.size()).inputs;
  std::vector<int64_t> pixels;
  for (float value : images.to_vector<float>()) pixels.push_back(std::lround(value * 255));
  return pixels;
}

}  // namespace

TEST_CASE("digits are 1,437 and 360 images of ten classes, normalized by the training part") {
  const auto [train, test] = data::digits();
  CHECK(train.size() == 1437);
  CHECK(test.size() == 360);
  CHECK(train.sample_shape() == Shape{1, 28, 28});
  CHECK(train.classes() == 10);
  CHECK(train.normalization() == train.statistics());
  CHECK(test.normalization() == train.statistics());
  std::vector<int64_t> counts(10);
  for (const Dataset& part : {train, test})
    for (int64_t label : part.labels().to_vector<int64_t>())
      ++counts[static_cast<std::size_t>(label)];
  CHECK(counts == std::vector<int64_t>{178, 182, 177, 183, 181, 182, 181, 179, 174, 180});
}

TEST_CASE("digits are enlarged as torch's bilinear interpolation does it") {
  const auto [train, test] = data::digits();
  int64_t sum = 0, squares = 0;
  for (const Dataset& part : {train, test})
    for (int64_t pixel : pixels_of(part)) {
      sum += pixel;
      squares += pixel * pixel;
    }
  CHECK(sum == 55951914);
  CHECK(squares == 9267850990);
}

TEST_CASE("the digits' split never changes") {
  const auto [train, test] = data::digits();
  const std::vector<int64_t> labels = test.labels().to_vector<int64_t>();
  CHECK(std::vector<int64_t>(labels.begin(), labels.begin() + 10) ==
        std::vector<int64_t>{2, 4, 1, 6, 7, 3, 4, 9, 9, 7});
}
