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
  const int64_t channels = x.size(0), height = x.size(1), width = x.size(2);
  const int64_t filters = w.size(0), f = w.size(2);
  const int64_t rows = (height + 2 * p - f) / s + 1, columns = (width + 2 * p - f) / s + 1;
  const float *xs = x.data<float>(), *ws = w.data<float>(), *bs = b.data<float>();
  std::vector<float> y;
  for (int64_t k = 0; k < filters; ++k)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        double sum = bs[k];
        for (int64_t c = 0; c < channels; ++c)
          for (int64_t u = 0; u < f; ++u)
            for (int64_t v = 0; v < f; ++v) {
              const int64_t row = s * i + u - p, column = s * j + v - p;
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              sum += ws[((k * channels + c) * f + u) * f + v] *
                     xs[(c * height + row) * width + column];
            }
        y.push_back(static_cast<float>(sum));
      }
  return gd::Tensor::from(y, {filters, rows, columns});
}
