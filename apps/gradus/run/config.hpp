// TrainConfig: the options of train; presets: named sets of options.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "train/step_rules.hpp"

namespace gradus::app {

/// The version of the format of config.json; older runs have none.
///
///     1  the validation samples of --val-split are a random part; without it the test set is the
///        validation set, which chooses the best epoch
///     2  they are a stratified part; without it nothing is chosen
///     3  a table's columns have types, and its test samples are a stratified part
inline constexpr int64_t config_format = 3;

/// The run that --extend continues. It isn't an option: --config RUN doesn't extend.
struct ExtendedRun {
  std::string path;               ///< empty: there is none, or a checkpoint replaces its state
  int64_t epochs = 0, steps = 0;  ///< of its training and those before
};

/// The options of `train`; config.json contains all of them. Empty options have the default that
/// the help describes.
struct TrainConfig {
  int64_t format = config_format;  ///< of the run's config.json; not an option
  ExtendedRun extended;            ///< not an option either
  std::string data = "auto", data_dir;
  std::string test_data, task = "auto", target, ignore, category, number, header;
  std::string split_by, split_by_time, weight;
  std::string images, size, fit = "crop";
  std::optional<int64_t> memory;
  std::optional<int64_t> limit;
  std::optional<double> val_split;
  std::string fold;
  bool no_test = false, watch_test = false;
  std::string preprocess, augment;
  int64_t context = 64;
  std::optional<int64_t> tokens;
  std::string windows = "random";
  bool balanced = false, calibrate = false;

  std::string model, norm, init, activation = "relu";
  std::optional<double> dropout;
  double input_dropout = 0, channel_dropout = 0, drop_connect = 0;

  std::string loss;  ///< empty until the task is known
  double label_smoothing = 0;
  bool smooth_wrong_classes = false;
  std::string class_weights;
  std::optional<double> focal_gamma;
  std::string optimizer = "adam";
  std::optional<double> lr;
  AlgorithmFlags optimizer_flags;
  bool no_decay_of_vectors = false;
  std::string group;
  std::optional<double> ema;
  std::optional<int64_t> swa;

  std::string schedule;  ///< empty until the optimizer is known
  std::optional<int64_t> warmup;
  AlgorithmFlags schedule_flags;  ///< by the names of the schedules' options

  train::StepRuleOptions step;
  int64_t accumulate = 1;
  std::optional<int64_t> patience;
  double min_delta = 0;
  std::optional<double> mixup, cutmix;
  std::string teacher;
  std::optional<double> temperature, teacher_alpha;

  std::optional<int64_t> epochs, steps;
  int64_t batch_size = 128;
  bool drop_last = false;
  int64_t seed = 0;
  std::optional<int64_t> threads;
  bool tensorboard = false;

  /// The option that chooses by the validation set, as in "--patience"; empty if none does.
  std::string chooser() const;
  /// The fraction of the training set that is held out for validation. Throws UsageError if there
  /// is a chooser and --val-split is 0.
  double validation_part() const;
  /// Whether the test set is the validation set: runs of format 1 without --val-split.
  bool validates_on_test() const { return format < 2 && val_split.value_or(0) == 0; }
};

/// Independent random generators for different purposes, made from one seed.
struct Streams {
  explicit Streams(int64_t seed) : root(static_cast<uint64_t>(seed)) {}
  Rng root;
  Rng weights() const { return root.fork(0); }  ///< and of dropout
  Rng order() const { return root.fork(1); }
  Rng held_out() const { return root.fork(2); }
  Rng noise() const { return root.fork(3); }  ///< on gradients
  Rng mixing() const { return root.fork(4); }
  Rng sampling() const { return root.fork(5); }  ///< of predictions with dropout or noise
  Rng folds() const { return root.fork(7); }
  Rng resampling() const { return root.fork(6); }  ///< of the intervals of scores
  Rng shuffles() const { return root.fork(8); }    ///< of the columns of a table
};

Json to_json(const TrainConfig& config);
/// Throws UsageError for options that exclude or need each other, once the task is known.
void check(const TrainConfig& config);
/// Throws std::runtime_error for invalid values.
TrainConfig train_config_from_json(const Json& json);

/// Adds an option for each member of `config`, which must outlive `options`.
void add_train_options(Options& options, TrainConfig& config);
/// Adds the options of the network.
void add_model_options(Options& options, TrainConfig& config);
/// Adds --data and --data-dir, which several commands have.
void add_data_options(Options& options, std::string& data, std::string& data_dir);
/// Adds --threads.
void add_threads_option(Options& options, std::optional<int64_t>& threads);

/// The presets by name: values of options by their names in config.json. The help contains the
/// measured accuracy and the source.
const Registry<Json>& presets();
/// Adds --preset, which loads a preset.
void add_preset_option(Options& options, std::string& preset);

}  // namespace gradus::app
