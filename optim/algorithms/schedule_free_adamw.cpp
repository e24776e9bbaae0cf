#include "optim/algorithms/schedule_free_adamw.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/math.hpp"
#include "optim/algorithms/adam_table.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<ScheduleFreeAdamWOptions> ScheduleFreeAdamWOptions::table() {
  return adam_table<ScheduleFreeAdamWOptions>();
}

ScheduleFreeAdamW::ScheduleFreeAdamW(const NamedTensors& parameters,
                                     const ScheduleFreeAdamWOptions& options)
    : OptimizerWith("schedule-free-adamw", parameters, options, {}) {
  set_state([](const std::string&, const Tensor& parameter) -> NamedTensors {
    const auto zeros = [&] { return Tensor::zeros(parameter.shape(), parameter.dtype()); };
    return {{"z", zeros()},
            {"x", zeros()},
            {"exp_avg_sq", zeros()},
            {"weight_sum", Tensor::scalar(0, DType::f64)}};
  });
}

// z and x are those of the parameter from its first step on.
static bool has_started(std::span<const Tensor> state) {
  return state[3].item() > 0;
}

void ScheduleFreeAdamW::eval() {
  is_training_ = false;
  const NoGrad no_grad;
  for_each_parameter([](Tensor& parameter, std::span<Tensor> state) {
    if (has_started(state)) parameter.copy_from(state[1]);
  });
}

// The same bits as after the step.
void ScheduleFreeAdamW::train() {
  is_training_ = true;
  const NoGrad no_grad;
  for_each_parameter([&](Tensor& parameter, std::span<Tensor> state) {
    if (!has_started(state)) return;
    parameter.copy_from(state[0]);
    dispatch_floating(name(), parameter.dtype(), [&]<class T>(T) {
      kernels::average(parameter.numel(), options_.beta1, state[1].data<T>(),
                       parameter.mutable_data<T>());
    });
  });
}

void ScheduleFreeAdamW::check_step() const {
  if (!is_training_) misuse(name(), "is in evaluation: call train() before step()");
}

void ScheduleFreeAdamW::update(const Target& target) {
  if (!has_started(target.state))
    for (Tensor& point : target.state.first(2)) point.copy_from(target.parameter);
  const double rate =
      target.lr * std::sqrt(1 - math::pow(options_.beta2, static_cast<double>(steps())));
  double& sum = *target.state[3].mutable_data<double>();
  sum += rate * rate;
  apply(name(),
        kernels::ScheduleFreeUpdate{.lr = rate,
                                    .beta1 = options_.beta1,
                                    .beta2 = options_.beta2,
                                    .eps = options_.eps,
                                    .weight_decay = target.weight_decay,
                                    .newest = sum > 0 ? rate * rate / sum : 0},
        Target{target.parameter, target.gradient, target.state.first(3), target.lr,
               target.weight_decay});
}

}  // namespace gradus::optim
