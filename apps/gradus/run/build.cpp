#include "apps/gradus/run/build.hpp"

#include <filesystem>

#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/gradus/run/run_pictures.hpp"
#include "core/ops/elementwise.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"
#include "data/sampling.hpp"
#include "data/transform/augmentation.hpp"
#include "layers/network/outer_parameters.hpp"
#include "layers/norm/normalizations.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "train/teacher.hpp"

namespace gradus::app {
namespace {

// The batch size for initializers that need data.
constexpr int64_t initial_batch = 256;

bool is_image(const data::Dataset& dataset) {
  return dataset.sample_shape().rank() == 3;
}

// Small data sets need more epochs for the same number of steps.
int64_t default_epochs(const data::Dataset& train) {
  if (train.size() >= 10000) return 3;
  return is_image(train) ? 6 : 40;
}

bool is_only(const char* schedule, const std::vector<optim::SchedulePart>& parts) {
  return std::ranges::all_of(
      parts, [=](const optim::SchedulePart& part) { return part.name == schedule; });
}

int64_t steps_per_epoch(const TrainConfig& options, const data::Dataset& train) {
  const int64_t batch = options.batch_size * options.accumulate, whole = train.size() / batch;
  if (whole == 0 && options.drop_last)
    throw UsageError(
        "--drop-last leaves no batch: --batch-size {}{} is more than {} samples",
        options.batch_size,
        options.accumulate > 1 ? fmt::format(" times --accumulate {}", options.accumulate) : "",
        train.size());
  return whole + (!options.drop_last && train.size() % batch > 0);
}

// "0=1.5,1=0.75": N/(K·n) for each of the K classes that occur, n of N samples; (N − n)/n for each
// label.
std::string balanced_weights(const data::Dataset& train) {
  const std::vector<int64_t> counts = data::target_counts(train);
  const auto classes = static_cast<double>(counts.size() - std::ranges::count(counts, 0));
  const bool are_classes = train.target_kind() == data::TargetKind::classes;
  std::vector<std::string> weights;
  for (std::size_t label = 0; label < counts.size(); ++label) {
    const auto count = static_cast<double>(counts[label]), n = static_cast<double>(train.size());
    if (count > 0 && (are_classes || count < n))
      weights.push_back(
          fmt::format("{}={}", label, are_classes ? n / (classes * count) : (n - count) / count));
  }
  return fmt::format("{}", fmt::join(weights, ","));
}

// The factor of each class.
std::vector<float> parse_class_weights(const std::string& text, int64_t classes) {
  std::vector<float> weights(static_cast<std::size_t>(classes), 1);
  for (const std::string_view part : split(text, ',')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::optional<int64_t> label = parse_number<int64_t>(trimmed(part.substr(0, equals)));
    const std::optional<double> weight =
        parse_number<double>(trimmed(part.substr(std::min(equals + 1, part.size()))));
    if (!label || !weight || !range::positive.holds(*weight))
      throw UsageError(
          "--class-weights must be balanced or CLASS=WEIGHT,… with positive weights, got '{}'",
          text);
    if (*label < 0 || *label >= classes)
      throw UsageError("--class-weights: there is no class {}, only 0 to {}", *label, classes - 1);
    weights[static_cast<std::size_t>(*label)] = static_cast<float>(*weight);
  }
  return weights;
}

train::ModelDescription describe_model(const TrainConfig& options, const RunData& data) {
  const data::Dataset& train = data.train;
  Tensor batch;
  if (!options.init.empty()) batch = train.batch(0, std::min(train.size(), initial_batch)).inputs;
  layers::ModelOptions network = model_options(options);
  network.input = train.sample_shape();
  if (data.tokenizer) network.tokens = data.tokenizer->size();
  network.classes = train.target_count() * build_loss(options, train).outputs_per_number;
  if (data.table)
    for (const data::EmbeddingColumn& column : data.table->inputs.encoding.embeddings())
      network.index_columns.push_back({column.feature, column.values, column.width});
  network.init = options.init;
  network.batch = batch;
  return {.model = options.model,
          .options = network,
          .normalization = train.normalization(),
          .sample = train.normalized({}).sample_shape(),
          .framing = data.fit ? std::nullopt : data::find_framing(train),
          .fit = data.fit,
          .targets = {.kind = train.target_kind(),
                      .names = train.target_names(),
                      .scale = train.target_scale(),
                      .loss = options.loss},
          .table = data.table ? std::optional(data.table->inputs) : std::nullopt,
          .tokenizer = data.tokenizer};
}

data::BatchTransform build_augmentation(const TrainConfig& options, const RunData& data) {
  if (options.augment.empty()) return {};
  const Shape sample = data.train.normalized({}).sample_shape();
  if (sample.rank() != 3)
    throw UsageError("--augment needs images, but samples of {} are {}", data.name, sample);
  return as_usage([&] { return data::augment(options.augment); });
}

std::optional<optim::WeightAverage> build_average(const TrainConfig& options,
                                                  layers::Module& model) {
  if (options.swa && options.epochs && *options.swa > *options.epochs)
    throw UsageError("--swa must be at most --epochs ({}), got {}", *options.epochs, *options.swa);
  if (!options.ema && !options.swa) return std::nullopt;
  return optim::WeightAverage(model.state_dict(),
                              {.decay = options.ema, .warmup = options.ema.has_value()},
                              model.tensors(layers::Role::iterate));
}

std::optional<optim::EarlyStoppingOptions> early_stopping(const TrainConfig& options) {
  if (options.patience)
    return optim::EarlyStoppingOptions{.patience = *options.patience,
                                       .min_delta = options.min_delta};
  return std::nullopt;
}

std::function<data::MixedBatch(const data::Batch&, Rng&)> build_mix(const TrainConfig& options,
                                                                    const RunData& data) {
  const data::Dataset& train = data.train;
  if (options.mixup) require_no_indices(data, "--mixup");
  if (options.cutmix && !is_image(train))
    throw UsageError(
        is_image(train.normalized({}))
            ? fmt::format("--cutmix needs images, but --preprocess {} turns them into vectors",
                          options.preprocess)
            : fmt::format("--cutmix needs images, but samples of {} are {}", data.name,
                          train.sample_shape()));
  const auto by = [](auto mix, double alpha) {
    return [=](const data::Batch& batch, Rng& rng) { return mix(batch, alpha, rng); };
  };
  if (options.mixup) return by(data::mixup, *options.mixup);
  if (options.cutmix) return by(data::cutmix, *options.cutmix);
  return {};
}

train::StepRules build_rules(const TrainConfig& options, layers::Module& model) {
  for (const char* norm : {"weight", "weight-centered"})
    if (options.step.proximal && !options.norm.empty() &&
        layers::NormText(options.norm).weights.name == norm)
      throw UsageError(
          "--proximal cannot be combined with --norm {}: it may set all weights of an output to 0, "
          "and their direction is then undefined",
          norm);
  return as_usage(
      [&] { return train::StepRules(options.step, model, Streams(options.seed).noise()); });
}

// Without a teacher.
train::Training build_training(const ResolvedConfig& config, const RunData& data,
                               layers::Module& model, optim::Optimizer& optimizer) {
  const TrainConfig& options = config.options;
  const Streams streams(options.seed);
  const DistillationOptions softened;
  return {.model = model,
          .optimizer = optimizer,
          .schedule = build_schedule(config),
          .loss = build_loss(options, data.train),
          .rules = build_rules(options, model),
          .early_stopping = early_stopping(options),
          .train = data.train,
          .validation = data.validation,
          .watched_test = options.watch_test ? std::optional(data.test) : std::nullopt,
          .epochs = config.epochs,
          .batch_size = options.batch_size * options.accumulate,
          .micro_batch = options.batch_size,
          .drop_last = options.drop_last,
          .shuffle = options.windows == "random",
          .balanced = options.balanced,
          .most_steps = options.steps,
          .augmentation = build_augmentation(options, data),
          .average = build_average(options, model),
          .average_from = options.swa,
          .order = [root = streams.order(), order = Rng(0),
                    before = options.extended.epochs](int64_t epoch) mutable -> Rng& {
            return order = root.fork(static_cast<uint64_t>(before + epoch));
          },
          .steps_before = options.extended.steps,
          .mix = build_mix(options, data),
          .mixing = streams.mixing(),
          .distillation = {.temperature = options.temperature.value_or(softened.temperature),
                           .alpha = options.teacher_alpha.value_or(softened.alpha)}};
}

// Finds out before training whether the optimizer has the momentum that the schedule sets.
void try_momentum(TrainingSetup& setup) {
  if (setup.training.schedule.sets_momentum())
    as_usage([&] { build_optimizer(setup.config, setup.model)->set_momentum(0); });
}

// Finds out before training whether the model accepts the smallest batch.
void try_smallest_batch(const TrainingSetup& setup) {
  const train::Training& training = setup.training;
  const int64_t size = training.train.size(), rest = size % training.micro_batch;
  const bool has_rest = rest > 0 && !training.drop_last;
  const auto try_batch = [&](int64_t samples) {
    layers::Sequential trial = setup.model;
    const data::Batch batch = training.train.batch(0, samples);
    Rng rng = training.mixing;
    if (training.mix) training.mix(batch, rng);
    training.loss(trial(batch.inputs), batch.targets);
  };
  try {
    try_batch(has_rest ? rest : std::min(size, training.micro_batch));
  } catch (const std::invalid_argument& error) {
    if (!has_rest || rest == size) throw UsageError(error.what());
    as_usage([&] { try_batch(training.micro_batch); });
    throw UsageError("{}; --drop-last leaves out the last batch of {}", error.what(),
                     counted(rest, "sample"));
  }
}

// Brings the training to the end of that of the run that it extends, or only the model if the run
// has no checkpoint.
void continue_run(TrainingSetup& setup) {
  const RunFolder run = RunFolder::open(setup.config.options.extended.path);
  require_same_data(run.path(), run.config(), setup.data);
  train::CheckpointFolder checkpoints = run.checkpoints(setup.config.model);
  if (checkpoints.has_checkpoint())
    checkpoints.read(setup.training);
  else
    setup.model.load_state_dict(run.load_model().model.state_dict());
  setup.training.steps_before = setup.optimizer->steps();
}

}  // namespace

ResolvedConfig resolve(const TrainConfig& given, const RunData& data) {
  ResolvedConfig result{.options = given};
  TrainConfig& options = result.options;
  options.data = data.data;
  options.data_dir = data.data_dir;
  if (!options.test_data.empty())
    options.test_data = std::filesystem::absolute(options.test_data).string();
  options.threads = num_threads();
  if (data.fit) options.size = size_text(data.train.normalized({}).sample_shape());
  // Data with a validation part of its own needs none from the training set.
  if (!options.val_split)
    options.val_split = data.has_own_validation ? 0 : options.validation_part();
  const train::Task& task = train::task_of(data.train);
  options.task = task.name;
  if (options.loss.empty()) options.loss = task.loss;
  check(options);
  if (options.class_weights == "balanced") options.class_weights = balanced_weights(data.train);
  if (options.model.empty()) {
    options.model = data.tokenizer ? "gpt" : is_image(data.train) ? "cnn-bn" : "mlp";
    // Tables are mostly small and noisy.
    if (data.table && !options.dropout) options.dropout = 0.5;
  }
  if (!options.epochs && !options.steps) options.epochs = default_epochs(data.train);
  if (!options.teacher.empty())
    options.teacher = std::filesystem::absolute(options.teacher).lexically_normal().string();
  as_usage([&] {
    const optim::OptimizerFactory& make = optim::optimizers().find(options.optimizer);
    const bool is_schedule_free = options.optimizer == "schedule-free-adamw";
    if (options.schedule.empty()) options.schedule = is_schedule_free ? "constant" : "one-cycle";
    result.schedule = optim::parse_schedule(options.schedule);
    if (is_schedule_free && !is_only("constant", result.schedule))
      throw UsageError(
          "--schedule must be constant with --optimizer schedule-free-adamw, which may have a "
          "--warmup; got {}",
          options.schedule);
    // The rate of one-cycle is a peak and may be higher.
    if (!options.lr) options.lr = is_only("one-cycle", result.schedule) ? make.peak_lr : make.lr;
  });
  result.model = describe_model(options, data);
  result.lr = *options.lr;
  result.steps_per_epoch = steps_per_epoch(options, data.train);
  result.epochs =
      options.steps ? (*options.steps - 1) / result.steps_per_epoch + 1 : *options.epochs;
  result.steps = options.steps.value_or(result.epochs * result.steps_per_epoch);
  return result;
}

layers::ModelOptions model_options(const TrainConfig& options) {
  return {.activation = options.activation,
          .norm = options.norm,
          .dropout = options.dropout,
          .input_dropout = options.input_dropout,
          .channel_dropout = options.channel_dropout,
          .drop_connect = options.drop_connect};
}

layers::Sequential build_model(const train::ModelDescription& description, Rng rng) {
  return as_usage([&] { return layers::build(description.model, description.options, rng); });
}

train::Loss build_loss(const TrainConfig& given, const data::Dataset& data) {
  const train::Loss loss =
      as_usage([&] { return train::make_loss(data.target_kind(), given.loss); });
  Tensor weight;
  if (!given.class_weights.empty())
    weight = Tensor::from(parse_class_weights(given.class_weights, data.target_count()),
                          {data.target_count()});
  if (weight.defined() && data.target_kind() == data::TargetKind::labels)
    return train::binary_loss(weight);
  if (given.focal_gamma || (weight.defined() && given.loss == "focal"))
    return [options = FocalOptions{.gamma = given.focal_gamma.value_or(FocalOptions().gamma),
                                   .alpha = weight,
                                   .reduction = Reduction::none}](const Tensor& logits,
                                                                  const Tensor& labels) {
      return focal_loss(logits, labels, options);
    };
  if (given.label_smoothing == 0 && !weight.defined()) return loss;
  if (data.target_kind() == data::TargetKind::tokens)
    return train::token_loss(given.label_smoothing);
  // The mean is over the samples, whatever their classes' weights, so that it doesn't depend on how
  // they are batched.
  const CrossEntropyOptions options{.weight = weight,
                                    .reduction = Reduction::none,
                                    .label_smoothing = given.label_smoothing,
                                    .smooth_wrong_classes_only = given.smooth_wrong_classes};
  return [options](const Tensor& logits, const Tensor& labels) {
    return cross_entropy(logits, labels, options);
  };
}

std::unique_ptr<optim::Optimizer> build_optimizer(const ResolvedConfig& config,
                                                  layers::Module& model) {
  return as_usage([&] {
    const TrainConfig& options = config.options;
    const NamedTensors outer = layers::outer_parameters(model);
    if (options.optimizer == "muon" && outer.size() == model.parameters().size())
      throw UsageError(
          "--optimizer muon needs a hidden layer: it updates the first and the last one by AdamW");
    auto optimizer = optim::optimizers().find(options.optimizer)(
        model.parameters(), config.lr, values(options.optimizer_flags), outer);
    if (options.no_decay_of_vectors) {
      if (!optimizer->has_weight_decay())
        throw UsageError("--no-decay-of-vectors needs --weight-decay");
      for (const layers::Role role : {layers::Role::bias, layers::Role::gain})
        optimizer->exempt_from_decay(model.tensors(role));
    }
    for (const optim::Group& group : parse_groups(options.group)) optimizer->add_group(group);
    return optimizer;
  });
}

optim::Schedule build_schedule(const ResolvedConfig& config) {
  const TrainConfig& options = config.options;
  return as_usage([&] {
    // Without epochs there is still a schedule, for nothing.
    const int64_t steps = config.steps > 0 ? config.steps : config.steps_per_epoch;
    return optim::make_schedule(config.schedule, config.lr, steps, values(options.schedule_flags),
                                options.warmup.value_or(0));
  });
}

std::vector<optim::Group> parse_groups(const std::string& text) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<OptionInfo> options{{"lr", "", none, range::not_negative},
                                        {"lr_factor", "", none, range::not_negative},
                                        {"weight_decay", "", none, range::not_negative}};
  std::vector<optim::Group> groups;
  if (text.empty()) return groups;
  for (Spec spec : parse_specs(text, {.owner = "group", .joints = "+;", .has_patterns = true})) {
    const std::string pattern = spec.name;
    spec.name = "group " + pattern;  // for errors
    const OptionValues values = values_of(spec, options);
    require(!values.empty(), spec.name, "needs lr, lr-factor or weight-decay, as in '{}:lr=0.1'",
            pattern);
    const auto value = [&](const char* name) {
      const auto given = values.find(name);
      return given == values.end() ? std::nullopt : std::optional(std::get<double>(given->second));
    };
    groups.push_back({.pattern = pattern,
                      .lr = value("lr"),
                      .weight_decay = value("weight_decay"),
                      .lr_factor = value("lr_factor")});
  }
  return groups;
}

TrainingSetup::TrainingSetup(const TrainConfig& given)
    : data(load_data(given)),
      config(resolve(given, data)),
      model(build_model(config.model, Streams(given.seed).weights())),
      optimizer(build_optimizer(config, model)),
      training(build_training(config, data, model, *optimizer)) {
  try_momentum(*this);
  if (const std::string& run = config.options.teacher; !run.empty())
    training.teacher = as_usage(
        [&] { return train::make_teacher(RunFolder::open(run).load_model(), data.train); });
  try_smallest_batch(*this);
  if (!config.options.extended.path.empty()) continue_run(*this);
}

}  // namespace gradus::app
