// Exercise 11.4: the convolution of a layer, by loops.
#include <gradus.hpp>

namespace gd = gradus;

// The formula of a layer with stride s and padding p: x is one image (C, H, W), w is (K, C, f, f),
// b is (K). The result is (K, H', W'); the chapter has the formula of the sizes too. What is beyond
// the border is 0. x.data<float>() points to the numbers of x, row by row: x[c, i, j] is number
// (c·H + i)·W + j. gd::Tensor::from(y, {2, 3, 4}) makes a tensor of a std::vector<float> y with 24
// numbers.
gd::Tensor convolution(const gd::Tensor& x, const gd::Tensor& w, const gd::Tensor& b, int64_t s,
                       int64_t p) {
  return {};
}
