// Hint: go through the samples in random order and collect those of each class. Then deal them out
// like cards: fold 0, 1, …, k − 1, 0, … The next class continues where the last one ended, or the
// first folds become larger than the others.
#include <set>

#include "apps/exercises/exercise.hpp"
#include EXERCISE

// Whether a fold has too many or too few of the samples of this class; -1 stands for all classes.
static void expect_even(const std::string& name, const std::vector<int64_t>& labels,
                        const std::vector<int64_t>& fold_of, int64_t k, int64_t label) {
  std::vector<int64_t> counts(static_cast<std::size_t>(k));
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (label < 0 || labels[i] == label) ++counts[static_cast<std::size_t>(fold_of[i])];
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  const std::string what = label < 0 ? "samples" : fmt::format("samples of class {}", label);
  exercise::expect(*most - *least <= 1,
                   fmt::format("{}: the folds have {} {}, these should differ by at most 1", name,
                               fmt::join(counts, ", "), what));
}

static void check_folds(const std::vector<int64_t>& labels, int64_t k) {
  const std::string name = fmt::format("folds of {} samples, k = {}", labels.size(), k);
  gd::Rng rng(1), other(2);
  const std::vector<int64_t> fold_of = folds(labels, k, rng);
  exercise::expect(
      fold_of.size() == labels.size(),
      fmt::format("{} has {} elements, it should have {}", name, fold_of.size(), labels.size()));
  for (const int64_t fold : fold_of)
    exercise::expect(fold >= 0 && fold < k, fmt::format("{} has fold {}, there are the folds 0 to "
                                                        "{}",
                                                        name, fold, k - 1));
  for (const int64_t label : std::set(labels.begin(), labels.end()))
    expect_even(name, labels, fold_of, k, label);
  expect_even(name, labels, fold_of, k, -1);
  exercise::expect(folds(labels, k, other) != fold_of,
                   name + ": two seeds give the same folds, they should be random");

  for (int64_t fold = 0; fold < k; ++fold) {
    std::vector<int64_t> right;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (fold_of[i] != fold) right.push_back(static_cast<int64_t>(i));
    exercise::expect(training_part(fold_of, fold) == right,
                     fmt::format("{}: training_part for fold {} should be the samples of the other "
                                 "folds, in order",
                                 name, fold));
  }
}

void check() {
  gd::Rng rng(1);
  std::vector<int64_t> rare, sorted;  // a class with 5 %; classes one after another
  for (int i = 0; i < 200; ++i) rare.push_back(rng.uniform() < 0.05 ? 1 : 0);
  for (int64_t label = 0; label < 10; ++label) sorted.insert(sorted.end(), 21 + label, label);
  check_folds(rare, 5);
  check_folds(sorted, 10);
  check_folds(sorted, 2);
}
