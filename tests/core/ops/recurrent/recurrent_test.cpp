#include "core/ops/recurrent/recurrent.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/kernels/gemm/gemm.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;

namespace {

struct Problem {
  Cell cell;
  Tensor x;
  RecurrentState first;
  RecurrentWeights weights;
  SequenceOptions options;

  Problem(Cell kind, const SequenceOptions& with, int64_t batch, int64_t hidden)
      : cell(kind), options(with) {
    Rng rng(3);
    const int64_t rows = gate_count(cell) * hidden;
    const auto leaf = [&](const Shape& shape) {
      return (randn(shape, rng, DType::f64) * 0.3).set_requires_grad();
    };
    x = leaf({4, batch, 5});
    first.h = leaf({batch, hidden});
    if (cell == Cell::lstm) first.c = leaf({batch, hidden});
    weights = {leaf({rows, 5}), leaf({rows, hidden}), leaf({rows}), leaf({rows})};
    if (options.mask.defined()) options.mask = rand({batch, hidden}, rng, DType::f64);
    if (!options.lengths.defined()) return;
    options.lengths = Tensor::empty({batch}, DType::i64);
    for (int64_t i = 0; i < batch; ++i)
      options.lengths.mutable_data<int64_t>()[i] = 1 + rng.below(4);
  }

  Tensors inputs() const {
    Tensors all{x, first.h, weights.w_ih, weights.w_hh, weights.b_ih, weights.b_hh};
    if (first.c.defined()) all.push_back(first.c);
    return all;
  }
};

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  return amax(abs(a - b)).item();
}

}  // namespace

TEST_CASE("the fused recurrent operation and its gradients equal the composed ones") {
  const Tensor given = Tensor::zeros({});
  for (const Cell cell : {Cell::rnn_tanh, Cell::rnn_relu, Cell::lstm, Cell::gru})
    for (const bool reverse : {false, true})
      for (const Tensor& some : {Tensor(), given}) {
        CAPTURE(static_cast<int>(cell));
        CAPTURE(reverse);
        CAPTURE(some.defined());
        const Problem p(cell, {reverse, some, some}, 37, 19);
        const RecurrentResult result = recurrent(cell, p.x, p.first, p.weights, p.options);
        const Tensor twin = detail::composed_recurrent(cell, p.x, p.first, p.weights, p.options);
        CHECK(largest_difference(result.state.h,
                                 squeeze(slice(twin, 0, reverse ? 0 : 4, reverse ? 1 : 5), 0)) <
              1e-12);
        if (cell == Cell::lstm)
          CHECK(largest_difference(result.state.c, squeeze(slice(twin, 0, 5, 6), 0)) < 1e-12);
        if (!some.defined())
          CHECK(largest_difference(result.outputs, slice(twin, 0, !reverse, 4 + !reverse)) < 1e-12);

        const Tensor last = slice(twin, 0, reverse ? 0 : 4, reverse ? 1 : 5);
        const Tensors fused = grad({sum(square(result.state.h))}, p.inputs());
        const Tensors composed = grad({sum(square(last))}, p.inputs());
        for (std::size_t i = 0; i < fused.size(); ++i) {
          CAPTURE(i);
          CHECK(largest_difference(fused[i], composed[i]) < 1e-11);
        }
      }
}

TEST_CASE("a packed matrix gives the products of the plain one") {
  Rng rng(8);
  for (const auto& extents : {std::array{5, 1, 1}, {5, 700, 300}, {17, 33, 513}})
    for (const bool transposed : {false, true}) {
      const auto& [m, n, k] = extents;
      CAPTURE(extents[1]);
      CAPTURE(transposed);
      const Tensor a = randn({m, k}, rng), b = randn(transposed ? Shape{n, k} : Shape{k, n}, rng);
      const kernels::Matrix<float> left{a.data<float>(), k};
      const kernels::Matrix<float> right{b.data<float>(), transposed ? k : n, transposed};
      const kernels::PackedMatrix<float> packed(k, n, right,
                                                kernels::sums_of_product(k, left, right));
      for (const kernels::Update update : {kernels::Update::replace, kernels::Update::add}) {
        Tensor plain = Tensor::ones({m, n}), result = Tensor::ones({m, n});
        kernels::gemm_serial(m, n, k, left, right, update, plain.mutable_data<float>(), n);
        packed.multiply(m, left, update, result.mutable_data<float>(), n);
        CHECK(plain.to_vector<float>() == result.to_vector<float>());
      }
    }
}

TEST_CASE("a recurrent operation refuses wrong shapes and options") {
  const auto refused = [](const Tensor& x, const RecurrentState& first, const RecurrentWeights& w,
                          const SequenceOptions& options, const char* message) {
    CHECK_THROWS_WITH_AS(recurrent(Cell::gru, x, first, w, options), message,
                         std::invalid_argument);
  };
  const Tensor x = Tensor::zeros({5, 2, 3});
  const RecurrentWeights weights{Tensor::zeros({12, 3}), Tensor::zeros({12, 4})};
  refused(Tensor::zeros({5, 3}), {}, weights, {},
          "[gru] input must be (length, batch, in), got (5, 3)");
  refused(Tensor::zeros({0, 2, 3}), {}, weights, {},
          "[gru] sequences must have at least one step, got input (0, 2, 3)");
  refused(x, {}, {Tensor::zeros({12, 3}), Tensor::zeros({12})}, {},
          "[gru] weight_hh must be (3·hidden, hidden), got (12)");
  refused(x, {}, {Tensor::zeros({12, 3}), Tensor::zeros({11, 4})}, {},
          "[gru] weight_hh must be (12, 4), got (11, 4): input (5, 2, 3)");
  refused(x, {}, {Tensor::zeros({12, 2}), Tensor::zeros({12, 4})}, {},
          "[gru] weight_ih must be (12, 3), got (12, 2): input (5, 2, 3)");
  refused(x, {Tensor::zeros({2, 3})}, weights, {},
          "[gru] h must be (2, 4), got (2, 3): input (5, 2, 3)");
  refused(x, {Tensor(), Tensor::zeros({2, 4})}, weights, {},
          "[gru] only an LSTM has a cell state c");
  refused(x, {}, weights, {.mask = Tensor::zeros({4})},
          "[gru] mask must be (2, 4), got (4): input (5, 2, 3)");
}

TEST_CASE("values in the padding of a sequence affect neither results nor gradients") {
  for (const Cell cell : {Cell::rnn_tanh, Cell::rnn_relu, Cell::lstm, Cell::gru})
    for (const bool reverse : {false, true}) {
      CAPTURE(name_of(cell));
      CAPTURE(reverse);
      const int64_t rows = gate_count(cell) * 4;
      const auto run = [&](double padding) {
        Rng same(9);
        Tensor x = randn({3, 2, 5}, same, DType::f64);
        for (int64_t j = 0; j < 5; ++j)  // of sequence 1 behind its first step
          for (const int64_t time : {1, 2})
            x.mutable_data<double>()[(time * 2 + 1) * 5 + j] = padding;
        x.set_requires_grad();
        RecurrentWeights w;
        w.w_ih = randn({rows, 5}, same, DType::f64).set_requires_grad();
        w.w_hh = randn({rows, 4}, same, DType::f64).set_requires_grad();
        const RecurrentResult result =
            recurrent(cell, x, {}, w,
                      {.reverse = reverse, .lengths = Tensor::from({int64_t{3}, int64_t{1}})});
        (sum(result.outputs) + sum(square(result.state.h))).backward();
        return Tensors{result.outputs, result.state.h, x.grad(), w.w_ih.grad(), w.w_hh.grad()};
      };
      const Tensors wanted = run(0);
      for (const double padding : {std::nan(""), HUGE_VAL}) {
        const Tensors got = run(padding);
        for (std::size_t i = 0; i < got.size(); ++i)
          CHECK(got[i].to_vector<double>() == wanted[i].to_vector<double>());
      }
    }
}
