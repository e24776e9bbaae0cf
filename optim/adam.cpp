#include "optim/adam.hpp"

#include <cmath>

#include "optim/adam_table.hpp"
#include "optim/fused.hpp"

namespace gradus::optim {
template <class O>
static OptionTable<O> table_of() {
  return adam_table<O>(
      {{"amsgrad", &O::amsgrad, "divide by the largest mean square so far"},
       {"bias_correction", &O::bias_correction, "make up for means that start at 0"}});
}

const OptionTable<AdamOptions>& AdamOptions::table() {
  static const OptionTable<AdamOptions> table = table_of<AdamOptions>();
  return table;
}

const OptionTable<AdamWOptions>& AdamWOptions::table() {
  static const OptionTable<AdamWOptions> table = table_of<AdamWOptions>();
  return table;
}

Adam::Adam(const char* name, const NamedTensors& parameters, const AdamOptions& options,
           bool decoupled)
    : OptimizerWith(name, parameters, options,
                    options.amsgrad
                        ? std::vector<std::string>{"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}
                        : std::vector<std::string>{"exp_avg", "exp_avg_sq"}),
      decoupled_(decoupled) {}

void Adam::update(const Target& target) {
  const auto t = static_cast<double>(steps());
  const double correction1 = options_.bias_correction ? 1 - std::pow(options_.beta1, t) : 1,
               correction2 = options_.bias_correction ? 1 - std::pow(options_.beta2, t) : 1;
  apply(name(),
        kernels::AdamUpdate{.mean_lr = target.lr / correction1,
                            .gradient_lr = 0,
                            .beta1 = options_.beta1,
                            .beta2 = options_.beta2,
                            .root_scale = 1 / std::sqrt(correction2),
                            .eps = options_.eps,
                            .weight_decay = decoupled_ ? 0 : target.weight_decay,
                            .shrink = decoupled_ ? 1 - target.lr * target.weight_decay : 1,
                            .largest = options_.amsgrad},
        target);
}

AdamW::AdamW(const NamedTensors& parameters, const AdamWOptions& options)
    : Adam("adamw", parameters,
           {.lr = options.lr,
            .beta1 = options.beta1,
            .beta2 = options.beta2,
            .eps = options.eps,
            .weight_decay = options.weight_decay,
            .amsgrad = options.amsgrad,
            .bias_correction = options.bias_correction,
            .allow_missing_gradient = options.allow_missing_gradient},
           true) {}

}  // namespace gradus::optim
