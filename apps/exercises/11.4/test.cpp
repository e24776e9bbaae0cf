// Hint: six loops, over k, i, j, c, u and v. The row in the image is s·i + u − p; skip it if it is
// negative or at least H, and the column likewise. Collect the results in a std::vector<float> y,
// then return gd::Tensor::from(y, {filters, rows, columns}).
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto expect_right = [](const std::string& name, const gd::Tensor& x, const gd::Tensor& w,
                               const gd::Tensor& b, int64_t s, int64_t p) {
    const gd::Tensor right =
        gd::squeeze(gd::conv2d(gd::unsqueeze(x, 0), w, b, {.stride = s, .padding = p}), 0);
    exercise::expect_near(fmt::format("convolution of {} with s = {} and p = {}", name, s, p),
                          convolution(x, w, b, s, p), right, 1e-4);
  };
  // 1 … 9 in a square, and a filter whose four numbers are different.
  const gd::Tensor square = gd::Tensor::arange(9, gd::DType::f32).reshape({1, 3, 3}) + 1.0;
  const gd::Tensor filter = gd::Tensor::from({1.f, 0.f, -1.f, 2.f}).reshape({1, 1, 2, 2});
  const gd::Tensor none = gd::Tensor::zeros({1});
  exercise::expect_near("convolution of 1 … 9 with the filter (1, 0), (−1, 2)",
                        convolution(square, filter, none, 1, 0),
                        gd::Tensor::from({{{7.f, 9.f}, {13.f, 15.f}}}));
  expect_right("1 … 9", square, filter, none, 1, 1);
  expect_right("1 … 9", square, filter, none, 2, 0);
  expect_right("1 … 9", square, filter, gd::Tensor::from({10.f}), 1, 0);

  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({3, 7, 9}, rng), b = gd::randn({4}, rng);
  for (const int64_t f : {1, 3})
    for (const int64_t s : {1, 2, 3})
      for (const int64_t p : {0, 1, 2})
        expect_right(fmt::format("(3, 7, 9) with a kernel of {}", f), x,
                     gd::randn({4, 3, f, f}, rng), b, s, p);
}
