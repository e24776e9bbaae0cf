// Exercise 16.2: the confusion matrix and what it says.
#include <gradus.hpp>

namespace gd = gradus;

using Matrix = std::vector<std::vector<int64_t>>;

// Row t, column p: how many samples of class t were predicted as class p. All classes are 0 …
// classes − 1.
Matrix confusion(const std::vector<int64_t>& targets, const std::vector<int64_t>& predictions,
                 int64_t classes) {
  return Matrix(classes, std::vector<int64_t>(classes));
}

// The recall of a class: the part of its samples that were predicted as it.
double recall(const Matrix& matrix, int64_t label) {
  return 0;
}

// The precision of a class: the part of the samples predicted as it that belong to it.
double precision(const Matrix& matrix, int64_t label) {
  return 0;
}

// The two classes a < b that are confused most often: a taken for b and b taken for a together.
std::pair<int64_t, int64_t> most_confused(const Matrix& matrix) {
  return {0, 0};
}
