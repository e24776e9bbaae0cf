// The gradient of each sample by itself: vmap of a gradient, and how much the samples disagree.
#include <gradus.hpp>
namespace gd = gradus;

int main() {
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({8, 3}, rng, gd::DType::f64);
  const gd::Tensor y =
      x.matmul(gd::Tensor::from({1.0, -2.0, 0.5})) + 0.1 * gd::randn({8}, rng, gd::DType::f64);
  const gd::Tensor w = gd::Tensor::zeros({3}, gd::DType::f64);

  // The loss of one sample, for weights; its gradient; and that of every sample in a batch.
  const auto gradient = [&](const gd::Tensors& sample) {
    const auto loss = [&](const gd::Tensor& v) {
      return (v.matmul(sample[0]) - sample[1]).square();
    };
    return gd::jacobian(loss, w);
  };
  const gd::Tensor each = gd::vmap(gradient)({x, y});
  fmt::print("gradients, a row for each sample:\n{:.3}\n", each);

  const auto mean_loss = [&](const gd::Tensor& v) { return (x.matmul(v) - y).square().mean(); };
  const gd::Tensor whole = gd::jacobian(mean_loss, w);
  fmt::print("their mean:            {:.6}\n", each.mean(0));
  fmt::print("gradient of the batch: {:.6}\n", whole);
  fmt::print("equal: {}\n", gd::allclose(each.mean(0), whole));
  fmt::print("spread of a sample's gradient: {:.3}\n", each.var(0).sqrt());
}
