#include "apps/lab/models/planted.hpp"

#include <gradus.hpp>

namespace gradus::lab {
namespace {

Tensor rows(const Tensor& x) {
  return softmax(x, 1);
}
// y·(g − Σ y·g); correct if `dim` is the dimension of the softmax.
Tensor rows_gradient(const BackwardPass& p, int dim) {
  return p.y * (p.g - sum(p.y * p.g, {dim}, true));
}

Tensor transposed(const Tensor& x) {
  return transpose(x, 0, 1);
}

Tensor weight(DType dtype) {
  return reshape(cos(Tensor::arange(16, dtype)), {4, 4});
}
Tensor product(const Tensor& x) {
  return matmul(x, weight(x.dtype()));
}

Tensor leaky(const Tensor& x) {
  return leaky_relu(x, 0.1);
}

}  // namespace

Tensor Planted::operator()(const Tensor& x) const {
  return record(operation, {x}, no_grad([&] { return value(x); }),
                [by_hand = gradient, x = save(x)](const Tensor& g, const Tensor& y) {
                  return by_hand({x, y, g});
                });
}

const std::vector<Planted>& planted_gradients() {
  static const std::vector<Planted> table{
      {"softmax", "none", rows, [](const BackwardPass& p) { return rows_gradient(p, 1); }},
      {"softmax", "wrong sign", rows, [](const BackwardPass& p) { return -rows_gradient(p, 1); }},
      {"softmax", "factor 2", rows, [](const BackwardPass& p) { return 2 * rows_gradient(p, 1); }},
      {"softmax", "0.1 % too large", rows,
       [](const BackwardPass& p) { return 1.001 * rows_gradient(p, 1); }},
      {"softmax", "sum over the wrong axis", rows,
       [](const BackwardPass& p) { return rows_gradient(p, 0); }},
      {"softmax", "sum missing", rows, [](const BackwardPass& p) { return p.y * p.g; }},
      {"transposition", "none", transposed, [](const BackwardPass& p) { return transposed(p.g); }},
      {"transposition", "not transposed", transposed, [](const BackwardPass& p) { return p.g; }},
      {"product", "none", product,
       [](const BackwardPass& p) { return matmul(p.g, weight(p.g.dtype()), {.b = true}); }},
      {"product", "matrix not transposed", product,
       [](const BackwardPass& p) { return product(p.g); }},
      {"exp", "none", exp, [](const BackwardPass& p) { return p.y * p.g; }},
      {"exp", "upstream gradient ignored", exp, [](const BackwardPass& p) { return p.y; }},
      {"leaky ReLU", "none", leaky,
       [](const BackwardPass& p) { return p.g * (0.1 + 0.9 * step(p.x)); }},
      {"leaky ReLU", "no slope below 0", leaky,
       [](const BackwardPass& p) { return p.g * step(p.x); }}};
  return table;
}

}  // namespace gradus::lab
