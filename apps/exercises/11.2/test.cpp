// Hint: output i is the sum of filter[u]·x[i + u] over u, so filter[u] stands in row i and column
// i + u. Write the numbers into a std::vector<float> row by row, then gd::Tensor::from(numbers,
// {rows, columns}); or begin with gd::Tensor::zeros and use matrix.assign({row, column}, number).
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  // For (−1, 0, 1) and five inputs.
  const gd::Tensor matrix = gd::Tensor::from(
      {{-1.f, 0.f, 1.f, 0.f, 0.f}, {0.f, -1.f, 0.f, 1.f, 0.f}, {0.f, 0.f, -1.f, 0.f, 1.f}});
  exercise::expect_near("matrix_of({-1, 0, 1}, 5)", matrix_of({-1, 0, 1}, 5), matrix);
  const gd::Tensor squares = gd::Tensor::from({1.f, 4.f, 9.f, 16.f, 25.f});
  exercise::expect_near("matrix_of({-1, 0, 1}, 5) times (1, 4, 9, 16, 25)",
                        gd::matmul(matrix_of({-1, 0, 1}, 5), squares),
                        gd::Tensor::from({8.f, 12.f, 16.f}));

  gd::Rng rng(1);
  for (const auto& [size, inputs] : {std::pair{1, 3}, {2, 3}, {3, 10}, {4, 4}, {5, 12}}) {
    const gd::Tensor filter = gd::randn({size}, rng), x = gd::randn({inputs}, rng);
    const gd::Tensor right = gd::conv1d(gd::reshape(x, {1, 1, inputs}),  //
                                        gd::reshape(filter, {1, 1, size}));
    const gd::Tensor of_filter = matrix_of(filter.to_vector<float>(), inputs);
    const std::string name = fmt::format("matrix_of(a filter of {}, {})", size, inputs);
    exercise::expect(
        of_filter.defined() && of_filter.shape() == gd::Shape{inputs - size + 1, inputs},
        name + fmt::format(" should have the shape ({}, {})", inputs - size + 1, inputs));
    exercise::expect_near(name + " times x", gd::matmul(of_filter, x),
                          gd::reshape(right, {inputs - size + 1}));
  }
}
