#include "train/uncertainty.hpp"

#include "core/ops/elementwise.hpp"
#include "core/ops/loss/loss.hpp"
#include "data/metrics.hpp"
#include "layers/monte_carlo.hpp"

namespace gradus::train {

static MeanUncertainty mean_of(const MeanUncertainty& sums) {
  const auto samples = static_cast<double>(sums.samples);
  return {sums.samples, sums.entropy / samples, sums.mutual_information / samples};
}

Uncertainty estimate_uncertainty(layers::Module& model, const data::Dataset& dataset,
                                 int64_t predictions, Rng rng, int64_t batch_size) {
  Uncertainty result{.predictions = predictions};
  MeanUncertainty right, wrong;  // sums
  data::for_each_batch(dataset, batch_size, [&](int64_t, const data::Batch& batch) {
    const layers::MonteCarloPrediction made =
        layers::monte_carlo_predict(model, batch.inputs, predictions, rng);
    result.loss += nll_loss(log(made.mean), batch.targets, {.reduction = Reduction::sum}).item();
    const Tensor classes = data::predictions(made.mean);
    for (int64_t i = 0; i < batch.targets.numel(); ++i) {
      const bool is_right = classes.data<int64_t>()[i] == batch.targets.data<int64_t>()[i];
      MeanUncertainty& sums = is_right ? right : wrong;
      sums.samples += 1;
      sums.entropy += made.entropy.data<double>()[i];
      sums.mutual_information += made.mutual_information.data<double>()[i];
    }
  });
  const auto samples = static_cast<double>(dataset.size());
  result.loss /= samples;
  result.accuracy = static_cast<double>(right.samples) / samples;
  result.right = mean_of(right);
  result.wrong = mean_of(wrong);
  return result;
}

}  // namespace gradus::train
