// permutation_importance: how much worse a model's score gets when a column is shuffled.
#pragma once

#include "layers/module.hpp"
#include "train/task.hpp"

namespace gradus::train {

/// The features [first, last) of a column: several for a category or a number that may be missing,
/// as in TableEncoding::column_ranges().
using FeatureRange = std::pair<int64_t, int64_t>;

/// How much a column matters to a model.
struct ColumnImportance {
  int64_t column = 0;    ///< its index in `columns`
  double mean = 0;       ///< over the shuffles; positive: the score gets worse
  double deviation = 0;  ///< standard deviation over the shuffles; NaN for one
};

/// Options of permutation_importance().
struct ImportanceOptions {
  Loss loss = {};               ///< reads the outputs; default: that of the data set's task
  int64_t repeats = 5;          ///< shuffles of each column; 1 or more
  int64_t most_samples = 2000;  ///< draws as many without replacement if there are more; 1 or more
  /// Bounds columns·repeats·samples by taking fewer samples, but not below 50; 1 or more.
  int64_t most_predictions = 100'000;
};

/// How much worse the task's EpochScore S gets when the values of a column are shuffled among the
/// samples, so that they say nothing about the target any more:
///
///     S(y, f(X)) − S(y, f(X with column j shuffled)) for an accuracy, the reverse for an error
///
/// (Breiman 2001, "Random forests"; Fisher, Rudin and Dominici 2019, "All models are wrong, but
/// many are useful"). The features of a column move together. It is what this model loses: of two
/// columns that say the same, either may seem unimportant. Around 0, also slightly below it, for a
/// column that doesn't matter; exactly 0 for one that the model doesn't use.
///
/// Samples without weight are left out, the others count by their weight. The model is in
/// evaluation mode without gradients, and doesn't change. The results are in the order of the
/// columns. Shuffle r of a column draws from rng.fork(1 + first).fork(r), the samples from
/// rng.fork(0): they are the same for any number of threads, and for any order of the columns.
/// Throws std::invalid_argument for options that are out of range, samples that aren't features, or
/// columns of other features.
std::vector<ColumnImportance> permutation_importance(layers::Module& model,
                                                     const data::Dataset& dataset,
                                                     std::span<const FeatureRange> columns,
                                                     const ImportanceOptions& options,
                                                     const Rng& rng);

/// The number of samples that permutation_importance() takes of `size` for so many columns.
int64_t importance_samples(int64_t size, int64_t columns, const ImportanceOptions& options);

namespace detail {
// Shared with explain().

/// Throws std::invalid_argument unless 0 ≤ first ≤ last ≤ features for each column.
void require_columns(const char* operation, std::span<const FeatureRange> columns,
                     int64_t features);
/// The model's outputs for inputs (N, F), of which it gets at most 512 at once.
Tensor outputs_in_parts(layers::Module& model, const Tensor& inputs);
}  // namespace detail

}  // namespace gradus::train
