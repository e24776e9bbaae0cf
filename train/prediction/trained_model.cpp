#include "train/prediction/trained_model.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/error.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/text/counted.hpp"
#include "data/picture/fit_image.hpp"
#include "data/picture/picture_sample.hpp"
#include "data/table/table_data.hpp"
#include "train/checkpoint.hpp"

namespace gradus::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* model_name = "trained_model";
constexpr int64_t samples_per_call = 512;
constexpr float white = 255;

// The values as bytes, if each is one up to rounding; otherwise nothing.
std::vector<uint8_t> rounded_pixels(const Tensor& values) {
  constexpr float tolerance = 1e-3f;
  std::vector<uint8_t> bytes(static_cast<std::size_t>(values.numel()));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const float byte = values.data<float>()[i] * white, whole = std::round(byte);
    if (!(whole >= 0 && whole <= white && std::abs(byte - whole) < tolerance)) return {};
    bytes[i] = static_cast<uint8_t>(whole);
  }
  return bytes;
}

std::vector<uint8_t> checked_bytes(const Tensor& inputs) {
  std::vector<uint8_t> bytes;
  for (int64_t i = 0; i < inputs.numel(); ++i) {
    const int64_t byte = inputs.data<int64_t>()[i];
    require(byte >= 0 && byte <= 255, model_name, "pictures as i64 must be bytes 0 to 255, got {}",
            byte);
    bytes.push_back(static_cast<uint8_t>(byte));
  }
  return bytes;
}

// Samples without targets of their own.
data::Dataset dataset_of_inputs(const Tensor& inputs, const Shape& sample) {
  const bool are_pictures = sample.rank() == 3, are_bytes = inputs.dtype() == DType::i64;
  require(inputs.rank() > 0 && inputs.size(0) > 0 && inputs.shape().without(0) == sample,
          model_name, "inputs must be (N, {}, got {}", to_string(sample).substr(1), inputs.shape());
  require(is_floating(inputs.dtype()) || (are_pictures && are_bytes), model_name,
          "inputs must be {}, got {}", are_pictures ? "f32, f64 or i64" : "f32 or f64",
          to_string(inputs.dtype()));
  const int64_t count = inputs.size(0);
  data::Targets none{data::TargetKind::numbers, Tensor::zeros({count, 1}), 1};
  if (are_bytes) return data::Dataset::of_bytes(checked_bytes(inputs), sample, std::move(none));
  const Tensor values = cast(inputs.detach(), DType::f32);
  if (std::vector<uint8_t> bytes = are_pictures ? rounded_pixels(values) : std::vector<uint8_t>();
      !bytes.empty())
    return data::Dataset::of_bytes(std::move(bytes), sample, std::move(none));
  return data::Dataset::of_values(values.to_vector<float>(), sample, std::move(none));
}

const TableInputs& table_of(const ModelDescription& description) {
  require(description.table.has_value(), model_name, "the model wasn't trained on a table");
  return *description.table;
}

// The file with a run's weights, or nothing.
std::string weights_in(const fs::path& folder) {
  std::vector<const char*> names{weights_file};
  names.insert(names.end(), CheckpointFolder::files.begin(), CheckpointFolder::files.end());
  for (const char* name : names)
    if (fs::exists(folder / name)) return (folder / name).string();
  return "";
}

}  // namespace

// The network behind the normalization. Its layers keep their names.
class TrainedModel::Network : public layers::Layer<Network> {
 public:
  Network(data::Normalization normalization, layers::Sequential network)
      : normalization_(std::move(normalization)), network_(std::move(network)) {}

  Tensor forward(const Tensor& x) override { return network_.forward(normalization_(x)); }
  void members(layers::Members& members) override { network_.members(members); }
  std::string description() const override { return network_.description(); }

  // For samples that are normalized.
  layers::Sequential& inner() { return network_; }

 private:
  data::Normalization normalization_;
  layers::Sequential network_;
};

TrainedModel::TrainedModel(SavedModel saved)
    : description_(std::make_shared<const ModelDescription>(std::move(saved.description))),
      network_(std::make_shared<Network>(description_->normalization, std::move(saved.model))) {}

Tensor TrainedModel::operator()(const Tensor& inputs) const {
  if (description().tokenizer) return token_probabilities(inputs);
  return (*this)(dataset_of_inputs(inputs, description().sample));
}

Tensor TrainedModel::token_probabilities(const Tensor& windows) const {
  require(windows.dtype() == DType::i64 && windows.rank() == 2 && windows.size(0) > 0 &&
              windows.size(1) > 0 && windows.size(1) <= description().sample.numel(),
          model_name, "windows of tokens must be i64 (N, T) of at most {} tokens, got {} {}",
          description().sample.numel(), to_string(windows.dtype()), windows.shape());
  layers::Sequential& network = network_->inner();
  const layers::EvaluationScope evaluation(network);
  return cast(task_of(description().targets.kind).judged(network(windows), {}, {}), DType::f64);
}

Tensor TrainedModel::operator()(const data::Dataset& samples) const {
  return predict(samples).values;
}

Tensor TrainedModel::operator()(const data::DataTable& rows) const {
  return (*this)(encoded(rows));
}

Predictions TrainedModel::predict(const data::Dataset& samples) const {
  const PredictedTargets& targets = description().targets;
  const Task& task = task_of(targets.kind);
  const Loss loss = make_loss(targets.kind, targets.loss);
  // Deviations have the unit of the numbers, but aren't moved by their mean.
  const data::TargetScale unit{std::vector<double>(targets.scale.mean.size()),
                               targets.scale.deviation};
  layers::Sequential& network = network_->inner();
  const layers::EvaluationScope evaluation(network);
  Tensors values, deviations;
  data::for_each_batch(
      prepared(description(), samples), samples_per_call, [&](int64_t, const data::Batch& batch) {
        const Tensor outputs = network(batch.inputs);
        values.push_back(cast(task.judged(outputs, loss, targets.scale), DType::f64));
        if (loss.deviations)
          deviations.push_back(unit.restored(cast(loss.deviations(outputs), DType::f64)));
      });
  return {cat(values, 0), deviations.empty() ? Tensor() : cat(deviations, 0)};
}

std::vector<std::string> TrainedModel::classes() const {
  const PredictedTargets& targets = description().targets;
  require(targets.kind != data::TargetKind::numbers, model_name,
          "the model predicts numbers, not classes");
  std::vector<std::string> names;
  for (int64_t i = 0; i < description().options.classes; ++i)
    names.push_back(data::target_name(targets.names, i));
  return names;
}

layers::Module& TrainedModel::network() const {
  return *network_;
}

Tensor TrainedModel::fitted(const Tensor& picture) const {
  const Shape& sample = description().sample;
  require(sample.rank() == 3, model_name, "the model's samples are {}, not pictures (C, H, W)",
          sample);
  const auto& [framing, fit] = std::tie(description().framing, description().fit);
  const Tensor image = fit ? data::picture_sample(picture, sample, *fit)
                           : data::fit_image(picture, sample, {.framing = framing}).image;
  return rounded_to_bytes(reshape(image, sample.inserted(0, 1)));
}

data::DataTable TrainedModel::read_table(const std::string& path) const {
  return data::read_table_like(path, table_of(description()).schema,
                               {.needs_target = false, .keeps_texts = true});
}

data::Dataset TrainedModel::encoded(const data::DataTable& rows,
                                    std::vector<int64_t>* unknown) const {
  return data::dataset_of(rows, table_of(description()).encoding, unknown);
}

SavedModel read_run(const std::string& folder) {
  if (!fs::is_directory(folder)) file_error(folder, "no such run folder");
  if (const std::string file = weights_in(folder); !file.empty()) return read_model(file);
  std::vector<std::string> runs;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && !weights_in(entry.path()).empty())
      runs.push_back(entry.path().string());
  if (!runs.empty())
    file_error(folder, "contains {}; load one of them, such as {}",
               counted(std::ssize(runs), "run"), *std::ranges::min_element(runs));
  file_error(folder, "contains no weights yet");
}

TrainedModel load_run(const std::string& folder) {
  return TrainedModel(read_run(folder));
}

data::Dataset prepared(const ModelDescription& description, const data::Dataset& samples) {
  const Shape shape = samples.normalized({}).sample_shape();
  require(shape == description.sample, model_name, "samples must be {}, got {}", description.sample,
          shape);
  const data::Dataset normalized = samples.normalized(description.normalization);
  const data::TargetScale& scale = description.targets.scale;
  const bool has_scale = samples.target_kind() == data::TargetKind::numbers &&
                         description.targets.kind == data::TargetKind::numbers &&
                         samples.target_count() == std::ssize(scale.mean);
  return has_scale ? normalized.scaled(scale) : normalized;
}

Tensor rounded_to_bytes(const Tensor& values) {
  Tensor result = values.clone();
  for (float& value : std::span(result.mutable_data<float>(), result.numel()))
    value = std::round(value * white) / white;
  return result;
}

}  // namespace gradus::train
