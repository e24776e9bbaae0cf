#include "apps/gradus/train/uncertainty.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/ops/elementwise.hpp"
#include "core/ops/loss.hpp"
#include "data/metrics.hpp"
#include "layers/monte_carlo.hpp"

namespace gradus::app {
namespace {

Doubt mean_of(const Doubt& sums) {
  const auto samples = static_cast<double>(sums.samples);
  return {sums.samples, sums.entropy / samples, sums.mutual_information / samples};
}

// A mean over no samples is null.
Json to_json(const Doubt& doubt) {
  const auto number = [&](double mean) { return doubt.samples > 0 ? Json(mean) : Json(); };
  return {{"samples", doubt.samples},
          {"entropy", number(doubt.entropy)},
          {"mutual_information", number(doubt.mutual_information)}};
}

void print_row(const char* name, const Doubt& doubt) {
  const auto number = [&](double mean) {
    return doubt.samples > 0 ? fmt::format("{:.4f}", mean) : std::string("-");
  };
  fmt::print("{}  {:>7}  {:>18}  {:>7}\n", name, number(doubt.entropy),
             number(doubt.mutual_information), doubt.samples);
}

}  // namespace

Uncertainty estimate_uncertainty(layers::Module& model, const data::Dataset& dataset,
                                 int64_t predictions, Rng rng, int64_t batch_size) {
  Uncertainty result{.predictions = predictions};
  Doubt right, wrong;  // sums
  for (int64_t first = 0; first < dataset.size(); first += batch_size) {
    const data::Batch batch = dataset.batch(first, std::min(batch_size, dataset.size() - first));
    const layers::MonteCarloPrediction made =
        layers::monte_carlo_predict(model, batch.inputs, predictions, rng);
    result.loss += nll_loss(log(made.mean), batch.targets, {.reduction = Reduction::sum}).item();
    const Tensor classes = data::predictions(made.mean);
    for (int64_t i = 0; i < batch.targets.numel(); ++i) {
      const bool is_right = classes.data<int64_t>()[i] == batch.targets.data<int64_t>()[i];
      Doubt& sums = is_right ? right : wrong;
      sums.samples += 1;
      sums.entropy += made.entropy.data<double>()[i];
      sums.mutual_information += made.mutual_information.data<double>()[i];
    }
  }
  const auto samples = static_cast<double>(dataset.size());
  result.loss /= samples;
  result.accuracy = static_cast<double>(right.samples) / samples;
  result.right = mean_of(right);
  result.wrong = mean_of(wrong);
  return result;
}

Json to_json(const Uncertainty& uncertainty) {
  return {{"predictions", uncertainty.predictions},
          {"loss", uncertainty.loss},
          {"accuracy", uncertainty.accuracy},
          {"right", to_json(uncertainty.right)},
          {"wrong", to_json(uncertainty.wrong)}};
}

void print(const Uncertainty& uncertainty) {
  fmt::print("mean of {} predictions with dropout: loss {:.4f}, accuracy {:.2f} %\n\n",
             uncertainty.predictions, uncertainty.loss, 100 * uncertainty.accuracy);
  fmt::print("       entropy  mutual information  samples\n");
  print_row("right", uncertainty.right);
  print_row("wrong", uncertainty.wrong);
  fmt::print(
      "means, in nats; this loss is the negative logarithm of the label's mean probability\n");
}

}  // namespace gradus::app
