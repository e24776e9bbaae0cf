#include "data/loader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "core/ops/elementwise.hpp"
#include "tests/data/numbered.hpp"

using namespace gradus;
using data::Batch;
using data::Dataset;
using data::Loader;
using data::LoaderOptions;
using data::numbered;

namespace {

using Epoch = std::vector<std::vector<float>>;  // the features of each batch

Epoch epoch_of(Loader& loader) {
  Epoch epoch;
  for (auto [images, labels] : loader) {
    CHECK(labels.numel() == images.size(0));
    epoch.push_back(images.to_vector<float>());
  }
  return epoch;
}

std::vector<float> sorted(const Epoch& epoch) {
  std::vector<float> all;
  for (const auto& batch : epoch) all.insert(all.end(), batch.begin(), batch.end());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("without shuffling the batches come in the data's order, the last one smaller") {
  Rng rng(1);
  Loader loader(numbered(7), {.batch_size = 3, .shuffle = false}, rng);
  CHECK(loader.size() == 3);
  CHECK(epoch_of(loader) == Epoch{{0, 1, 2}, {3, 4, 5}, {6}});
}

TEST_CASE("drop_last leaves out a smaller last batch, and only that") {
  Rng rng(1);
  Loader seven(numbered(7), {.batch_size = 3, .shuffle = false, .drop_last = true}, rng);
  CHECK(seven.size() == 2);
  CHECK(epoch_of(seven) == Epoch{{0, 1, 2}, {3, 4, 5}});
  Loader six(numbered(6), {.batch_size = 3, .shuffle = false, .drop_last = true}, rng);
  CHECK(epoch_of(six).size() == 2);
}

TEST_CASE("every epoch has each sample once, in a new order") {
  Rng rng(1);
  Loader loader(numbered(100), {.batch_size = 8}, rng);
  const Epoch first = epoch_of(loader), second = epoch_of(loader);
  CHECK(first.size() == 13);
  CHECK(first != second);
  CHECK_FALSE(std::is_sorted(first[0].begin(), first[0].end()));
  std::vector<float> all(100);
  std::iota(all.begin(), all.end(), 0.f);
  CHECK(sorted(first) == all);
  CHECK(sorted(second) == all);
}

TEST_CASE("an epoch depends on the generator's state at its begin alone") {
  Rng rng(1);
  Loader loader(numbered(50), {.batch_size = 8}, rng);
  epoch_of(loader);
  Rng copy(rng.state());
  const Epoch second = epoch_of(loader);
  Loader other(numbered(50), {.batch_size = 8}, copy);
  CHECK(epoch_of(other) == second);
  CHECK(copy.state() == rng.state());
}

TEST_CASE("start resumes inside the first epoch, the transform's random numbers included") {
  const auto noisy = [](const Tensor& images, Rng& rng) {
    return images + randn(images.shape(), rng);
  };
  Rng rng(1), again(1);
  Loader whole(numbered(20), {.batch_size = 3, .transform = noisy}, rng);
  Loader resumed(numbered(20), {.batch_size = 3, .start = 4, .transform = noisy}, again);
  Epoch expected = epoch_of(whole);
  CHECK(resumed.size() == 7);
  CHECK(epoch_of(resumed) == Epoch(expected.begin() + 4, expected.end()));
  CHECK(epoch_of(resumed) == epoch_of(whole));
}

TEST_CASE("an epoch may be left in the middle, and begun again") {
  Rng rng(1);
  Loader loader(numbered(1000), {.batch_size = 1}, rng);
  for (int round = 0; round < 20; ++round) {
    int count = 0;
    for (auto [images, labels] : loader)
      if (++count == round) break;
  }
  CHECK(epoch_of(loader).size() == 1000);
  { Loader never_used(numbered(10), {}, rng); }
  {
    Loader left(numbered(1000), {.batch_size = 1}, rng);
    left.begin();
  }
}

TEST_CASE("a batch outlives its loader and may be looked at twice") {
  Rng rng(1);
  Tensor kept;
  {
    Loader loader(numbered(4), {.batch_size = 2, .shuffle = false}, rng);
    auto batch = loader.begin();
    CHECK((*batch).inputs.is_same((*batch).inputs));
    ++batch;
    kept = (*batch).inputs;
    ++batch;
    CHECK(batch == loader.end());
  }
  CHECK(kept.to_vector<float>() == std::vector<float>{2, 3});
}

TEST_CASE("an exception of the loader's thread reaches the loop after the batches before it") {
  Rng rng(1);
  const auto failing = [](const Tensor& images, Rng&) -> Tensor {
    if (images.to_vector<float>()[0] == 6) throw std::runtime_error("image 6 is damaged");
    return images;
  };
  Loader loader(numbered(20), {.batch_size = 2, .shuffle = false, .transform = failing}, rng);
  int delivered = 0;
  const auto run = [&] {
    for (auto [images, labels] : loader) ++delivered;
  };
  CHECK_THROWS_WITH_AS(run(), "image 6 is damaged", std::runtime_error);
  CHECK(delivered == 3);
}

TEST_CASE("a loader's memory comes back for the next batches") {
  Rng rng(1);
  Loader loader(numbered(4096), {.batch_size = 16}, rng);
  const std::size_t before = memory_stats().system_allocations;
  epoch_of(loader);
  epoch_of(loader);
  // Of 512 batches, of two tensors each, as many as are alive at once take new memory: three in
  // the queue, one being made, one waiting in the loop's hand and one in its body.
  CHECK(memory_stats().system_allocations - before <= 2 * 6);
}

TEST_CASE("a loader refuses options out of range") {
  Rng rng(1);
  const auto make = [&](const LoaderOptions& options) { Loader(numbered(10), options, rng); };
  CHECK_THROWS_WITH_AS(make({.batch_size = 0}), "[loader] batch_size must be 1 or more, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH(make({.batch_size = 5, .start = 3}),
                    "[loader] start must be 0 to 2, the number of batches, got 3");
  CHECK_THROWS_WITH(make({.start = -1}),
                    "[loader] start must be 0 to 1, the number of batches, got -1");
  CHECK_THROWS_WITH(make({.batch_size = 11, .drop_last = true}),
                    "[loader] drop_last leaves no batch: batch_size 11, 10 samples");
}
