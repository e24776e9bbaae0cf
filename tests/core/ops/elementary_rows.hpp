// Rows of elementwise operations, reductions and layout.
#pragma once

#include <cmath>

#include "core/ops/activation.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "tests/core/ops/row.hpp"

namespace gradus::testing {

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

}  // namespace gradus::testing
