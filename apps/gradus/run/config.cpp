#include "apps/gradus/run/config.hpp"

#include <nlohmann/json.hpp>

#include "core/ops/loss.hpp"
#include "data/sets/sources.hpp"
#include "data/transform/augmentation.hpp"
#include "data/transform/preprocessing.hpp"
#include "layers/activation.hpp"
#include "layers/init/initializers.hpp"
#include "layers/network/models.hpp"
#include "layers/norm/normalizations.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/schedules/schedule_text.hpp"

namespace gradus::app {
namespace {

// Of activations, then of weights.
Choices norm_choices() {
  Choices result = choices(layers::normalizations());
  for (auto& choice : choices(layers::weight_normalizations())) result.push_back(std::move(choice));
  return result;
}

void add_loss_and_optimizer_options(Options& options, TrainConfig& c) {
  options.group("Loss", "what training makes small: --loss, --label-smoothing");
  options.add("loss NAME", &c.loss, "what training makes small", {.choices = choices(losses())});
  options.add("label-smoothing E", &c.label_smoothing,
              "part of the target that is spread over all classes",
              {.range = range::zero_to_one, .needs = {"loss=cross-entropy"}});
  options.add("smooth-wrong-classes", &c.smooth_wrong_classes,
              "spread --label-smoothing over the wrong classes alone: E/(K - 1) each",
              {.needs = {"label-smoothing"}});
  options.add("focal-gamma G", &c.focal_gamma, "how much less of what is right already (default 2)",
              {.range = range::not_negative, .needs = {"loss=focal"}});

  options.group("Optimizer", "how it is made small: --optimizer, --lr, --ema");
  options.add("optimizer NAME", &c.optimizer,
              "how gradients become steps; each with its options and their defaults",
              {.choices = choices_with_options(optim::optimizers())});
  options.add("lr RATE", &c.lr,
              "learning rate, the largest of a schedule (default the optimizer's: 0.001 for adam, "
              "0.004 as the peak of one-cycle)",
              {.range = range::positive});
  for (const auto& entry : optim::optimizers().entries())
    add_algorithm_flags(options, c.optimizer_flags, entry.make.options);
  options.add("no-decay-of-vectors", &c.no_decay_of_vectors,
              "no weight decay for biases and gains: γ and β of normalizations, gains of weights, "
              "slopes of prelu");
  options.add("group GROUPS", &c.group,
              "rates and decays of their own for parameters whose names match a pattern, as in "
              "'*.bias:weight-decay=0 + 0.*:lr-factor=0.1'; lr is a rate that no schedule changes");
  options.add(
      "ema DECAY", &c.ema,
      "evaluate and keep an exponential moving average of the weights, of which this part "
      "stays at every step, such as 0.999; at step t (1 + t)/(10 + t) where that is smaller",
      {.range = range::fraction, .excludes = {"swa"}});
  options.add("swa EPOCH", &c.swa,
              "evaluate and keep the mean of the weights at the ends of this epoch and those after "
              "it (Izmailov et al. 2018); --patience and the best epoch are of these epochs",
              {.range = range::count});
}

void add_step_options(Options& options, TrainConfig& c) {
  options.group("Schedule", "how the learning rate changes: --schedule, --warmup");
  options.add("schedule NAME", &c.schedule,
              "how the learning rate changes; each with its options and their defaults. Also "
              "NAME:OPTION=VALUE,…@START, joined by +: START is a step or a part of all, as in "
              "'constant + cosine:min-lr=1e-5@50%'; lr is an option of each there",
              {.choices = choices_with_options(optim::schedules())});
  options.add("warmup STEPS", &c.warmup, "steps of a linear rise before it (default 0)",
              {.range = range::count_or_zero});
  for (const auto& entry : optim::schedules().entries())
    add_algorithm_flags(options, c.schedule_flags, entry.make.options);

  options.group("Gradients", "what is done to them: --clip-norm, --accumulate");
  train::StepRuleOptions& step = c.step;
  options.add("accumulate N", &c.accumulate, "batches whose mean gradient makes one step",
              {.range = range::count});
  options.add("clip-norm X", &step.clip_norm,
              "scale gradients to this norm of all together where it is above",
              {.range = range::positive});
  options.add("clip-value X", &step.clip_value, "clip each gradient to -X … X",
              {.range = range::positive});
  options.add("clip-adaptive X", &step.clip_adaptive,
              "scale each unit's gradient to this part of its weights' norm where it is above; "
              "0.01 is usual",
              {.range = range::positive});
  options.add("gradient-noise ETA", &step.gradient_noise,
              "variance of noise on gradients at the first step; it falls with (1 + t)^-0.55",
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
              "--l1 and --l2 by a step of their own, which makes weights exactly 0",
              {.needs = {"l1", "l2"}});
  options.add(
      "penalize NAMES", &step.penalized,
      "--l1 and --l2 on the parameters whose names match one of these, joined by commas, as "
      "in '1.*,*.bias' (default the weights of layers)",
      {.needs = {"l1", "l2"}});
  options.add("max-norm X", &step.max_norm,
              "largest norm of the weights into a unit; above it they are scaled down",
              {.range = range::positive});
  options.add("patience N", &c.patience,
              "stop after so many epochs without a higher validation accuracy",
              {.range = range::count});
  options.add("min-delta X", &c.min_delta, "by more than which an accuracy is higher",
              {.range = range::fraction, .needs = {"patience"}});
  options.add("mixup A", &c.mixup,
              "train on sums of two samples, the parts from Beta(A, A); 0.2 is usual",
              {.range = range::positive, .excludes = {"cutmix"}});
  options.add("cutmix A", &c.cutmix,
              "train on images with a rectangle of another, of a part from Beta(A, A); 1 is usual",
              {.range = range::positive});

  options.group("Distillation", "learning from another run: --teacher");
  options.add("teacher RUN", &c.teacher, "train towards the outputs of that run, too",
              {.needs = {"loss=cross-entropy"}, .excludes = {"label-smoothing"}});
  options.add("temperature T", &c.temperature, "that softens both outputs (default 2)",
              {.range = range::positive, .needs = {"teacher"}});
  options.add("teacher-alpha A", &c.teacher_alpha, "weight of the labels (default 0.5)",
              {.range = range::zero_to_one, .needs = {"teacher"}});
}

// What PyTorch, Keras, Lightning and Hugging Face call options.
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
  const std::string processor = "Gradus trains on the processor; --threads says on how many cores";
  options.answer({"device", "devices", "gpu", "gpus", "cuda", "no-cuda", "accelerator"}, processor);
  options.answer({"workers", "num-workers"}, "batches are made by the threads that train");
  options.answer({"betas"}, "--beta1 and --beta2 are an option each");
  options.answer({"steps", "max-steps"}, "training is counted in --epochs");
  options.answer({"shuffle", "no-shuffle"},
                 "each epoch has an order of its own, drawn from --seed");
  options.answer({"precision", "dtype", "fp16", "bf16", "amp"}, "Gradus trains in 32 bits");
  options.answer({"verbose"}, "train tells what it does; --quiet has it be silent");
}

}  // namespace

void add_model_options(Options& options, TrainConfig& c) {
  options.group("Network", "what is trained: --model, --norm, --init, --dropout");
  options.add("model NAME|TEXT", &c.model,
              "the network (default cnn-bn for images, else mlp), or its layers, as in 'conv 8 "
              "3x3, norm, relu, maxpool 2, dense classes'; inspect --layers lists them",
              {.choices = choices(layers::models())});
  options.add(
      "norm NAME[+NAME]", &c.norm,
      "normalization of activations, of weights, or one of each, as in 'group:8+weight-std'; "
      "replaces the model's own (default that)",
      {.choices = norm_choices()});
  options.add("activation NAME", &c.activation, "activation of hidden layers",
              {.choices = choices(layers::activations())});
  options.add("init NAME", &c.init,
              "initial weights, NAME or NAME:ARGUMENT,…; conv=NAME, dense=NAME, recurrent=NAME and "
              "bias=NAME are for those alone, and + joins several, applied in order; a fan is in, "
              "out or average, a gain a number or an activation (default uniform within "
              "±1/√fan_in, biases too)",
              {.choices = choices(layers::initializers())});
  options.add("dropout RATE", &c.dropout, "rate of every dropout layer (default the model's own)",
              {.range = range::fraction});
  options.add("input-dropout RATE", &c.input_dropout, "rate of dropout on the inputs",
              {.range = range::fraction});
  options.add("channel-dropout RATE", &c.channel_dropout,
              "rate at which whole channels are dropped after each convolution",
              {.range = range::fraction});
  options.add("drop-connect RATE", &c.drop_connect,
              "rate at which weights of hidden dense layers are dropped",
              {.range = range::fraction});
}

void add_data_options(Options& options, std::string& data, std::string& data_dir) {
  options.group("Data", "what it learns from: --data, --val-split, --augment");
  options.add("data NAME|PATH", &data, "data set, folder with IDX files, or CSV file",
              {.choices = choices(data::sources())});
  options.add("data-dir DIR", &data_dir, "where the IDX files of mnist or fashion-mnist lie");
}

void add_threads_option(Options& options, std::optional<int64_t>& threads) {
  options.add("threads T", &threads, "threads; results don't depend on it (default all cores)",
              {.range = range::thread_count});
}

void add_train_options(Options& options, TrainConfig& c) {
  add_data_options(options, c.data, c.data_dir);
  options.add("limit N", &c.limit, "only the first N training images (default all)",
              {.range = range::count});
  options.add("val-split PART", &c.val_split,
              "part of the training set held out to choose the best epoch by; 0: the test set",
              {.range = range::fraction});
  options.add("no-test", &c.no_test,
              "leave the test set alone, which judges no epoch then; evaluate scores it in the end",
              {.needs = {"val-split"}});
  options.add("preprocess NAME", &c.preprocess,
              "fitted on the training set (default one mean and deviation for all "
              "pixels of images, z-score for features)",
              {.choices = choices(data::preprocessings())});
  options.add("augment NAMES", &c.augment,
              "random changes of training images, NAME or NAME:ARGUMENT,…, joined by + "
              "(default none)",
              {.choices = choices(data::augmentations())});
  options.add("balanced", &c.balanced, "show every class equally often, whatever its share");
  add_model_options(options, c);
  add_loss_and_optimizer_options(options, c);
  add_step_options(options, c);
  add_regularization_options(options, c);
  options.group("Run", "how long it takes: --epochs, --batch-size, --out");
  options.add("epochs N", &c.epochs,
              "passes over the training set (default 3; 6 for fewer than 10,000 images, else 40)",
              {.range = range::count});
  options.add("batch-size N", &c.batch_size, "images a step", {.range = range::count});
  options.add("drop-last", &c.drop_last, "leave out a last batch that is smaller");
  options.add("seed N", &c.seed, "of weights, order, dropout and --val-split",
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

TrainConfig train_config_from_json(const Json& json) {
  TrainConfig config;
  Options options;
  add_train_options(options, config);
  options.from_json(json);
  options.check();
  return config;
}

}  // namespace gradus::app
