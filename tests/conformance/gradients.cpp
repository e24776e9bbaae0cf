#include "conformance/runner.hpp"
#include "core/ops/shape.hpp"
#include "optim/clipping.hpp"
#include "optim/regularization.hpp"

namespace gradus::conformance {
namespace {

using namespace optim;

// Parameters whose gradients are the inputs g1 and g2.
NamedTensors with_gradients(const Case& c) {
  NamedTensors parameters;
  for (const char* name : {"g1", "g2"}) {
    const Tensor gradient = c.input(name);
    Tensor parameter = Tensor::zeros(gradient.shape(), gradient.dtype()).set_requires_grad();
    parameter.set_grad(gradient.clone());
    parameters.emplace_back(name, parameter);
  }
  return parameters;
}

Tensors run_clip_grad_norm(const Case& c) {
  const NamedTensors parameters = with_gradients(c);
  const double norm = clip_grad_norm(parameters, c.attr<double>("max_norm"));
  return {parameters[0].second.grad(), parameters[1].second.grad(), Tensor::from({norm})};
}

Tensors run_clip_grad_value(const Case& c) {
  const NamedTensors parameters = with_gradients(c);
  clip_grad_value(parameters, c.attr<double>("clip_value"));
  return {parameters[0].second.grad(), parameters[1].second.grad()};
}

Tensors run_elastic_net_penalty(const Case& c) {
  const PenaltyOptions options{.l1 = c.attr<double>("l1"), .l2 = c.attr<double>("l2")};
  return {reshape(elastic_net_penalty(c.input("p"), options), {1})};
}

}  // namespace

Family gradients() {
  return {"optim",
          {{"clip_grad_norm", run_clip_grad_norm},
           {"clip_grad_value", run_clip_grad_value},
           {"elastic_net_penalty", run_elastic_net_penalty}}};
}

}  // namespace gradus::conformance
