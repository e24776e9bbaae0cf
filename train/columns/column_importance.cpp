#include "train/columns/column_importance.hpp"

#include <numeric>

#include "core/ops/shape.hpp"
#include "core/statistics.hpp"

namespace gradus::train {
namespace {

constexpr const char* importance_name = "permutation_importance";
constexpr int64_t fewest_samples = 50, samples_at_once = 512;

void check_importance(const ImportanceOptions& options) {
  const std::pair<const char*, int64_t> counts[] = {{"repeats", options.repeats},
                                                    {"most_samples", options.most_samples},
                                                    {"most_predictions", options.most_predictions}};
  for (const auto& [name, count] : counts)
    require(count >= 1, importance_name, "{} must be 1 or more, got {}", name, count);
}

// The indices of the samples that count: all if none has a weight above 0.
std::vector<int64_t> weighted_samples(const data::Dataset& dataset) {
  std::vector<int64_t> all(static_cast<std::size_t>(dataset.size()));
  std::iota(all.begin(), all.end(), 0);
  const Tensor weights = dataset.weights();
  if (!weights.defined()) return all;
  std::vector<int64_t> result;
  std::ranges::copy_if(all, std::back_inserter(result),
                       [&](int64_t i) { return weights.data<float>()[i] > 0; });
  return result.empty() ? all : result;
}

// `count` of the samples, in their order.
std::vector<int64_t> drawn_samples(const std::vector<int64_t>& samples, int64_t count, Rng rng) {
  if (count == std::ssize(samples)) return samples;
  std::vector<int64_t> places = rng.permutation(std::ssize(samples));
  places.resize(static_cast<std::size_t>(count));
  std::ranges::sort(places);
  for (int64_t& place : places) place = samples[static_cast<std::size_t>(place)];
  return places;
}

// Copies a column's features: row i of `to` gets those of row rows[i] of `from`, both (…,
// features).
void copy_column(const float* from, float* to, int64_t features, const FeatureRange& column,
                 std::span<const int64_t> rows) {
  for (const int64_t row : rows) {
    std::copy(from + row * features + column.first, from + row * features + column.second,
              to + column.first);
    to += features;
  }
}

// The score of a model for samples whose inputs change.
class ScoreOfInputs {
 public:
  ScoreOfInputs(layers::Module& model, const data::Dataset& samples, const Loss& loss)
      : model_(model),
        samples_(samples),
        loss_(loss ? loss : task_of(samples).default_loss()),
        targets_(samples.targets()),
        weights_(samples.weights()),
        total_(total_weight(samples)) {}

  // A matrix mixes the columns, so these are still apart: it is applied afterwards.
  Tensor inputs() const {
    return has_matrix() ? samples_.raw_batch(0, samples_.size()).inputs
                        : samples_.batch(0, samples_.size()).inputs;
  }

  // The scores of several copies of the samples, one after the other.
  std::vector<double> operator()(const Tensor& inputs) const {
    const Task& task = task_of(samples_);
    const Tensor outputs =
        detail::outputs_in_parts(model_, has_matrix() ? samples_.normalization()(inputs) : inputs);
    const Tensor predictions = task.predictions(outputs, loss_, samples_.target_scale());
    std::vector<double> scores;
    for (int64_t first = 0; first < inputs.size(0); first += samples_.size()) {
      const Tensor part = row_view(predictions, first, samples_.size());
      scores.push_back(task.score.of_mean(task.score.sum(targets_, part, weights_) / total_));
    }
    return scores;
  }

 private:
  bool has_matrix() const { return samples_.normalization().matrix.defined(); }

  layers::Module& model_;
  const data::Dataset& samples_;
  Loss loss_;
  Tensor targets_, weights_;
  double total_;
};

}  // namespace

namespace detail {

void require_columns(const char* operation, std::span<const FeatureRange> columns,
                     int64_t features) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    require(columns[i].first >= 0 && columns[i].first <= columns[i].second &&
                columns[i].second <= features,
            operation, "column {} has the features {} to {} of {}", i, columns[i].first,
            columns[i].second, features);
}

Tensor outputs_in_parts(layers::Module& model, const Tensor& inputs) {
  const int64_t samples = inputs.size(0);
  if (samples <= samples_at_once) return model(inputs);
  Tensors parts;
  for (int64_t first = 0; first < samples; first += samples_at_once)
    parts.push_back(model(slice(inputs, 0, first, std::min(samples, first + samples_at_once))));
  return cat(parts, 0);
}

}  // namespace detail

int64_t importance_samples(int64_t size, int64_t columns, const ImportanceOptions& options) {
  check_importance(options);
  const int64_t affordable =
      options.most_predictions / std::max<int64_t>(1, columns) / options.repeats;
  return std::min({size, options.most_samples, std::max(fewest_samples, affordable)});
}

std::vector<ColumnImportance> permutation_importance(layers::Module& model,
                                                     const data::Dataset& dataset,
                                                     std::span<const FeatureRange> columns,
                                                     const ImportanceOptions& options,
                                                     const Rng& rng) {
  const std::vector<int64_t> weighted = weighted_samples(dataset);
  const int64_t count = importance_samples(std::ssize(weighted), std::ssize(columns), options);
  const data::Dataset samples = dataset.subset(drawn_samples(weighted, count, rng.fork(0)));
  const ScoreOfInputs score_of(model, samples, options.loss);
  const Tensor inputs = score_of.inputs();
  require(inputs.rank() == 2, importance_name, "samples must be features (F), got {}",
          inputs.shape().without(0));
  detail::require_columns(importance_name, columns, inputs.size(1));

  const auto scope = model.evaluation_scope();
  const double sign = task_of(dataset).score.larger_is_better ? -1 : 1;
  const double best = score_of(inputs)[0];
  // Few samples are shuffled several times before the model is called: it takes more at once.
  const int64_t features = inputs.size(1), shuffles = std::ssize(columns) * options.repeats;
  const int64_t at_once = std::max<int64_t>(1, samples_at_once / count);
  std::vector<double> losses;
  for (int64_t first = 0; first < shuffles; first += at_once) {
    const int64_t copies = std::min(at_once, shuffles - first);
    Tensor changed = Tensor::empty({copies * count, features});
    for (int64_t i = 0; i < copies; ++i) {
      const int64_t repeat = (first + i) % options.repeats;
      const FeatureRange& column = columns[static_cast<std::size_t>((first + i) / options.repeats)];
      float* to = changed.mutable_data<float>() + i * count * features;
      std::copy_n(inputs.data<float>(), inputs.numel(), to);
      copy_column(inputs.data<float>(), to, features, column,
                  rng.fork(1 + static_cast<uint64_t>(column.first))
                      .fork(static_cast<uint64_t>(repeat))
                      .permutation(count));
    }
    for (const double score : score_of(changed)) losses.push_back(sign * (score - best));
  }
  std::vector<ColumnImportance> result;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto repeats = static_cast<std::size_t>(options.repeats);
    const Estimate loss = estimate(std::span(losses).subspan(i * repeats, repeats));
    result.push_back({static_cast<int64_t>(i), loss.mean, loss.spread});
  }
  return result;
}

}  // namespace gradus::train
