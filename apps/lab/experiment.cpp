#include "apps/lab/experiment.hpp"

#include "apps/lab/experiments.hpp"

namespace gradus::lab {

const Registry<Experiment>& experiments() {
  static const Registry<Experiment> table = [] {
    std::vector<Registry<Experiment>::Entry> entries;
    for (const auto make : {invariance_experiment::make,
                            affine_experiment::make,
                            batch_normalization_experiment::make,
                            init_scale_experiment::make,
                            norms_experiment::make,
                            layer_normalization_experiment::make,
                            group_normalization_experiment::make,
                            cosine_normalization_experiment::make,
                            local_response_experiment::make,
                            whitening_experiment::make,
                            initialization_experiment::make,
                            symmetry_experiment::make,
                            valley_experiment::make,
                            adadelta_experiment::make,
                            bias_correction_experiment::make,
                            batch_size_experiment::make,
                            flat_minima_experiment::make,
                            schedules_experiment::make,
                            lr_range_experiment::make,
                            weight_decay_experiment::make,
                            sparsity_experiment::make,
                            dropout_experiment::make,
                            augment_experiment::make,
                            regularizers_experiment::make,
                            recurrent_dropout_experiment::make,
                            clipping_experiment::make,
                            feature_scale_experiment::make,
                            search_experiment::make,
                            criteria_experiment::make,
                            divergences_experiment::make,
                            gradient_check_experiment::make}) {
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
