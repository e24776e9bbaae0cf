// Exercise 3.2: neurons that start equal, and which of them stay equal.
#include <gradus.hpp>

namespace gd = gradus;

// ∂L/∂W of the model of the chapter where all weights are 0, by hand: (784, 10). The chain rule
// gives ∂L/∂W = xᵀ·∂L/∂z. images: f32 (N, 784); labels: i64 (N). gd::transpose(x, 0, 1) is xᵀ.
gd::Tensor first_gradient(const gd::Tensor& images, const gd::Tensor& labels) {
  return {};
}

// Whether the neurons i and j, which start with weights 0, still have equal weights after training
// on images with these labels only. labels: i64 (N); labels.to_vector<int64_t>() has its numbers.
bool stay_equal(int64_t i, int64_t j, const gd::Tensor& labels) {
  return false;
}
