// TrainedModel: the model of a run, which predicts from samples as the data set has them; load_run.
#pragma once

#include "data/table/data_table.hpp"
#include "train/saved_model.hpp"

namespace gradus::train {

/// What a model predicts for N samples.
struct Predictions {
  /// f64 (N, K): the probability of each class or label, or each number in its own unit.
  Tensor values;
  /// f64 (N, K): the standard deviation of each number, if the loss predicts one ("gaussian");
  /// otherwise undefined.
  Tensor deviations = {};
};

/// A trained model that is ready to use. It normalizes its inputs itself, and its results are
/// probabilities of classes and labels, or numbers in their own units:
///
///     const auto model = gd::train::load_run("runs/digits");
///     const gd::Tensor p = model(model.fitted(gd::data::read_image("seven.png")));  // (1, 10)
///     fmt::print("{}: {}\n", model.classes()[7], p(0, 7).item());
///
/// It is a handle: copies share the network. Predicting doesn't record gradients; it leaves the
/// network's mode and values as they are.
class TrainedModel {
 public:
  /// Takes the network and its description.
  explicit TrainedModel(SavedModel saved);

  /// Predictions::values of inputs (N, …) as the data set has them before normalization:
  /// - pictures (N, C, H, W): f32 or f64 from 0 (black) to 1 (white), or the bytes 0 … 255 as i64;
  /// - rows of a table: f32 or f64 (N, F), as of data::TableEncoding::encode();
  /// - tokens of a text: i64 (N, T); the result is (N, T, K), the probabilities of the token after
  ///   each;
  /// - other samples: f32 or f64.
  ///
  /// Pictures whose values are those of bytes give the same bits as in evaluate(). Throws
  /// std::invalid_argument for inputs of another shape or type, and for other bytes.
  Tensor operator()(const Tensor& inputs) const;
  /// The same of all samples of a data set, whose normalization and targets don't matter. Throws
  /// std::invalid_argument for samples of another shape.
  Tensor operator()(const data::Dataset& samples) const;
  /// The same of all rows of a table, as of read_table(). Throws std::invalid_argument if the model
  /// wasn't trained on a table.
  Tensor operator()(const data::DataTable& rows) const;
  /// What operator() returns, and the deviations of numbers.
  Predictions predict(const data::Dataset& samples) const;

  /// The names of the classes or labels, in the order of the results; numbers "0", "1", … if the
  /// data set has no names. Throws std::invalid_argument for a model that predicts numbers.
  std::vector<std::string> classes() const;
  /// How the model was built, what it predicts, and how its inputs are normalized.
  const ModelDescription& description() const { return *description_; }
  /// The network behind the normalization: f32 inputs (N, …) as the data set has them → scores
  /// (N, K) before the softmax. Its gradients reach the inputs, as for saliency(). The names of
  /// its layers are those of the network.
  layers::Module& network() const;

  /// A picture (C, H, W) of any size, as of data::read_image(), made similar to the training images
  /// by data::fit_image(): f32 (1, C, H, W) with the values of bytes. Throws std::invalid_argument
  /// for a picture that can't be fitted, and if the model's samples aren't pictures.
  Tensor fitted(const Tensor& picture) const;
  /// A table whose columns are found by name and whose target may be missing:
  /// data::read_table_like(). Throws std::invalid_argument if the model wasn't trained on a table.
  data::DataTable read_table(const std::string& path) const;
  /// The encoded samples of a table, not normalized. `unknown` gets the number of texts of each
  /// column that the encoding doesn't know. Throws std::invalid_argument if the model wasn't
  /// trained on a table.
  data::Dataset encoded(const data::DataTable& rows, std::vector<int64_t>* unknown = nullptr) const;

 private:
  class Network;

  Tensor token_probabilities(const Tensor& windows) const;

  std::shared_ptr<const ModelDescription> description_;
  std::shared_ptr<Network> network_;
};

/// The name of the file in a run's folder with the weights that are its result.
inline constexpr const char* weights_file = "best.safetensors";

/// The model of a run of `gradus train`: the folder's weights_file, or before the end of the
/// training its newest checkpoint. Throws std::runtime_error "path: …" for a folder that doesn't
/// exist, has several runs or no weights yet, and for a damaged file.
TrainedModel load_run(const std::string& folder);

/// The same as its parts, to train or inspect the network.
SavedModel read_run(const std::string& folder);

/// The samples as the described network takes them: normalized, and numbers as targets scaled, by
/// what it was trained with. Throws std::invalid_argument for samples of another shape.
data::Dataset prepared(const ModelDescription& description, const data::Dataset& samples);

/// Rounds values 0 … 1 to those of bytes, k/255: f32 of any shape → the same shape.
Tensor rounded_to_bytes(const Tensor& values);

}  // namespace gradus::train
