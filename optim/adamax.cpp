#include "optim/adamax.hpp"

#include <cmath>

#include "optim/fused.hpp"

namespace gradus::optim {

const OptionTable<AdamaxOptions>& AdamaxOptions::table() {
  using O = AdamaxOptions;
  static const OptionTable<O> table{
      {"beta1", &O::beta1, range::fraction, "part of the mean gradient that stays"},
      {"beta2", &O::beta2, range::fraction, "part of the mean square that stays"},
      {"eps", &O::eps, range::positive, "keeps the divisor from 0"},
      {"weight_decay", &O::weight_decay, range::not_negative, "shrinks weights"}};
  return table;
}

Adamax::Adamax(const NamedTensors& parameters, const AdamaxOptions& options)
    : Optimizer("adamax", parameters,
                {.lr = options.lr,
                 .weight_decay = options.weight_decay,
                 .state = {"exp_avg", "exp_inf"},
                 .allow_missing_gradient = options.allow_missing_gradient}),
      options_(options) {
  check_options(name(), options);
}

void Adamax::update(const Target& target) {
  const double correction = 1 - std::pow(options_.beta1, static_cast<double>(steps()));
  apply(name(),
        kernels::AdamaxUpdate{.lr = target.lr / correction,
                              .beta1 = options_.beta1,
                              .beta2 = options_.beta2,
                              .eps = options_.eps,
                              .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
