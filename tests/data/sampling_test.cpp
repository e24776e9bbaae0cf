#include "data/sampling.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "data/loader.hpp"

using namespace gradus;
using data::Dataset;
using data::Fold;

namespace {

using Indices = std::vector<int64_t>;

// Classes 0, 1 and 3 of 4, with 80, 15 and 5 samples; sample i has the feature i.
Dataset unequal() {
  Indices labels(100, 0);
  std::fill(labels.begin() + 80, labels.begin() + 95, 1);
  std::fill(labels.begin() + 95, labels.end(), 3);
  std::vector<float> values(100);
  std::iota(values.begin(), values.end(), 0.f);
  return Dataset::of_features(values, 1, labels, 4);
}

std::map<int64_t, int64_t> classes_of(const Dataset& dataset, const Indices& indices) {
  std::map<int64_t, int64_t> counts;
  for (const int64_t label : dataset.subset(indices).labels().to_vector<int64_t>()) ++counts[label];
  return counts;
}

void check_partition(const std::vector<Fold>& folds, int64_t n) {
  Indices all(static_cast<std::size_t>(n)), tested;
  std::iota(all.begin(), all.end(), 0);
  for (const auto& [train, test] : folds) {
    Indices both = train;
    both.insert(both.end(), test.begin(), test.end());
    std::sort(both.begin(), both.end());
    CHECK(both == all);
    tested.insert(tested.end(), test.begin(), test.end());
  }
  std::sort(tested.begin(), tested.end());
  CHECK(tested == all);
}

}  // namespace

TEST_CASE("a balanced order has equal shares of all classes that occur") {
  const Dataset dataset = unequal();
  Rng rng(1);
  const Indices order = balanced_order(dataset, rng);
  CHECK(order.size() == 100);
  auto counts = classes_of(dataset, order);
  CHECK(counts.size() == 3);
  for (const auto& [label, count] : counts) CHECK(std::abs(count - 33) <= 1);
  std::map<int64_t, int64_t> times;
  for (const int64_t index : order) ++times[index];
  for (int64_t index = 95; index < 100; ++index) CHECK(times[index] >= 6);
  for (int64_t index = 0; index < 80; ++index) CHECK(times[index] <= 1);
  CHECK(balanced_order(dataset, rng) != order);
}

TEST_CASE("a loader can balance its epochs, which must be shuffled then") {
  Rng rng(1);
  std::vector<int64_t> counts(4);
  for (auto [x, labels] : data::Loader(unequal(), {.batch_size = 9, .balanced = true}, rng))
    for (const int64_t label : labels.to_vector<int64_t>())
      ++counts[static_cast<std::size_t>(label)];
  CHECK(*std::max_element(counts.begin(), counts.end()) <= 34);
  CHECK(counts[2] == 0);
  CHECK_THROWS_WITH(data::Loader(unequal(), {.shuffle = false, .balanced = true}, rng),
                    "[loader] balanced needs shuffle");
}

TEST_CASE("k folds test each sample once, in parts that differ by one at most") {
  Rng rng(1);
  const std::vector<Fold> folds = data::k_fold(11, 4, rng);
  CHECK(folds.size() == 4);
  check_partition(folds, 11);
  for (const Fold& fold : folds) CHECK((fold.test.size() == 2 || fold.test.size() == 3));
  CHECK_FALSE(std::is_sorted(folds[0].train.begin(), folds[0].train.end()));
  CHECK(data::k_fold(11, 4, rng)[0].test != folds[0].test);
}

TEST_CASE("stratified folds spread every class evenly") {
  const Dataset dataset = unequal();
  Rng rng(1);
  const std::vector<Fold> folds = data::stratified_k_fold(dataset, 5, rng);
  check_partition(folds, 100);
  for (const Fold& fold : folds)
    CHECK(classes_of(dataset, fold.test) == std::map<int64_t, int64_t>{{0, 16}, {1, 3}, {3, 1}});
}

TEST_CASE("cross-validation needs 2 folds and a sample for each") {
  Rng rng(1);
  CHECK_THROWS_WITH_AS(data::k_fold(10, 1, rng),
                       "[k_fold] k must be 2 to 10, the number of samples, got 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH(data::k_fold(3, 4, rng),
                    "[k_fold] k must be 2 to 3, the number of samples, got 4");
}

TEST_CASE("a fold is normalized by its training part, whatever the whole was normalized by") {
  std::vector<float> values;
  std::vector<int64_t> labels;
  for (int i = 0; i < 12; ++i) {
    values.push_back(static_cast<float>(i * i));
    labels.push_back(i % 2);
  }
  const Dataset plain = Dataset::of_features(values, 1, labels, 2),
                all = plain.normalized(plain.statistics());
  Rng rng(2);
  for (const Fold& fold : data::k_fold(12, 3, rng)) {
    const auto [train, test] = all.split(fold);
    CHECK(train.size() == 8);
    CHECK(test.size() == 4);
    CHECK(train.normalization() == plain.subset(fold.train).statistics());
    CHECK(test.normalization() == train.normalization());
  }
}

TEST_CASE("stratified_split holds out every class in proportion") {
  // 40, 20, 7 and 3 samples: a tenth is 7 of 70, with shares of 4, 2, 0.7 and 0.3.
  std::vector<int64_t> labels;
  for (const auto& [label, count] : {std::pair(0, 40), {1, 20}, {2, 7}, {3, 3}})
    labels.insert(labels.end(), static_cast<std::size_t>(count), label);
  std::vector<float> values(labels.size());
  std::iota(values.begin(), values.end(), 0.f);
  const data::Dataset dataset = data::Dataset::of_features(values, 1, labels, 4);
  Rng rng(5), same(5), other(6);
  const data::Split split = data::stratified_split(dataset, 0.1, rng);
  const auto counts = [](const data::Dataset& part) {
    std::vector<int64_t> result(4);
    for (const int64_t label : part.labels().to_vector<int64_t>())
      ++result[static_cast<std::size_t>(label)];
    return result;
  };
  CHECK(counts(split.test) == std::vector<int64_t>{4, 2, 1, 0});
  CHECK(counts(split.train) == std::vector<int64_t>{36, 18, 6, 3});
  const auto samples = [](const data::Dataset& part) {
    return part.batch(0, part.size()).inputs.to_vector<float>();
  };
  std::vector<float> all = samples(split.train);
  CHECK(std::ranges::is_sorted(all));
  for (const float value : samples(split.test)) all.push_back(value);
  std::ranges::sort(all);
  CHECK(all == values);
  CHECK(samples(data::stratified_split(dataset, 0.1, same).test) == samples(split.test));
  CHECK(samples(data::stratified_split(dataset, 0.1, other).test) != samples(split.test));

  CHECK_THROWS_WITH(
      data::stratified_split(dataset, 0.001, rng),
      "[stratified_split] both parts must have at least one sample: fraction 0.001 of "
      "70 samples");
  CHECK_THROWS_WITH(
      data::stratified_split(dataset, 0, rng),
      "[stratified_split] the fraction of held-out samples must be above 0 and below 1, got 0");
}
