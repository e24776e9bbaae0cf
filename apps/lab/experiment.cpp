#include "apps/lab/experiment.hpp"

#include "apps/lab/experiments.hpp"

namespace gradus::lab {

const Registry<Experiment>& experiments() {
  static const Registry<Experiment> table = [] {
    std::vector<Registry<Experiment>::Entry> entries;
    for (const auto make : {invariance,
                            affine,
                            batch_normalization,
                            init_scale,
                            norms,
                            layer_normalization,
                            group_normalization,
                            cosine_normalization,
                            local_response,
                            whitening,
                            initialization,
                            symmetry,
                            valley,
                            adadelta,
                            bias_correction,
                            batch_size,
                            flat_minima,
                            schedules,
                            lr_range,
                            weight_decay,
                            sparsity,
                            dropout,
                            augment,
                            regularizers,
                            recurrent_dropout,
                            clipping,
                            feature_scale,
                            search,
                            criteria,
                            divergences,
                            gradient_check}) {
      const Experiment experiment = make();
      entries.push_back({experiment.name, experiment.title, experiment});
    }
    return Registry<Experiment>("experiment", std::move(entries));
  }();
  return table;
}

std::vector<Experiment> all_experiments() {
  std::vector<Experiment> result;
  for (const auto& entry : experiments().entries()) result.push_back(entry.make);
  return result;
}

std::vector<Chapter> chapters(const std::vector<Experiment>& experiments) {
  std::vector<Chapter> result;
  for (const Experiment& experiment : experiments) {
    const auto same = [&](const Chapter& chapter) { return chapter.name == experiment.chapter; };
    auto found = std::find_if(result.begin(), result.end(), same);
    if (found == result.end()) found = result.insert(found, {experiment.chapter, {}});
    found->experiments.push_back(experiment);
  }
  return result;
}

std::string to_string(const Verdict& verdict) {
  if (verdict.outcome == Outcome::holds) return "holds";
  if (verdict.outcome == Outcome::fails) return "doesn't hold";
  return "holds under the condition that " + verdict.condition;
}

}  // namespace gradus::lab
