// Hint: with weights 0 all scores are 0: what are the probabilities? Two neurons stay equal if
// their gradients are equal in each step. They get the same images: what differs is p − t.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static gd::Tensor column(const gd::Tensor& w, int64_t i) {
  return gd::slice(w, 1, i, i + 1);
}

static gd::Tensor train(const gd::Tensor& images, const gd::Tensor& labels) {
  gd::Tensor w = gd::Tensor::zeros({28 * 28, 10}).set_requires_grad();
  gd::optim::SGD optimizer({{"w", w}}, {.lr = 0.01});
  for (int step = 0; step < 10; ++step) {
    optimizer.zero_grad();
    gd::cross_entropy(gd::matmul(images, w), labels).backward();
    optimizer.step();
  }
  return w.detach();
}

static void check_gradient(const gd::Tensor& images, const gd::Tensor& labels) {
  const gd::Tensor got = first_gradient(images, labels);
  const gd::Tensor w = gd::Tensor::zeros({28 * 28, 10}).set_requires_grad();
  gd::cross_entropy(gd::matmul(images, w), labels).backward();
  exercise::expect_near(
      fmt::format("first_gradient for the first {} digits of the data", labels.numel()), got,
      w.grad());
  for (int64_t i = 0; i < 10 && labels.numel() == 100; ++i)
    for (int64_t j = 0; j < i; ++j)
      exercise::expect(gd::amax(gd::abs(column(got, i) - column(got, j))).item() > 1e-3,
                       fmt::format("the columns {} and {} of first_gradient should differ", i, j));
}

void check() {
  const auto digits = gd::data::digits().train;
  const auto [squares, labels] = digits.batch(0, 100);
  const gd::Tensor images = gd::flatten(squares, 1);
  check_gradient(gd::slice(images, 0, 0, 2), gd::slice(labels, 0, 0, 2));
  check_gradient(images, labels);

  for (const std::vector<int64_t>& present :
       {std::vector<int64_t>{3, 5}, {0, 1, 2, 3, 4, 5, 6, 7, 8}, {7}}) {
    std::vector<int64_t> places;
    const auto all = digits.labels().to_vector<int64_t>();
    for (std::size_t i = 0; i < all.size() && places.size() < 100; ++i)
      if (std::find(present.begin(), present.end(), all[i]) != present.end())
        places.push_back(static_cast<int64_t>(i));
    const auto [some_squares, some_labels] = digits.batch(places);
    const gd::Tensor w = train(gd::flatten(some_squares, 1), some_labels);
    for (int64_t i = 0; i < 10; ++i)
      for (int64_t j = 0; j < 10; ++j) {
        const bool equal = gd::amax(gd::abs(column(w, i) - column(w, j))).item() < 1e-6;
        exercise::expect(
            stay_equal(i, j, some_labels) == equal,
            fmt::format("after training on images of the digits {} the neurons {} and {} are {}, "
                        "stay_equal says the opposite",
                        present, i, j, equal ? "equal" : "different"));
      }
  }
}
