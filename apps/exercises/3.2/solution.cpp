// Exercise 3.2: neurons that start equal, and which of them stay equal.
#include <gradus.hpp>

namespace gd = gradus;

// ∂L/∂W of the model of the chapter where all weights are 0: all probabilities are 1/10. The
// columns differ by their targets, t.
gd::Tensor first_gradient(const gd::Tensor& images, const gd::Tensor& labels) {
  const gd::Tensor difference = 0.1 - gd::one_hot(labels, 10);
  return gd::matmul(gd::transpose(images, 0, 1), difference) / static_cast<double>(images.size(0));
}

// Whether the neurons i and j, which start with weights 0, still have equal weights after training
// on images with these labels only: two digits that never occur have the same target, 0, for each
// image. With equal scores they have equal gradients, in each step.
bool stay_equal(int64_t i, int64_t j, const gd::Tensor& labels) {
  const auto occurs = [numbers = labels.to_vector<int64_t>()](int64_t digit) {
    return std::find(numbers.begin(), numbers.end(), digit) != numbers.end();
  };
  return i == j || (!occurs(i) && !occurs(j));
}
