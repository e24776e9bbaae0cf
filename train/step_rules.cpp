#include "train/step_rules.hpp"

#include "layers/norm/constraints.hpp"
#include "optim/clipping.hpp"

namespace gradus::train {

static NamedTensors penalized(layers::Module& model, const std::string& patterns) {
  if (patterns.empty()) return model.tensors(layers::Role::weight);
  std::vector<std::string> parts;
  for (const std::string_view pattern : split(patterns, ',')) parts.emplace_back(trimmed(pattern));
  return optim::penalized(model.parameters(), parts);
}

StepRules::StepRules(const StepRuleOptions& options, layers::Module& model, const Rng& noise)
    : options_(options),
      model_(&model),
      parameters_(model.parameters()),
      penalized_(penalized(model, options.penalized)),
      noise_(noise) {}

void StepRules::change_gradients(int64_t step) const {
  if (penalizes() && !options_.proximal) optim::add_penalty(penalized_, options_.penalty);
  if (options_.clip_value) optim::clip_grad_value(parameters_, *options_.clip_value);
  if (options_.clip_norm) optim::clip_grad_norm(parameters_, *options_.clip_norm);
  if (options_.clip_adaptive)
    optim::clip_grad_adaptive(parameters_, {.clipping = *options_.clip_adaptive});
  if (!options_.gradient_noise) return;
  Rng rng = noise_.fork(static_cast<uint64_t>(step));
  optim::add_gradient_noise(parameters_, step, rng, {.eta = *options_.gradient_noise});
}

void StepRules::change_weights(const optim::Optimizer& optimizer) const {
  if (penalizes() && options_.proximal)
    optim::proximal_step(penalized_, optimizer, options_.penalty);
  if (options_.max_norm) layers::constrain(*model_, layers::max_norm(*options_.max_norm));
}

}  // namespace gradus::train
