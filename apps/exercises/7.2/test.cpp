// Hint: train first: gd::linear(x, w, b) is x·wᵀ + b. An optimizer takes names and tensors, as in
// chapter 2: {{"w1", first}, {"b1", b1}, …}, each with set_requires_grad(). Then count: weight[i]
// is row i, and gd::amax(gd::abs(a - b)).item() is the largest difference of two rows.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

// By the formulas of chapter 4, without autograd.
static gd::Tensor right_weight(gd::Tensor w1, gd::Tensor w2, const gd::Tensor& x,
                               const gd::Tensor& labels) {
  gd::Tensor b1 = gd::Tensor::zeros({w1.size(0)}), b2 = gd::Tensor::zeros({w2.size(0)});
  const auto transposed = [](const gd::Tensor& w) { return gd::transpose(w, 0, 1); };
  for (int step = 0; step < 50; ++step) {
    const gd::Tensor z = gd::linear(x, w1, b1), h = gd::relu(z);
    const gd::Tensor p = gd::softmax(gd::linear(h, w2, b2), 1);
    const gd::Tensor by_y = (p - gd::one_hot(labels, w2.size(0))) / static_cast<double>(x.size(0));
    const gd::Tensor by_z = gd::where(z > 0.0, gd::matmul(by_y, w2), 0.0);
    w1 = w1 - 0.5 * gd::matmul(transposed(by_z), x);
    b1 = b1 - 0.5 * gd::sum(by_z, {0});
    w2 = w2 - 0.5 * gd::matmul(transposed(by_y), h);
    b2 = b2 - 0.5 * gd::sum(by_y, {0});
  }
  return w1;
}

static void expect_rows(const char* rows, const gd::Tensor& weight, int64_t right) {
  const int64_t got = different_rows(weight);
  exercise::expect(got == right,
                   fmt::format("the number of different rows of {} is {}, different_rows says {}",
                               rows, right, got));
}

static void check_rows() {
  expect_rows("(1, 2), (1, 2), (1, 2)", gd::Tensor::from({{1.f, 2.f}, {1.f, 2.f}, {1.f, 2.f}}), 1);
  expect_rows("(1, 2), (2, 1), (1, 2)", gd::Tensor::from({{1.f, 2.f}, {2.f, 1.f}, {1.f, 2.f}}), 2);
  expect_rows("(1, 2), (1, 2.00001), (1, 3)",
              gd::Tensor::from({{1.f, 2.f}, {1.f, 2.00001f}, {1.f, 3.f}}), 2);
  expect_rows("(1, 2), (1, 0), (0, 2), (0, 0)",
              gd::Tensor::from({{1.f, 2.f}, {1.f, 0.f}, {0.f, 2.f}, {0.f, 0.f}}), 4);
}

void check() {
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({32, 4}, rng);
  const gd::Tensor labels = gd::argmax(gd::slice(x, 1, 0, 3), 1);
  const gd::Tensor same1 = gd::Tensor::full({8, 4}, 0.1), same2 = gd::Tensor::full({3, 8}, 0.1);
  const gd::Tensor random1 = gd::randn({8, 4}, rng), random2 = gd::randn({3, 8}, rng);
  struct Case {
    const char* name;
    gd::Tensor w1, w2;
    int64_t rows;
  };
  const std::vector<Case> cases{{"W₁ and W₂ are 0.1", same1, same2, 1},
                                {"only W₁ is random", random1, same2, 8},
                                {"only W₂ is random", same1, random2, 8}};
  std::vector<gd::Tensor> trained;
  for (const auto& [name, w1, w2, rows] : cases) {
    const gd::Tensor before = w1.clone(), right = right_weight(w1, w2, x, labels);
    const gd::Tensor after = first_weight_after_training(w1, w2, x, labels);
    const std::string start = fmt::format("where at the start {}", name);
    exercise::expect(gd::amax(gd::abs(w1 - before)).item() == 0,
                     "the initial weight w1 was changed: train a copy of it, w1.clone()");
    exercise::expect_near("W₁ after training, " + start + ",", after, right, 1e-3);
    exercise::expect(gd::amax(gd::abs(after - before)).item() > 0.01,
                     "W₁ should change by training, " + start);
    if (rows == 1)
      exercise::expect(gd::amax(gd::abs(after - after[0])).item() < 1e-5,
                       "all rows of W₁ should be the same, " + start);
    trained.push_back(after);
  }
  check_rows();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const int64_t got = different_rows(trained[i]);
    fmt::print("{:<18} number of different units after training: {}\n", cases[i].name, got);
    exercise::expect(got == cases[i].rows,
                     fmt::format("W₁ has {} different rows after training where at the start {}, "
                                 "different_rows says {}",
                                 cases[i].rows, cases[i].name, got));
  }
}
