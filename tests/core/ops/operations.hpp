// Every differentiable operation, a row each. A row's inputs come small, in f64, for derivatives,
// or large, in f32, so that threads divide the work.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/gradcheck.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/convolution.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/embedding.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/loss.hpp"
#include "core/ops/normalization.hpp"
#include "core/ops/pooling.hpp"
#include "core/ops/recurrent.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/ops/weight_normalization.hpp"
#include "core/random.hpp"

namespace gradus::testing {

class Sampler {
 public:
  Sampler(uint64_t seed, bool large) : rng_(seed), large_(large) {}

  /// An extent: `small`, or enough of it for several threads.
  int64_t n(int64_t small) const { return large_ ? small * 8000 : small; }
  /// Values on both sides of 0, where many functions have a kink, but not near it.
  Tensor real(const Shape& shape) {
    return leaf(shape, [this] {
      const double v = 4 * rng_.uniform() - 2;
      return v + (v < 0 ? -0.1 : 0.1);
    });
  }
  Tensor positive(const Shape& shape) {
    return leaf(shape, [this] { return 0.2 + 2 * rng_.uniform(); });
  }
  Tensor probability(const Shape& shape) {
    return leaf(shape, [this] { return 0.1 + 0.8 * rng_.uniform(); });
  }
  Tensor index(const Shape& shape, int64_t count) {
    Tensor x = Tensor::empty(shape, DType::i64);
    int64_t* values = x.mutable_data<int64_t>();
    for (int64_t i = 0; i < x.numel(); ++i) values[i] = rng_.below(count);
    return x;
  }

 private:
  template <class Value>
  Tensor leaf(const Shape& shape, Value value) {
    Tensor x = Tensor::empty(shape, large_ ? DType::f32 : DType::f64);
    dispatch(x.dtype(), [&]<class T>(T) {
      T* values = x.mutable_data<T>();
      for (int64_t i = 0; i < x.numel(); ++i) values[i] = static_cast<T>(value());
    });
    return x.set_requires_grad();
  }

  Rng rng_;
  bool large_;
};

struct Row {
  std::string name;
  std::function<Tensors(Sampler&)> inputs;
  Function function;
};

using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Tensor&, const Tensor&);

inline Tensors one_real(Sampler& s) {
  return {s.real({s.n(3), 4})};
}
inline Tensors one_positive(Sampler& s) {
  return {s.positive({s.n(3), 4})};
}
inline Tensors broadcast_pair(Sampler& s) {
  return {s.real({s.n(3), 1, 4}), s.real({2, 1})};
}
inline Tensors equal_pair(Sampler& s) {
  return {s.real({s.n(3), 4}), s.real({s.n(3), 4})};
}
inline Tensors rows_and_labels(Sampler& s) {
  return {s.real({s.n(3), 4}), s.index({s.n(3)}, 4)};
}
inline Tensors rows_labels_weight(Sampler& s) {
  Tensors inputs{s.real({s.n(3), 4}), s.index({s.n(3)}, 4), s.positive({4})};
  inputs[2].set_requires_grad(false);
  return inputs;
}
/// Images of four channels, and a weight and bias for each.
inline Tensors four_channels(Sampler& s) {
  return {s.real({s.n(2) / 8 + 2, 4, 3, 2}), s.real({4}), s.real({4})};
}
inline Tensors image(Sampler& s) {
  return {s.real({s.n(4) / 4, 2, 5, 4})};
}

inline Row unary(std::string name, Unary f) {
  return {std::move(name), one_real, [=](const Tensors& t) { return f(t[0]); }};
}
inline Row of_positive(std::string name, Unary f) {
  return {std::move(name), one_positive, [=](const Tensors& t) { return f(t[0]); }};
}
inline Row binary(std::string name, Binary f) {
  return {std::move(name), broadcast_pair, [=](const Tensors& t) { return f(t[0], t[1]); }};
}
inline Row of_real(std::string name, Function f) {
  return {std::move(name), one_real, std::move(f)};
}

inline std::vector<Row> elementwise_rows() {
  return {binary("add", add),
          binary("sub", sub),
          binary("mul", mul),
          binary("div", div),
          binary("maximum", maximum),
          binary("minimum", minimum),
          {"mul of a tensor with itself", one_real, [](const Tensors& t) { return t[0] * t[0]; }},
          of_real("affine", [](const Tensors& t) { return affine(t[0], 3, -1); }),
          {"where",
           [](Sampler& s) {
             return Tensors{s.index({s.n(3), 4}, 2), s.real({s.n(3), 4}), s.real({4})};
           },
           [](const Tensors& t) { return where(t[0], t[1], t[2]); }},
          unary("exp", exp),
          of_positive("log", log),
          of_positive("sqrt", sqrt),
          of_positive("rsqrt", rsqrt),
          unary("abs", abs),
          unary("neg", neg),
          unary("square", square),
          unary("reciprocal", reciprocal),
          unary("sin", sin),
          unary("cos", cos),
          unary("erf", erf),
          {"pow", one_positive, [](const Tensors& t) { return pow(t[0], 1.7); }},
          of_real("pow 3", [](const Tensors& t) { return pow(t[0], 3); }),
          of_real("clamp", [](const Tensors& t) { return clamp(t[0], -0.5, 0.8); }),
          unary("step", step),
          unary("sign", sign),
          unary("relu", relu),
          unary("relu6", relu6),
          of_real("leaky_relu", [](const Tensors& t) { return leaky_relu(t[0], 0.2); }),
          {"prelu",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2), 3, 2}), s.real({3})};
           },
           [](const Tensors& t) { return prelu(t[0], t[1]); }},
          of_real("elu", [](const Tensors& t) { return elu(t[0], 0.7); }),
          unary("selu", selu),
          unary("gelu", gelu),
          unary("silu", silu),
          unary("mish", mish),
          unary("hardswish", hardswish),
          unary("softplus", softplus),
          unary("sigmoid", sigmoid),
          unary("tanh", tanh),
          of_real("hardtanh", [](const Tensors& t) { return hardtanh(t[0], -0.7, 1.2); }),
          of_real("dropout",
                  [](const Tensors& t) {
                    Rng rng(7);
                    return dropout(t[0], 0.4, rng);
                  }),
          {"dropout2d", four_channels, [](const Tensors& t) {
             Rng rng(7);
             return dropout2d(t[0], 0.4, rng) * reshape(t[1] + t[2], {4, 1, 1});
           }}};
}

inline std::vector<Row> reduce_rows() {
  const auto cube = [](Sampler& s) { return Tensors{s.real({2, s.n(3), 4})}; };
  const auto reduces = [=](std::string name, Tensor (*f)(const Tensor&, const Dims&, bool)) {
    return Row{std::move(name), cube, [=](const Tensors& t) {
                 return f(t[0], {0, -1}, true) * f(t[0], {1}, true) +
                        f(t[0], {}, false) * sum(f(t[0], {1}, false));
               }};
  };
  return {reduces("sum", sum),
          reduces("mean", mean),
          reduces("amax", amax),
          reduces("amin", amin),
          reduces("logsumexp", logsumexp),
          {"var", cube,
           [](const Tensors& t) {
             return var(t[0], {0, 2});
           }},
          {"var, biased", cube, [](const Tensors& t) { return var(t[0], {1}, true, false); }},
          {"norm", cube,
           [](const Tensors& t) {
             return norm(t[0], 2, {0, 2});
           }},
          {"norm 1", cube, [](const Tensors& t) { return norm(t[0], 1, {1}); }},
          {"norm 3.5", cube,
           [](const Tensors& t) {
             return norm(t[0], 3.5, {0, 1}, true);
           }},
          {"norm infinity", cube, [](const Tensors& t) { return norm(t[0], INFINITY, {2}); }},
          {"softmax", cube, [](const Tensors& t) { return softmax(t[0], -1); }},
          {"softmax along 1", cube, [](const Tensors& t) { return softmax(t[0], 1); }},
          {"log_softmax", cube, [](const Tensors& t) { return log_softmax(t[0], 2); }},
          {"log_softmax along 0", cube, [](const Tensors& t) { return log_softmax(t[0], 0); }},
          {"cumsum", cube, [](const Tensors& t) { return cumsum(t[0], 1); }}};
}

inline std::vector<Row> shape_rows() {
  const auto cube = [](Sampler& s) { return Tensors{s.real({3, s.n(4), 2})}; };
  const auto select = [](int dim) {
    return [dim](const Tensors& t) { return index_select(t[0], dim, t[1]); };
  };
  return {{"reshape", cube,
           [](const Tensors& t) {
             return reshape(t[0], {-1, 6});
           }},
          {"flatten", cube, [](const Tensors& t) { return flatten(t[0], 1); }},
          {"squeeze", cube, [](const Tensors& t) { return squeeze(unsqueeze(t[0], 1), 1); }},
          {"expand", cube,
           [](const Tensors& t) {
             return expand(unsqueeze(t[0], 1), {3, 5, t[0].size(1), 2});
           }},
          {"permute", cube,
           [](const Tensors& t) {
             return permute(t[0], {1, 2, 0});
           }},
          {"transpose", cube, [](const Tensors& t) { return transpose(t[0], 0, -1); }},
          {"slice", cube, [](const Tensors& t) { return slice(t[0], 0, 1, 3); }},
          {"slice with a step", cube, [](const Tensors& t) { return slice(t[0], 1, 1, -1, 2); }},
          {"cat",
           [](Sampler& s) {
             return Tensors{s.real({2, s.n(2), 3}), s.real({2, s.n(1), 3}), s.real({2, 1, 3})};
           },
           [](const Tensors& t) { return cat(t, 1); }},
          {"stack", equal_pair, [](const Tensors& t) { return stack(t, -1); }},
          {"pad", cube,
           [](const Tensors& t) {
             return pad(t[0], {1, 2, 0, 1}, 0.5);
           }},
          {"index_select",
           [](Sampler& s) {
             return Tensors{s.real({4, 3}), s.index({s.n(5)}, 4)};
           },
           select(0)},
          {"index_select along 1",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2), 3, 2}), s.index({4}, 3)};
           },
           select(1)},
          {"index_add",
           [](Sampler& s) {
             return Tensors{s.real({2, 4, s.n(2)}), s.index({4}, 3)};
           },
           [](const Tensors& t) { return index_add(t[0].shape().with(1, 3), 1, t[1], t[0]); }},
          {"gather",
           [](Sampler& s) {
             return Tensors{s.real({s.n(3), 4}), s.index({s.n(3), 2}, 4)};
           },
           [](const Tensors& t) { return gather(t[0], 1, t[1]); }},
          {"gather along 0",
           [](Sampler& s) {
             return Tensors{s.real({4, s.n(3)}), s.index({5, s.n(2)}, 4)};
           },
           [](const Tensors& t) { return gather(t[0], 0, t[1]); }},
          {"scatter_add",
           [](Sampler& s) {
             return Tensors{s.real({s.n(3), 4}), s.index({s.n(3), 4}, 3)};
           },
           [](const Tensors& t) {
             return scatter_add({t[0].size(0), 3}, 1, t[1], t[0]);
           }},
          {"embedding",
           [](Sampler& s) {
             return Tensors{s.index({s.n(2), 3}, 4), s.real({4, 5})};
           },
           [](const Tensors& t) { return embedding(t[0], t[1]); }}};
}

inline std::vector<Row> loss_rows() {
  const auto probabilities = [](Sampler& s) {
    return Tensors{s.probability({s.n(3), 4}), s.probability({s.n(3), 4})};
  };
  const auto compares = [](std::string name, Tensor (*f)(const Tensor&, const Tensor&, Reduction)) {
    return Row{std::move(name), equal_pair, [=](const Tensors& t) {
                 return f(t[0], t[1], Reduction::none) + f(t[0], t[1], Reduction::mean) +
                        f(t[0], t[1], Reduction::sum);
               }};
  };
  return {
      {"cross_entropy", rows_and_labels,
       [](const Tensors& t) { return cross_entropy(t[0], t[1]); }},
      {"cross_entropy of rows", rows_labels_weight,
       [](const Tensors& t) {
         return cross_entropy(t[0], t[1], {.weight = t[2], .reduction = Reduction::none});
       }},
      {"cross_entropy, smoothed and weighted", rows_labels_weight,
       [](const Tensors& t) {
         return cross_entropy(t[0], t[1], {.weight = t[2], .label_smoothing = 0.2});
       }},
      {"soft_cross_entropy",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 4}), s.probability({s.n(3), 4})};
       },
       [](const Tensors& t) { return soft_cross_entropy(t[0], t[1]); }},
      {"nll_loss", rows_labels_weight,
       [](const Tensors& t) { return nll_loss(t[0], t[1], {.weight = t[2]}); }},
      {"focal_loss", rows_labels_weight,
       [](const Tensors& t) {
         return focal_loss(t[0], t[1]) + focal_loss(t[0], t[1], {.gamma = 0.5, .alpha = t[2]});
       }},
      {"cosine_embedding_loss",
       [](Sampler& s) {
         Tensors inputs{s.real({s.n(4), 5}), s.real({s.n(4), 5}), s.index({s.n(4)}, 2)};
         int64_t* y = inputs[2].mutable_data<int64_t>();
         for (int64_t i = 0; i < inputs[2].numel(); ++i) y[i] = 2 * y[i] - 1;
         return inputs;
       },
       [](const Tensors& t) { return cosine_embedding_loss(t[0], t[1], t[2], -0.9); }},
      {"hinge_loss", rows_and_labels, [](const Tensors& t) { return hinge_loss(t[0], t[1]); }},
      {"distillation_loss",
       [](Sampler& s) {
         Tensors inputs{s.real({s.n(3), 4}), s.real({s.n(3), 4}), s.index({s.n(3)}, 4)};
         inputs[1].set_requires_grad(false);
         return inputs;
       },
       [](const Tensors& t) { return distillation_loss(t[0], t[1], t[2], {.temperature = 3}); }},
      compares("mse_loss", mse_loss),
      compares("l1_loss", l1_loss),
      {"huber_loss", equal_pair, [](const Tensors& t) { return huber_loss(t[0], t[1], 0.6); }},
      {"binary_cross_entropy", probabilities,
       [](const Tensors& t) { return binary_cross_entropy(t[0], t[1]); }},
      compares("binary_cross_entropy_with_logits", binary_cross_entropy_with_logits)};
}

inline std::vector<Row> layer_rows() {
  return {
      {"matmul",
       [](Sampler& s) {
         return Tensors{s.real({2, s.n(3), 4}), s.real({1, 4, 2})};
       },
       [](const Tensors& t) { return matmul(t[0], t[1]); }},
      {"linear",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 4}), s.real({2, 4}), s.real({2})};
       },
       [](const Tensors& t) { return linear(t[0], t[1], t[2]); }},
      {"conv2d",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2) / 8 + 2, 2, 5, 4}), s.real({4, 1, 3, 2}), s.real({4})};
       },
       [](const Tensors& t) {
         return conv2d(t[0], t[1], t[2], {.stride = {2, 1}, .padding = 1, .groups = 2});
       }},
      {"conv_transpose2d",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2) / 8 + 2, 2, 3, 4}), s.real({2, 3, 3, 2}), s.real({3})};
       },
       [](const Tensors& t) {
         return conv_transpose2d(t[0], t[1], t[2], {.stride = 2, .padding = 1}, {1, 0});
       }},
      {"conv1d",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2) / 8 + 2, 2, 6}), s.real({3, 2, 3}), s.real({3})};
       },
       [](const Tensors& t) { return conv1d(t[0], t[1], t[2], {.stride = 2, .padding = 1}); }},
      {"max_pool2d", image,
       [](const Tensors& t) { return max_pool2d(t[0], {.kernel = 3, .stride = 2, .padding = 1}); }},
      {"avg_pool2d", image,
       [](const Tensors& t) {
         return avg_pool2d(t[0], {.kernel = {2, 3}, .stride = 1});
       }},
      {"adaptive_avg_pool2d", image,
       [](const Tensors& t) {
         return adaptive_avg_pool2d(t[0], {2, 3});
       }},
      {"adaptive_max_pool2d", image,
       [](const Tensors& t) {
         return adaptive_max_pool2d(t[0], {2, 3});
       }},
      {"batch_norm",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 2, 3}), s.real({2}), s.real({2})};
       },
       [](const Tensors& t) { return batch_norm(t[0], t[1], t[2], {}, {}); }},
      {"layer_norm",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 5}), s.real({5}), s.real({5})};
       },
       [](const Tensors& t) { return layer_norm(t[0], {5}, t[1], t[2]); }},
      {"rms_norm",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 5}), s.real({5})};
       },
       [](const Tensors& t) { return rms_norm(t[0], {5}, t[1]); }},
      {"group_norm", four_channels,
       [](const Tensors& t) { return group_norm(t[0], 2, t[1], t[2]); }},
      {"group_norm of vectors",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 6}), s.real({6}), s.real({6})};
       },
       [](const Tensors& t) { return group_norm(t[0], 2, t[1], t[2]); }},
      {"instance_norm", four_channels,
       [](const Tensors& t) { return instance_norm(t[0], t[1], t[2]); }},
      {"batch_renorm", four_channels,
       [](const Tensors& t) {
         // Both corrections stand at their limits, where they are the constants that they count as.
         const Tensor mean = Tensor::full({4}, 5, t[0].dtype());
         const Tensor var = Tensor::full({4}, 100, t[0].dtype());
         return batch_renorm(t[0], t[1], t[2], mean, var, {.update = false, .d_max = 0.2});
       }},
      {"local_response_norm", four_channels, [](const Tensors& t) {
         return local_response_norm(t[0], {.size = 3, .alpha = 0.5, .k = 2}) +
                local_response_norm(t[0], {.size = 2, .alpha = 0.1, .mean = false}) *
                    reshape(t[1] + t[2], {4, 1, 1});
       }}};
}

inline std::vector<Row> weight_normalization_rows() {
  const auto weight = [](Sampler& s) { return Tensors{s.real({s.n(2), 2, 3})}; };
  const auto weight_and_gain = [](Sampler& s) {
    return Tensors{s.real({s.n(2), 2, 3}), s.real({s.n(2)})};
  };
  return {
      {"weight_standardization", weight_and_gain,
       [](const Tensors& t) { return weight_standardization(t[0], t[1], 0.1); }},
      {"weight_norm", weight_and_gain, [](const Tensors& t) { return weight_norm(t[0], t[1]); }},
      {"centered_weight_norm", weight, [](const Tensors& t) { return centered_weight_norm(t[0]); }},
      {"weight_whitening",
       [](Sampler& s) {
         return Tensors{s.real({3, s.n(5)})};
       },
       [](const Tensors& t) { return weight_whitening(t[0], 1e-3); }},
      {"weight_whitening in groups",
       [](Sampler& s) {
         return Tensors{s.real({5, s.n(4)})};
       },
       [](const Tensors& t) { return weight_whitening(t[0], 1e-3, 2); }},
      {"spectral_norm",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2), 5}), s.positive({s.n(2)}), s.positive({5})};
       },
       [](const Tensors& t) { return spectral_norm(t[0], t[1], t[2]); }},
      {"cosine_linear",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2), 5}), s.real({3, 5})};
       },
       [](const Tensors& t) {
         return cosine_linear(t[0], t[1]) + cosine_linear(t[0], t[1], {.centered = true});
       }},
      {"cosine_conv2d",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2) / 8 + 1, 4, 4, 3}), s.real({4, 2, 2, 2})};
       },
       [](const Tensors& t) {
         const ConvolutionOptions grouped{.stride = {2, 1}, .padding = 1, .groups = 2};
         return cosine_conv2d(t[0], t[1], grouped) +
                cosine_conv2d(t[0], t[1], grouped, {.centered = true});
       }}};
}

/// For recurrent(): all steps with biases, or `some` of them without, in reverse and masked.
inline Row recurrent_row(const std::string& name, Cell cell, bool some) {
  const auto inputs = [=](Sampler& s) {
    const int64_t batch = s.n(2) / 100 + 2, rows = gate_count(cell) * 3;
    Tensors result{s.real({3, batch, 4}), s.real({rows, 4}), s.real({rows, 3}), s.real({batch, 3})};
    for (int i = 0; i < 2; ++i)
      result.push_back(some ? s.positive({batch, 3}).set_requires_grad(false) : s.real({rows}));
    if (some) {
      result[5] = s.index({batch}, 3);
      for (int64_t i = 0; i < batch; ++i) result[5].mutable_data<int64_t>()[i] += 1;
    }
    if (cell == Cell::lstm) result.push_back(s.real({batch, 3}));
    return result;
  };
  const auto all = [=](const Tensors& t) {
    RecurrentWeights weights{t[1], t[2]};
    if (!some) weights.b_ih = t[4], weights.b_hh = t[5];
    const SequenceOptions options{some, some ? t[5] : Tensor(), some ? t[4] : Tensor()};
    const RecurrentState first{t[3], t.size() > 6 ? t[6] : Tensor()};
    const RecurrentResult result = recurrent(cell, t[0], first, weights, options);
    const Tensor y = result.outputs + result.state.h;
    return result.state.c ? y * result.state.c : y;
  };
  return {name + (some ? ", of some steps in reverse, masked" : ""), inputs, all};
}

inline std::vector<Row> recurrent_rows() {
  std::vector<Row> rows;
  for (const bool some : {false, true}) {
    rows.push_back(recurrent_row("rnn", Cell::rnn_tanh, some));
    rows.push_back(recurrent_row("rnn, relu", Cell::rnn_relu, some));
    rows.push_back(recurrent_row("lstm", Cell::lstm, some));
    rows.push_back(recurrent_row("gru", Cell::gru, some));
  }
  return rows;
}

inline std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (auto part : {elementwise_rows, reduce_rows, shape_rows, loss_rows, layer_rows,
                    weight_normalization_rows, recurrent_rows})
    for (Row& row : part()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace gradus::testing
