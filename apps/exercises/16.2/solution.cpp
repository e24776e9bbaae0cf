// Exercise 16.2: the confusion matrix and what it says.
#include <gradus.hpp>

namespace gd = gradus;

using Matrix = std::vector<std::vector<int64_t>>;

// Row t, column p: how many samples of class t were predicted as class p. All classes are 0 …
// classes − 1.
Matrix confusion(const std::vector<int64_t>& targets, const std::vector<int64_t>& predictions,
                 int64_t classes) {
  Matrix result(classes, std::vector<int64_t>(classes));
  for (std::size_t i = 0; i < targets.size(); ++i) ++result[targets[i]][predictions[i]];
  return result;
}

// The recall of a class: the part of its samples that were predicted as it.
double recall(const Matrix& matrix, int64_t label) {
  double samples = 0;
  for (const int64_t count : matrix[label]) samples += static_cast<double>(count);
  return static_cast<double>(matrix[label][label]) / samples;
}

// The precision of a class: the part of the samples predicted as it that belong to it.
double precision(const Matrix& matrix, int64_t label) {
  double predicted = 0;
  for (const auto& row : matrix) predicted += static_cast<double>(row[label]);
  return static_cast<double>(matrix[label][label]) / predicted;
}

// The two classes a < b that are confused most often: a taken for b and b taken for a together.
std::pair<int64_t, int64_t> most_confused(const Matrix& matrix) {
  std::pair<int64_t, int64_t> result{0, 1};
  const auto times = [&](int64_t a, int64_t b) { return matrix[a][b] + matrix[b][a]; };
  const auto classes = static_cast<int64_t>(matrix.size());
  for (int64_t a = 0; a < classes; ++a)
    for (int64_t b = a + 1; b < classes; ++b)
      if (times(a, b) > times(result.first, result.second)) result = {a, b};
  return result;
}
