#include "data/transform/augmentation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/parallel.hpp"

using namespace gradus;
using data::augment;

namespace {

using Values = std::vector<float>;

Values changed(const char* text, const Tensor& images, uint64_t seed = 1) {
  Rng rng(seed);
  return augment(text)(images, rng).to_vector<float>();
}

Tensor random_images(int64_t count) {
  Rng rng(9);
  return rand({count, 1, 12, 10}, rng);
}

}  // namespace

TEST_CASE("every augmentation changes images, each differently, and again when asked again") {
  const Tensor image = random_images(1);
  Tensor same = Tensor::empty({16, 1, 12, 10});
  for (int64_t i = 0; i < 16; ++i)
    std::copy_n(image.data<float>(), 120, same.mutable_data<float>() + i * 120);
  for (const auto& entry : data::augmentations().entries()) {
    CAPTURE(entry.name);
    const Values result = changed(entry.name.c_str(), same);
    std::set<Values> different;
    for (auto begin = result.begin(); begin != result.end(); begin += 120)
      different.insert(Values(begin, begin + 120));
    CHECK(different.size() >= 2);
    CHECK(result == changed(entry.name.c_str(), same));
    CHECK(result != changed(entry.name.c_str(), same, 2));
    Rng rng(1);
    const auto transform = augment(entry.name);
    CHECK(transform(same, rng).to_vector<float>() != transform(same, rng).to_vector<float>());
  }
}

TEST_CASE("augmentations are joined by + or commas, with commas or slashes between arguments") {
  const Tensor images = random_images(4);
  const Values expected = changed("rotate:20,elastic:8/2,erase:0.4/0.1/0.3", images);
  for (const char* text :
       {"rotate:20+elastic:8,2+erase:0.4,0.1,0.3", "rotate:20, elastic:8,2, erase:0.4,0.1,0.3",
        "rotate:degrees=20 + elastic:sigma=2,alpha=8 + erase:0.4/largest=0.3/smallest=0.1"})
    CHECK(changed(text, images) == expected);
}

TEST_CASE("augmentation has the same bits with 1 and 2 threads") {
  const Tensor images = random_images(100);
  const char* all = "rotate,shift,zoom,shear,flip,crop,elastic:8/2,noise,erase";
  set_num_threads(1);
  const Values one = changed(all, images);
  set_num_threads(2);
  CHECK(changed(all, images) == one);
}

TEST_CASE("augmentation of zero size leaves images as they are") {
  const Tensor images = random_images(5);
  CHECK(changed("rotate:0,shift:0,zoom:0,shear:0,flip:0,crop:0,elastic:0/4,noise:0,erase:0",
                images) == images.to_vector<float>());
}

TEST_CASE("crop moves by whole pixels, no further than its padding, and reaches all of them") {
  Tensor images = Tensor::zeros({200, 1, 5, 5});
  for (int64_t i = 0; i < 200; ++i) images.mutable_data<float>()[i * 25 + 12] = 1;
  const Values result = changed("crop:1", images);
  std::set<std::ptrdiff_t> places;
  for (auto begin = result.begin(); begin != result.end(); begin += 25) {
    CHECK(std::count(begin, begin + 25, 0.f) == 24);
    places.insert(std::find(begin, begin + 25, 1.f) - begin);
  }
  CHECK(places == std::set<std::ptrdiff_t>{6, 7, 8, 11, 12, 13, 16, 17, 18});
}

TEST_CASE("flip has its probability") {
  const Tensor images = Tensor::from(Values(2000, 0.5f), {1000, 1, 1, 2});
  Tensor marked = images.clone();
  for (int64_t i = 0; i < 1000; ++i) marked.mutable_data<float>()[2 * i] = 1;
  const Values result = changed("flip:0.25", marked);
  int flipped = 0;
  for (std::size_t i = 0; i < 1000; ++i) flipped += result[2 * i] == 0.5f;
  CHECK(flipped > 200);
  CHECK(flipped < 300);
}

TEST_CASE("erase replaces one rectangle with an area in the given range, in all channels") {
  const Tensor images = Tensor::full({50, 2, 20, 20}, 2);
  const Values result = changed("erase:0.999/0.1/0.2", images);
  for (std::size_t i = 0; i < 50; ++i) {
    int64_t hidden = 0, top = 20, bottom = -1, left = 20, right = -1;
    for (int64_t p = 0; p < 400; ++p) {
      const float *first = &result[i * 800 + static_cast<std::size_t>(p)], *second = first + 400;
      CHECK((*first == 2) == (*second == 2));
      if (*first == 2) continue;
      CHECK(*first >= 0);
      CHECK(*first < 1);
      ++hidden;
      top = std::min(top, p / 20);
      bottom = std::max(bottom, p / 20);
      left = std::min(left, p % 20);
      right = std::max(right, p % 20);
    }
    CHECK(hidden == (bottom - top + 1) * (right - left + 1));
    CHECK(hidden >= 30);  // 40 to 80, rounded to whole rows and columns
    CHECK(hidden <= 95);
  }
}

TEST_CASE("noise is normal with the given deviation") {
  const Values result = changed("noise:0.5", Tensor::ones({4, 1, 99, 101}));
  double sum = 0, squares = 0, beyond = 0;
  for (const double value : result) {
    sum += value - 1;
    squares += (value - 1) * (value - 1);
    beyond += std::abs(value - 1) > 1;
  }
  const auto n = static_cast<double>(result.size());
  CHECK(std::abs(sum / n) < 0.012);
  CHECK(std::sqrt(squares / n) == doctest::Approx(0.5).epsilon(0.02));
  CHECK(beyond / n == doctest::Approx(0.0455).epsilon(0.1).scale(0));
}

TEST_CASE("the loader augments before it normalizes, and restarts in the middle of an epoch") {
  Rng source(4);
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 40 * 30; ++i) bytes.push_back(static_cast<uint8_t>(source.below(256)));
  const data::Dataset plain =
      data::Dataset::of_bytes(bytes, {1, 6, 5}, std::vector<int64_t>(40), 1);
  const data::Dataset dataset = plain.normalized({{0.5}, {0.25}});
  const auto batches = [](const data::Dataset& images, int64_t start) {
    Rng rng(3);
    std::vector<Values> all;
    const auto transform = augment("rotate,shift,elastic:8/2,noise");
    for (auto [batch, labels] :
         data::Loader(images, {.batch_size = 7, .start = start, .transform = transform}, rng))
      all.push_back(batch.to_vector<float>());
    return all;
  };
  const std::vector<Values> whole = batches(dataset, 0), raw = batches(plain, 0);
  CHECK(batches(dataset, 3) == std::vector<Values>(whole.begin() + 3, whole.end()));
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (std::size_t j = 0; j < whole[i].size(); ++j)
      CHECK(whole[i][j] == doctest::Approx((raw[i][j] - 0.5) / 0.25).epsilon(1e-5));
}

TEST_CASE("wrong texts of augmentations are refused") {
  CHECK_THROWS_WITH_AS(augment("rotat:10"), "unknown augmentation 'rotat': did you mean rotate?",
                       std::invalid_argument);
  CHECK_THROWS_WITH(augment(""), "[augment] a name is missing at character 1");
  CHECK_THROWS_WITH(augment("shift,,flip"), "[augment] a name is missing at character 7");
  CHECK_THROWS_WITH(augment("shift:"), "[augment] an argument of shift is missing at character 7");
  CHECK_THROWS_WITH(augment("rotate:181"),
                    "[rotate] degrees must be in [0, 180], got '181' at character 8");
  CHECK_THROWS_WITH(augment("rotate:-1"),
                    "[rotate] degrees must be in [0, 180], got '-1' at character 8");
  CHECK_THROWS_WITH(augment("shift:2px"),
                    "[shift] pixels must be in [0, 1000], got '2px' at character 7");
  CHECK_THROWS_WITH(augment("zoom:1"), "[zoom] part must be in [0, 1), got '1' at character 6");
  CHECK_THROWS_WITH(augment("flip:1"),
                    "[flip] probability must be in [0, 1), got '1' at character 6");
  CHECK_THROWS_WITH(augment("erase:nan"),
                    "[erase] probability must be in [0, 1), got 'nan' at character 7");
  CHECK_THROWS_WITH(augment("erase:0.5/0.4/0.2"),
                    "[erase] smallest must be at most largest, got 0.4 and 0.2");
  CHECK_THROWS_WITH(augment("elastic:34/0"),
                    "[elastic] sigma must be in [0.1, 100], got '0' at character 12");
  CHECK_THROWS_WITH(
      augment("elastic:1/2/3"),
      "[elastic] '3' is one argument too many at character 13; it takes alpha=34, sigma=4");
  CHECK_THROWS_WITH(
      augment("crop:1.5"),
      "[crop] padding must be a whole number from 0 to 1000, got '1.5' at character 6");
}

TEST_CASE("augmentation refuses inputs that aren't images") {
  Rng rng(1);
  CHECK_THROWS_WITH(augment("flip")(Tensor::zeros({8, 5}), rng),
                    "[augment] images must be (N, C, H, W), got (8, 5)");
}
