// Rows of what networks are made of: losses, layers, normalizations of weights, recurrent cells.
#pragma once

#include "core/ops/activation.hpp"
#include "core/ops/convolution.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/ops/norm/normalization.hpp"
#include "core/ops/norm/weight_normalization.hpp"
#include "core/ops/pooling.hpp"
#include "core/ops/recurrent/recurrent.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "tests/core/ops/row.hpp"

namespace gradus::testing {

inline std::vector<Row> loss_rows() {
  const auto probabilities = [](Sampler& s) {
    return Tensors{s.probability({s.n(3), 4}), s.probability({s.n(3), 4})};
  };
  const auto triplet = [](Sampler& s) {
    return Tensors{s.real({s.n(3), 4}), s.real({s.n(3), 4}), s.real({s.n(3), 4})};
  };
  const auto compares = [](std::string name, Tensor (*f)(const Tensor&, const Tensor&, Reduction)) {
    return Row{std::move(name), equal_pair, [=](const Tensors& t) {
                 return f(t[0], t[1], Reduction::none) + f(t[0], t[1], Reduction::mean) +
                        f(t[0], t[1], Reduction::sum);
               }};
  };
  return {
      limit_below({"cross_entropy", rows_and_labels,
                   [](const Tensors& t) { return cross_entropy(t[0], t[1]); }}),
      limit_below({"cross_entropy of rows", rows_labels_weight,
                   [](const Tensors& t) {
                     return cross_entropy(t[0], t[1],
                                          {.weight = t[2], .reduction = Reduction::none});
                   }}),
      {"cross_entropy, smoothed and weighted", rows_labels_weight,
       [](const Tensors& t) {
         return cross_entropy(t[0], t[1], {.weight = t[2], .label_smoothing = 0.2});
       }},
      limit_below({"cross_entropy, some ignored", rows_labels_weight,
                   [](const Tensors& t) {
                     return cross_entropy(t[0], t[1], {.weight = t[2], .ignore_index = 1}) +
                            cross_entropy(t[0], t[1],
                                          {.reduction = Reduction::none, .ignore_index = 3});
                   }}),
      limit_below({"cross_entropy of places",
                   [](Sampler& s) {
                     return Tensors{s.real({s.n(2), 3, 2}), s.index({s.n(2), 2}, 3)};
                   },
                   [](const Tensors& t) {
                     return cross_entropy(t[0], t[1], {.reduction = Reduction::none});
                   }}),
      {"soft_cross_entropy",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 4}), s.probability({s.n(3), 4})};
       },
       [](const Tensors& t) { return soft_cross_entropy(t[0], t[1]); }},
      {"nll_loss", rows_labels_weight,
       [](const Tensors& t) { return nll_loss(t[0], t[1], {.weight = t[2]}); }},
      without_limits({"focal_loss", rows_labels_weight,
                      [](const Tensors& t) {
                        return focal_loss(t[0], t[1]) +
                               focal_loss(t[0], t[1], {.gamma = 0.5, .alpha = t[2]});
                      }}),
      without_limits(
          {"cosine_embedding_loss",
           [](Sampler& s) {
             Tensors inputs{s.real({s.n(4), 5}), s.real({s.n(4), 5}), s.index({s.n(4)}, 2)};
             int64_t* y = inputs[2].mutable_data<int64_t>();
             for (int64_t i = 0; i < inputs[2].numel(); ++i) y[i] = 2 * y[i] - 1;
             return inputs;
           },
           [](const Tensors& t) { return cosine_embedding_loss(t[0], t[1], t[2], -0.9); }}),
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
      compares("binary_cross_entropy_with_logits", binary_cross_entropy_with_logits),
      {"binary_cross_entropy_with_logits, weighted",
       [](Sampler& s) {
         Tensors inputs{s.real({s.n(3), 4}), s.probability({s.n(3), 4}), s.positive({s.n(3), 1}),
                        s.positive({4})};
         for (const std::size_t i : {2, 3}) inputs[i].set_requires_grad(false);
         return inputs;
       },
       [](const Tensors& t) {
         return binary_cross_entropy_with_logits(t[0], t[1], {.weight = t[2], .pos_weight = t[3]});
       }},
      {"pinball_loss", equal_pair,
       [](const Tensors& t) { return pinball_loss(t[0], t[1], 0.9, Reduction::none); }},
      without_limits({"gaussian_nll_loss",
                      [](Sampler& s) {
                        return Tensors{s.positive({s.n(3), 4}), s.positive({s.n(3), 4}),
                                       s.positive({s.n(3), 4}), s.positive({s.n(3)})};
                      },
                      [](const Tensors& t) {
                        return gaussian_nll_loss(t[0], t[1], t[2]) +
                               gaussian_nll_loss(t[0], t[1], t[3],
                                                 {.full = true, .reduction = Reduction::none});
                      }}),
      {"poisson_nll_loss",
       [](Sampler& s) {
         return Tensors{s.real({s.n(3), 4}), s.positive({s.n(3), 4})};
       },
       [](const Tensors& t) {
         return poisson_nll_loss(t[0], t[1], {.full = true, .reduction = Reduction::none});
       }},
      {"poisson_nll_loss of rates",
       [](Sampler& s) {
         return Tensors{s.positive({s.n(3), 4}), s.positive({s.n(3), 4})};
       },
       [](const Tensors& t) {
         return poisson_nll_loss(t[0], t[1], {.log_input = false, .full = true});
       }},
      without_limits(
          {"kl_div", probabilities, [](const Tensors& t) { return kl_div(t[0], t[1]); }}),
      without_limits(
          {"kl_div of logarithms", equal_pair,
           [](const Tensors& t) {
             return kl_div(t[0], t[1], {.reduction = Reduction::none, .log_target = true}) +
                    kl_div(t[0], t[1], {.reduction = Reduction::batchmean, .log_target = true});
           }}),
      without_limits(
          {"triplet_margin_loss", triplet,
           [](const Tensors& t) { return triplet_margin_loss(t[0], t[1], t[2], {.margin = 8}); }}),
      without_limits({"triplet_margin_loss, swapped", triplet, [](const Tensors& t) {
                        return triplet_margin_loss(
                            t[0], t[1], t[2],
                            {.margin = 8, .p = 3, .swap = true, .reduction = Reduction::none});
                      }})};
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
      padding(
          {"conv2d",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2) / 8 + 2, 2, 5, 4}), s.real({4, 1, 3, 2}), s.real({4})};
           },
           [](const Tensors& t) {
             return conv2d(t[0], t[1], t[2], {.stride = {2, 1}, .padding = 1, .groups = 2});
           }}),
      padding(
          {"conv_transpose2d",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2) / 8 + 2, 2, 3, 4}), s.real({2, 3, 3, 2}), s.real({3})};
           },
           [](const Tensors& t) {
             return conv_transpose2d(t[0], t[1], t[2], {.stride = 2, .padding = 1}, {1, 0});
           }}),
      padding(
          {"conv1d",
           [](Sampler& s) {
             return Tensors{s.real({s.n(2) / 8 + 2, 2, 6}), s.real({3, 2, 3}), s.real({3})};
           },
           [](const Tensors& t) { return conv1d(t[0], t[1], t[2], {.stride = 2, .padding = 1}); }}),
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
      without_limits({"batch_norm",
                      [](Sampler& s) {
                        return Tensors{s.real({s.n(3), 2, 3}), s.real({2}), s.real({2})};
                      },
                      [](const Tensors& t) { return batch_norm(t[0], t[1], t[2], {}, {}); }}),
      without_limits({"layer_norm",
                      [](Sampler& s) {
                        return Tensors{s.real({s.n(3), 5}), s.real({5}), s.real({5})};
                      },
                      [](const Tensors& t) { return layer_norm(t[0], {5}, t[1], t[2]); }}),
      without_limits({"rms_norm",
                      [](Sampler& s) {
                        return Tensors{s.real({s.n(3), 5}), s.real({5})};
                      },
                      [](const Tensors& t) { return rms_norm(t[0], {5}, t[1]); }}),
      without_limits({"group_norm", four_channels,
                      [](const Tensors& t) { return group_norm(t[0], 2, t[1], t[2]); }}),
      without_limits({"group_norm of vectors",
                      [](Sampler& s) {
                        return Tensors{s.real({s.n(3), 6}), s.real({6}), s.real({6})};
                      },
                      [](const Tensors& t) { return group_norm(t[0], 2, t[1], t[2]); }}),
      without_limits({"instance_norm", four_channels,
                      [](const Tensors& t) { return instance_norm(t[0], t[1], t[2]); }}),
      without_limits({"batch_renorm", four_channels,
                      [](const Tensors& t) {
                        // Both corrections stand at their limits, where they are the constants that
                        // they count as.
                        const Tensor mean = Tensor::full({4}, 5, t[0].dtype());
                        const Tensor var = Tensor::full({4}, 100, t[0].dtype());
                        return batch_renorm(t[0], t[1], t[2], mean, var,
                                            {.update = false, .d_max = 0.2});
                      }}),
      {"local_response_norm", image, [](const Tensors& t) {
         return cat({local_response_norm(t[0], {.size = 3, .alpha = 0.5, .k = 2}),
                     local_response_norm(t[0], {.size = 2, .alpha = 0.1, .mean = false})},
                    1);
       }}};
}

inline std::vector<Row> weight_normalization_rows() {
  const auto weight = [](Sampler& s) { return Tensors{s.real({s.n(2), 2, 3})}; };
  const auto weight_and_gain = [](Sampler& s) {
    return Tensors{s.real({s.n(2), 2, 3}), s.real({s.n(2)})};
  };
  return {
      without_limits({"weight_standardization", weight_and_gain,
                      [](const Tensors& t) { return weight_standardization(t[0], t[1], 0.1); }}),
      without_limits({"weight_norm", weight_and_gain,
                      [](const Tensors& t) { return weight_norm(t[0], t[1]); }}),
      without_limits({"centered_weight_norm", weight,
                      [](const Tensors& t) { return centered_weight_norm(t[0]); }}),
      without_limits({"weight_whitening",
                      [](Sampler& s) {
                        return Tensors{s.real({3, s.n(5)})};
                      },
                      [](const Tensors& t) { return weight_whitening(t[0], 1e-3); }}),
      padding({"weight_whitening in groups",
               [](Sampler& s) {
                 return Tensors{s.real({5, s.n(4)})};
               },
               [](const Tensors& t) { return weight_whitening(t[0], 1e-3, 2); }}),
      without_limits({"spectral_norm",
                      [](Sampler& s) {
                        return Tensors{s.real({s.n(2), 5}), s.positive({s.n(2)}), s.positive({5})};
                      },
                      [](const Tensors& t) { return spectral_norm(t[0], t[1], t[2]); }}),
      without_limits({"cosine_linear",
                      [](Sampler& s) {
                        return Tensors{s.real({s.n(2), 5}), s.real({3, 5})};
                      },
                      [](const Tensors& t) {
                        return cosine_linear(t[0], t[1]) +
                               cosine_linear(t[0], t[1], {.centered = true});
                      }}),
      padding({"cosine_conv2d",
               [](Sampler& s) {
                 return Tensors{s.real({s.n(2) / 8 + 1, 4, 4, 3}), s.real({4, 2, 2, 2})};
               },
               [](const Tensors& t) {
                 const ConvolutionOptions grouped{.stride = {2, 1}, .padding = 1, .groups = 2};
                 return cosine_conv2d(t[0], t[1], grouped) +
                        cosine_conv2d(t[0], t[1], grouped, {.centered = true});
               }})};
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
    return result.state.c.defined() ? y * result.state.c : y;
  };
  return without_limits({name + (some ? ", of some steps in reverse, masked" : ""), inputs, all});
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

}  // namespace gradus::testing
