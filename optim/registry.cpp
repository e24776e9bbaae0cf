#include "optim/registry.hpp"

#include <initializer_list>
#include <string_view>

#include "optim/adam.hpp"
#include "optim/sgd.hpp"

namespace gradus::optim {
namespace {

// Refuses the given options that `optimizer` doesn't have.
void check_options(std::string_view optimizer, const OptimizerOptions& o,
                   std::initializer_list<std::string_view> known) {
  const std::pair<std::string_view, bool> given[] = {
      {"momentum", o.momentum.has_value()},
      {"dampening", o.dampening.has_value()},
      {"weight_decay", o.weight_decay.has_value()},
      {"decoupled_weight_decay", o.decoupled_weight_decay.has_value()},
      {"beta1", o.beta1.has_value()},
      {"beta2", o.beta2.has_value()},
      {"eps", o.eps.has_value()},
      {"amsgrad", o.amsgrad.has_value()}};
  for (const auto& [option, is_given] : given)
    require(!is_given || std::find(known.begin(), known.end(), option) != known.end(), optimizer,
            "has no option {}", option);
}

SGDOptions sgd_options(double lr, const OptimizerOptions& o, double momentum, bool nesterov) {
  return {.lr = lr,
          .momentum = o.momentum.value_or(momentum),
          .dampening = o.dampening.value_or(0),
          .nesterov = nesterov,
          .weight_decay = o.weight_decay.value_or(0),
          .decoupled_weight_decay = o.decoupled_weight_decay.value_or(0),
          .allow_missing_gradient = o.allow_missing_gradient};
}

template <class Options>
Options adam_options(double lr, const OptimizerOptions& o) {
  const Options defaults;
  return {.lr = lr,
          .beta1 = o.beta1.value_or(defaults.beta1),
          .beta2 = o.beta2.value_or(defaults.beta2),
          .eps = o.eps.value_or(defaults.eps),
          .weight_decay = o.weight_decay.value_or(defaults.weight_decay),
          .amsgrad = o.amsgrad.value_or(defaults.amsgrad),
          .allow_missing_gradient = o.allow_missing_gradient};
}

}  // namespace

const Registry<OptimizerFactory>& optimizers() {
  static const Registry<OptimizerFactory> registry(
      "optimizer",
      {{"sgd", "stochastic gradient descent: θ ← θ − lr·g",
        [](const NamedTensors& parameters, double lr, const OptimizerOptions& o) {
          check_options("sgd", o, {"weight_decay", "decoupled_weight_decay"});
          return std::make_unique<SGD>(parameters, sgd_options(lr, o, 0, false));
        }},
       {"momentum", "descent along a running sum of gradients (Polyak 1964)",
        [](const NamedTensors& parameters, double lr, const OptimizerOptions& o) {
          check_options("momentum", o,
                        {"momentum", "dampening", "weight_decay", "decoupled_weight_decay"});
          return std::make_unique<SGD>(parameters, sgd_options(lr, o, 0.9, false));
        }},
       {"nag", "momentum that looks ahead (Nesterov 1983)",
        [](const NamedTensors& parameters, double lr, const OptimizerOptions& o) {
          check_options("nag", o, {"momentum", "weight_decay", "decoupled_weight_decay"});
          return std::make_unique<SGD>(parameters, sgd_options(lr, o, 0.9, true));
        }},
       {"adam", "a rate for each weight from its gradients' mean and square (Kingma and Ba 2015)",
        [](const NamedTensors& parameters, double lr, const OptimizerOptions& o) {
          check_options("adam", o, {"beta1", "beta2", "eps", "weight_decay", "amsgrad"});
          return std::make_unique<Adam>(parameters, adam_options<AdamOptions>(lr, o));
        }},
       {"adamw", "Adam that decays weights past the gradient (Loshchilov and Hutter 2019)",
        [](const NamedTensors& parameters, double lr, const OptimizerOptions& o) {
          check_options("adamw", o, {"beta1", "beta2", "eps", "weight_decay", "amsgrad"});
          return std::make_unique<AdamW>(parameters, adam_options<AdamWOptions>(lr, o));
        }}});
  return registry;
}

}  // namespace gradus::optim
