#include "apps/lab/experiments.hpp"

#include <utility>

// The one list of all experiments, by the names of their files, chapter by chapter.
// clang-format off
#define GRADUS_EXPERIMENTS(row) \
  row(invariance) \
  row(affine) \
  row(batch_normalization) \
  row(init_scale) \
  row(norms) \
  row(layer_normalization) \
  row(group_normalization) \
  row(cosine_normalization) \
  row(local_response) \
  row(whitening) \
  row(signal_variance) \
  row(symmetry) \
  row(valley) \
  row(adadelta_rates) \
  row(bias_correction) \
  row(batch_size) \
  row(flat_minima) \
  row(falling_rates) \
  row(lr_range) \
  row(weight_decay) \
  row(sparsity) \
  row(dropout_ensembles) \
  row(augment) \
  row(regularizers) \
  row(recurrent_dropout) \
  row(cliffs) \
  row(feature_scale) \
  row(search_methods) \
  row(criteria) \
  row(divergences) \
  row(gradient_check)
// clang-format on

namespace gradus::lab {

#define GRADUS_DECLARE(file)    \
  namespace file##_experiment { \
    Experiment make();          \
  }
GRADUS_EXPERIMENTS(GRADUS_DECLARE)
#undef GRADUS_DECLARE

const Registry<Experiment>& experiments() {
  static const Registry<Experiment> table = [] {
    std::vector<Registry<Experiment>::Entry> entries;
#define GRADUS_MAKE(file) file##_experiment::make(),
    for (const Experiment& experiment : {GRADUS_EXPERIMENTS(GRADUS_MAKE)})
      entries.push_back({experiment.name, experiment.title, experiment});
#undef GRADUS_MAKE
    return Registry<Experiment>("experiment", std::move(entries));
  }();
  return table;
}
#undef GRADUS_EXPERIMENTS

std::vector<Experiment> all_experiments() {
  std::vector<Experiment> result;
  for (const auto& entry : experiments().entries()) result.push_back(entry.make);
  return result;
}

}  // namespace gradus::lab
