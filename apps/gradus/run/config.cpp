#include "apps/gradus/run/config.hpp"

#include <nlohmann/json.hpp>

#include "data/picture/picture_sample.hpp"
#include "data/sets/sources.hpp"
#include "data/transform/augmentation.hpp"
#include "data/transform/mixing.hpp"
#include "data/transform/preprocessing.hpp"
#include "layers/activation.hpp"
#include "layers/init/initializers.hpp"
#include "layers/network/models.hpp"
#include "layers/norm/normalizations.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "train/fit.hpp"
#include "train/task.hpp"

namespace gradus::app {
namespace {

// Evaluates an average of the weights, and computes the weights anew at each step.
constexpr const char* schedule_free = "optimizer=schedule-free-adamw";

// Normalizations of activations, then of weights.
Choices norm_choices() {
  Choices result = choices(layers::normalizations());
  for (auto& choice : choices(layers::weight_normalizations())) result.push_back(std::move(choice));
  return result;
}

// Of all tasks. A name that several have means its own loss in each.
Choices loss_choices() {
  Choices result;
  for (const auto& task : train::tasks().entries())
    for (Choice& choice : choices(train::losses(task.make.kind))) {
      choice.help = fmt::format("{}: {}", task.name, choice.help);
      result.push_back(std::move(choice));
    }
  return result;
}

Choices task_choices() {
  Choices result{{"auto", "by the targets"}};
  for (Choice& choice : choices(train::tasks())) result.push_back(std::move(choice));
  return result;
}

void add_loss_and_optimizer_options(Options& options, TrainConfig& c) {
  options.group("Loss", "the loss function: --loss, --label-smoothing");
  options.add("loss NAME", &c.loss,
              "loss function to minimise (default cross-entropy, binary or squared, by the task)",
              {.choices = loss_choices()});
  options.add("label-smoothing E", &c.label_smoothing,
              "part of the target that is distributed equally over all classes",
              {.range = range::zero_to_one, .needs = {"loss=cross-entropy"}});
  options.add("smooth-wrong-classes", &c.smooth_wrong_classes,
              "distribute --label-smoothing only over the wrong classes: E/(K - 1) for each",
              {.needs = {"label-smoothing"}});
  options.add(
      "class-weights WEIGHTS", &c.class_weights,
      "factor of each class in the loss: 'balanced', inversely proportional to the number of "
      "its training samples, or '0=2,7=0.5', where other classes have 1 (default 1); of several "
      "labels it is the factor of samples that have the label",
      {.needs = {"loss=cross-entropy", "loss=focal", "loss=binary"}, .excludes = {"teacher"}});
  options.add("focal-gamma G", &c.focal_gamma,
              "exponent G of the focal loss, -(1 - p)^G·log p: larger values reduce the loss of "
              "samples that are already classified well (default 2)",
              {.range = range::not_negative, .needs = {"loss=focal"}});

  options.group("Optimizer", "how weights are updated: --optimizer, --lr, --ema");
  options.add("optimizer NAME", &c.optimizer, "optimizer, listed with its options and defaults",
              {.choices = choices_with_options(optim::optimizers())});
  options.add("lr RATE", &c.lr,
              "learning rate; the largest one of a schedule (default that of the optimizer, such "
              "as 0.001 for adam, 0.004 with one-cycle)",
              {.range = range::positive});
  for (const auto& entry : optim::optimizers().entries())
    add_algorithm_flags(options, c.optimizer_flags, entry.make.options);
  options.add("no-decay-of-vectors", &c.no_decay_of_vectors,
              "no weight decay for biases and gains: γ and β of normalizations, gains of weights, "
              "slopes of prelu");
  options.add(
      "group GROUPS", &c.group,
      "separate rates and decays for parameters whose names match a pattern, as in "
      "'*.bias:weight-decay=0 + 0.*:lr-factor=0.1'; lr is a constant rate without schedule");
  options.add(
      "ema DECAY", &c.ema,
      "evaluate and save an exponential moving average of the weights; DECAY is the weight of "
      "the old average at each step, such as 0.999, but at most (1 + t)/(10 + t) at step t",
      {.range = range::fraction, .excludes = {"swa", schedule_free}});
  options.add("swa EPOCH", &c.swa,
              "evaluate and save the mean of the weights at the ends of the epochs from EPOCH on "
              "(Izmailov et al. 2018); --patience and the best epoch only count these epochs",
              {.range = range::count, .excludes = {schedule_free}});
}

void add_step_options(Options& options, TrainConfig& c) {
  options.group("Schedule", "how the learning rate changes: --schedule, --warmup");
  options.add("schedule NAME", &c.schedule,
              "learning rate schedule, listed with its options and defaults, or several as "
              "NAME:OPTION=VALUE,…@START joined by +, where START is a step or a part of all "
              "steps, as in 'constant + cosine:min-lr=1e-5@50%'; there each has the option lr "
              "(default one-cycle, constant for schedule-free-adamw)",
              {.choices = choices_with_options(optim::schedules())});
  options.add("warmup STEPS", &c.warmup,
              "number of steps before the schedule in which the rate rises linearly (default 0)",
              {.range = range::count_or_zero});
  for (const auto& entry : optim::schedules().entries())
    add_algorithm_flags(options, c.schedule_flags, entry.make.options);

  options.group("Gradients", "clipping, noise, accumulation: --clip-norm, --accumulate");
  train::StepRuleOptions& step = c.step;
  options.add("accumulate N", &c.accumulate, "number of batches whose mean gradient makes one step",
              {.range = range::count});
  options.add("clip-norm X", &step.clip_norm,
              "largest norm of all gradients together; larger gradients are scaled down",
              {.range = range::positive});
  options.add("clip-value X", &step.clip_value, "clip each gradient to -X … X",
              {.range = range::positive});
  options.add("clip-adaptive X", &step.clip_adaptive,
              "largest norm of a unit's gradient as a fraction of the norm of its weights; larger "
              "gradients are scaled down; 0.01 is usual",
              {.range = range::positive});
  options.add("gradient-noise ETA", &step.gradient_noise,
              "variance of Gaussian noise on gradients at the first step; at step t it is "
              "ETA·(1 + t)^-0.55",
              {.range = range::not_negative});
}

void add_regularization_options(Options& options, TrainConfig& c) {
  options.group("Regularization", "against overfitting: --l1, --mixup, --patience");
  train::StepRuleOptions& step = c.step;
  options.add("l1 X", &step.penalty.l1, "penalty X·Σ|w| on the weights of layers",
              {.range = range::not_negative});
  options.add("l2 X", &step.penalty.l2, "penalty X·Σw² on the weights of layers",
              {.range = range::not_negative});
  options.add("proximal", &step.proximal,
              "apply --l1 and --l2 by a proximal step, which makes weights exactly 0",
              {.needs = {"l1", "l2"}, .excludes = {schedule_free}});
  options.add("penalize NAMES", &step.penalized,
              "parameters that --l1 and --l2 penalize: patterns of names separated by commas, as "
              "in '1.*,*.bias' (default the weights of layers)",
              {.needs = {"l1", "l2"}});
  options.add("max-norm X", &step.max_norm,
              "largest norm of the weights of a unit; larger weights are scaled down",
              {.range = range::positive, .excludes = {schedule_free}});
  options.add(
      "patience N", &c.patience,
      "early stopping: stop after N epochs without a higher validation accuracy, for other tasks "
      "than classes without a lower validation loss",
      {.range = range::count});
  options.add("min-delta X", &c.min_delta, "smallest improvement that counts for --patience",
              {.range = range::fraction, .needs = {"patience"}});
  options.add("mixup A", &c.mixup,
              "train on mixtures of two samples with weights from Beta(A, A); 0.2 is usual",
              {.range = data::mixing_alpha, .excludes = {"cutmix"}});
  options.add("cutmix A", &c.cutmix,
              "train on images in which a rectangle comes from another image, its area from "
              "Beta(A, A); works with images only; 1 is usual",
              {.range = data::mixing_alpha});

  options.group("Distillation", "learning from another run: --teacher");
  options.add("teacher RUN", &c.teacher, "also train towards the outputs of that run's model",
              {.needs = {"loss=cross-entropy"}, .excludes = {"label-smoothing"}});
  options.add("temperature T", &c.temperature,
              "temperature by which the logits of teacher and student are divided (default 2)",
              {.range = range::positive, .needs = {"teacher"}});
  options.add("teacher-alpha A", &c.teacher_alpha,
              "weight of the labels; the teacher has 1 - A (default 0.5)",
              {.range = range::zero_to_one, .needs = {"teacher"}});
}

// The names of options in PyTorch, Keras, Lightning and Hugging Face.
constexpr std::string_view other_names =
    "data: dataset; data-dir: data-path data-root; limit: max-train-samples; "
    "val-split: validation-split val-size; augment: augmentation transform transforms; "
    "model: arch network; norm: normalization; init: initializer kernel-initializer; "
    "dropout: dropout-rate; loss: criterion; label-smoothing: label-smoothing-factor; "
    "optimizer: opt optim; lr: learning-rate rate; weight-decay: wd; "
    "beta1: beta-1 adam-beta1; beta2: beta-2 adam-beta2; eps: epsilon adam-epsilon; "
    "ema: ema-decay; schedule: scheduler lr-scheduler lr-schedule lr-scheduler-type; "
    "warmup: warmup-steps; accumulate: accumulate-grad-batches gradient-accumulation-steps; "
    "clip-norm: clip clipnorm grad-clip max-grad-norm gradient-clip-val; "
    "clip-value: clipvalue; patience: early-stopping early-stopping-patience; "
    "epochs: max-epochs num-epochs num-train-epochs; batch-size: bs batch; "
    "seed: random-seed random-state; threads: num-threads";

void add_other_names(Options& options) {
  for (const std::string_view entry : split(other_names, ';')) {
    const std::size_t colon = entry.find(':');
    for (const std::string_view alias : split(trimmed(entry.substr(colon + 1)), ' '))
      options[trimmed(entry.substr(0, colon))].aliases.emplace_back(alias);
  }
  const std::string processor = "Gradus trains on the CPU; --threads sets the number of threads";
  options.answer({"device", "devices", "gpu", "gpus", "cuda", "no-cuda", "accelerator"}, processor);
  options.answer({"workers", "num-workers"}, "the threads of training also prepare the batches");
  options.answer({"betas"}, "use --beta1 and --beta2");
  options.answer({"steps", "max-steps"}, "use --epochs");
  options.answer({"shuffle", "no-shuffle"}, "every epoch is shuffled; --seed sets the order");
  options.answer({"precision", "dtype", "fp16", "bf16", "amp"}, "Gradus trains in 32-bit floats");
  options.answer({"verbose"}, "train prints its progress unless --quiet is given");
}

}  // namespace

void add_model_options(Options& options, TrainConfig& c) {
  options.group("Network", "the network: --model, --norm, --init, --dropout");
  options.add("model NAME|TEXT", &c.model,
              "name of a network (default cnn-bn for images, else mlp), or its layers, as in 'conv "
              "8 3x3, norm, relu, maxpool 2, dense classes'; inspect --layers lists the layers",
              {.choices = choices(layers::models())});
  options.add("norm NAME[+NAME]", &c.norm,
              "normalization of activations, of weights, or one of each, as in "
              "'group:8+weight-std' (default that of the model)",
              {.choices = norm_choices()});
  options.add("activation NAME", &c.activation, "activation of hidden layers",
              {.choices = choices(layers::activations())});
  options.add("init NAME", &c.init,
              "initializer of the weights, NAME or NAME:ARGUMENT,…; conv=NAME, dense=NAME, "
              "recurrent=NAME and bias=NAME initialize only these; several are joined by + and "
              "applied in order; a fan is in, out or average, a gain a number or an activation "
              "(default uniform in ±1/√fan_in, also for biases)",
              {.choices = choices(layers::initializers())});
  options.add(
      "dropout RATE", &c.dropout,
      "rate of all dropout layers (default that of the model, or 0.5 for a table without --model)",
      {.range = range::fraction});
  options.add("input-dropout RATE", &c.input_dropout, "dropout rate of the inputs",
              {.range = range::fraction});
  options.add("channel-dropout RATE", &c.channel_dropout,
              "dropout rate of whole channels after each convolution", {.range = range::fraction});
  options.add("drop-connect RATE", &c.drop_connect,
              "dropout rate of the weights of hidden dense layers", {.range = range::fraction});
}

void add_data_options(Options& options, std::string& data, std::string& data_dir) {
  options.group("Data", "the data set: --data, --target, --val-split, --augment");
  options.add(
      "data NAME|PATH", &data,
      "data set, table (CSV with any separator, also .gz, or NumPy's .npz and .npy), folder "
      "with IDX files or with a folder of pictures for each class, or text (.txt: a file, several "
      "separated by commas, or a folder)",
      {.choices = choices(data::sources())});
  options.add("data-dir DIR", &data_dir,
              "folder that contains the IDX files of mnist or fashion-mnist",
              {.needs = {"data=auto", "data=mnist", "data=fashion-mnist"}});
}

// Lists of columns are separated by commas.
static void add_table_options(Options& options, TrainConfig& c) {
  options.group("Table", "columns of a table: --target, --ignore, --task");
  options.add("test FILE", &c.test_data,
              "table to test on, with the columns of --data (default a fifth of the samples)");
  options.add(
      "target NAME|NUMBER,…", &c.target,
      "columns to predict, by name or number from 1 (default a column called label, target, "
      "class or y, else the last)");
  options.add("ignore NAME,…", &c.ignore, "columns to leave out");
  options.add("category NAME,…", &c.category, "columns of numbers that stand for categories");
  options.add("number NAME,…", &c.number, "columns that are numbers, whatever they look like");
  options.add("header yes|no", &c.header,
              "whether the first line has the names of the columns (default by its types)",
              {.choices = {{"yes", "it has"}, {"no", "it hasn't"}}});
  options.add("task NAME", &c.task,
              "what the target is (default auto: text and few different whole numbers are classes, "
              "several columns of 0 and 1 are labels, else numbers; of .txt files the next token)",
              {.choices = task_choices()});
  options.add("split-by NAME", &c.split_by,
              "column whose groups of equal values are either trained or tested on",
              {.excludes = {"split-by-time"}});
  options.add("split-by-time NAME", &c.split_by_time,
              "column of dates or numbers: the latest samples are tested on");
  options.add("weight NAME", &c.weight, "column of the samples' weights in loss and scores");
}

static void add_picture_options(Options& options, TrainConfig& c) {
  options.group("Data");
  options.add("images NAME", &c.images,
              "column of a table that has the names of picture files, relative to the table; its "
              "other columns are no inputs");
  options.add("size HxW", &c.size,
              "height and width that pictures are brought to (default their medians, made smaller "
              "together so that the larger is at most 64)");
  options.add("fit NAME", &c.fit, "how pictures of other proportions are brought to the size",
              {.choices = choices(data::fits())});
  options.add("memory MB", &c.memory,
              "megabytes that the pictures may take; if they need more, they are read again each "
              "epoch (default half of the memory that is available)",
              {.range = range::count});
}

static void add_text_options(Options& options, TrainConfig& c) {
  const Texts language{"task=language"};
  options.group("Data");
  options.add("context T", &c.context, "number of tokens of a window, which the model sees",
              {.range = range::count});
  options.add("tokens N", &c.tokens,
              "number of different tokens: characters, and pieces that are learned from the "
              "training text by byte-pair encoding (default characters alone)",
              {.range = range::count, .needs = language});
  options.add("windows ORDER", &c.windows, "where the training windows begin",
              {.choices = {{"random",
                            "at places drawn by --seed; an epoch has as many tokens as "
                            "the text"},
                           {"in-order", "one after the other"}}});
}

void add_threads_option(Options& options, std::optional<int64_t>& threads) {
  options.add("threads T", &threads,
              "number of threads; it doesn't change results (default the number of cores)",
              {.range = range::thread_count});
}

void add_train_options(Options& options, TrainConfig& c) {
  add_data_options(options, c.data, c.data_dir);
  add_table_options(options, c);
  add_picture_options(options, c);
  add_text_options(options, c);
  options.group("Data");
  options.add("limit N", &c.limit, "use only the first N training samples (default all)",
              {.range = range::count});
  options.add("val-split PART", &c.val_split,
              "fraction of the training set that is held out as validation set; the result is then "
              "the epoch that is best on it, else the last epoch (default 0, or 0.1 if --patience, "
              "--calibrate or reduce-on-plateau needs it)",
              {.range = range::fraction});
  options.add("fold I/K", &c.fold,
              "train on all but part I of K stratified parts of the training set, and test on that "
              "part");
  options.add("watch-test", &c.watch_test,
              "also evaluate the test set after each epoch, for a curve; it chooses nothing");
  options.add("no-test", &c.no_test,
              "don't use the test set; gradus evaluate can evaluate the run on it later",
              {.needs = {"val-split"}, .excludes = {"watch-test"}});
  options.add("preprocess NAME", &c.preprocess,
              "preprocessing, fitted to the training set (default one mean and deviation for all "
              "pixels of images, z-score for features)",
              {.choices = choices(data::preprocessings())});
  options.add("augment NAMES", &c.augment,
              "random augmentation of training images, NAME or NAME:ARGUMENT,…, joined by +; works "
              "with images only (default none)",
              {.choices = choices(data::augmentations())});
  options.add("balanced", &c.balanced, "draw every class equally often",
              {.needs = {"task=classify"}});
  options.add(
      "calibrate", &c.calibrate,
      "after training, divide the logits by the temperature that fits the probabilities best "
      "to the validation set (Guo et al. 2017)",
      {.needs = {"task=classify"}});
  add_model_options(options, c);
  add_loss_and_optimizer_options(options, c);
  add_step_options(options, c);
  add_regularization_options(options, c);
  options.group("Run", "length and output: --epochs, --batch-size, --out");
  options.add("epochs N", &c.epochs,
              "passes over the training set; 0 evaluates the initial weights (default 3 for 10,000 "
              "samples or more, else 6 for images and 40 for other samples)",
              {.range = range::count_or_zero, .excludes = {"steps"}});
  options.add("steps N", &c.steps, "steps of the training, instead of --epochs",
              {.range = range::count});
  options.add("batch-size N", &c.batch_size, "samples of a batch", {.range = range::count});
  options.add("drop-last", &c.drop_last, "leave out a last batch that is smaller");
  options.add("seed N", &c.seed, "random seed of weights, order, dropout and --val-split",
              {.range = range::seed});
  add_threads_option(options, c.threads);
  options.add("tensorboard", &c.tensorboard,
              "also write event files for TensorBoard: its --logdir is the run folder");
  add_other_names(options);
}

Json to_json(const TrainConfig& config) {
  TrainConfig copy = config;
  Options options;
  add_train_options(options, copy);
  return options.to_json();
}

void check(const TrainConfig& config) {
  TrainConfig copy = config;
  Options options;
  add_train_options(options, copy);
  options.check();
}

std::string TrainConfig::chooser() const {
  if (patience) return "--patience";
  if (calibrate) return "--calibrate";
  if (schedule.empty()) return "";
  for (const optim::SchedulePart& part : as_usage([&] { return optim::parse_schedule(schedule); }))
    if (part.name == "reduce-on-plateau") return "--schedule reduce-on-plateau";
  return "";
}

double TrainConfig::validation_part() const {
  const std::string name = chooser();
  if (val_split == 0.0 && !name.empty() && !validates_on_test())
    throw UsageError("{} needs a validation set: --val-split must be above 0, got 0", name);
  return val_split.value_or(name.empty() ? 0 : train::default_validation);
}

TrainConfig train_config_from_json(const Json& json) {
  TrainConfig config;
  Options options;
  add_train_options(options, config);
  options.from_json(json);
  options.check();
  return config;
}

}  // namespace gradus::app
