// training_fingerprints: losses, optimizers, schedules, whole trainings, evaluation.
#include "apps/gradus/fingerprint/networks.hpp"
#include "core/autograd.hpp"
#include "core/ops/reduce.hpp"
#include "data/sets/digits.hpp"
#include "data/text/tokenizer.hpp"
#include "data/transform/augmentation.hpp"
#include "layers/network/models.hpp"
#include "optim/algorithms/adam.hpp"
#include "optim/algorithms/lbfgs.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "train/calibration.hpp"
#include "train/evaluate.hpp"
#include "train/fit.hpp"
#include "train/training_loss.hpp"

namespace gradus::app {
namespace {

using layers::Sequential;

// A loss of outputs and targets of the same shape, or of outputs and labels.
struct LossRow {
  const char* name;
  Tensor (*loss)(const Tensor& outputs, const Tensor& targets, const Tensor& labels);
};

// Losses that aren't in the table of the library, and options.
const std::vector<LossRow>& loss_rows() {
  using X = const Tensor&;
  static const std::vector<LossRow> table{
      {"label-smoothing",
       [](X x, X, X labels) { return cross_entropy(x, labels, {.label_smoothing = 0.1}); }},
      {"soft-cross-entropy", [](X x, X t, X) { return soft_cross_entropy(x, softmax(t, 1)); }},
      {"l1", [](X x, X t, X) { return l1_loss(x, t); }},
      {"huber", [](X x, X t, X) { return huber_loss(x, t, 0.5); }},
      {"distillation", [](X x, X t, X labels) { return distillation_loss(x, t, labels); }},
  };
  return table;
}

void add_losses(Fingerprints& to) {
  for (const std::string& name : train::losses(data::TargetKind::classes).names())
    add_both(to, "loss/" + name, [name](Digest& digest, DType dtype) {
      add_training(digest, {"dense 12, relu, dense classes", {9}}, 7, dtype, {.loss = name});
    });
  for (const LossRow& row : loss_rows())
    add_both(to, fmt::format("loss/{}", row.name), [&](Digest& digest, DType dtype) {
      Tensor outputs = uniform_tensor({7, network_classes}, dtype, -3, 3);
      outputs.set_requires_grad();
      const Tensor targets = uniform_tensor({7, network_classes}, dtype, -2, 4);
      const Tensor loss = row.loss(outputs, targets, cyclic_labels(7, network_classes));
      loss.backward();
      digest.add(loss).add(outputs.grad());
    });
}

void add_optimizer(Digest& digest, const std::string& name, DType dtype) {
  ShortTraining training{.optimizer = name, .steps = 5};
  if (find_option(optim::optimizers().find(name).options, "weight_decay"))
    training.options["weight_decay"] = 0.01;
  add_training(digest, {"dense 12, relu, dense classes", {9}}, 6, dtype, training);
}

void add_lbfgs(Digest& digest, DType dtype) {
  Sequential model = SmallNetwork{"dense 6, relu, dense classes", {4}}.build(dtype);
  const Tensor batch = uniform_tensor({9, 4}, dtype);
  const Tensor labels = cyclic_labels(9, network_classes);
  optim::LBFGS optimizer(model.parameters(), {.max_iterations = 6});
  digest.add(optimizer.step([&] {
    const Tensor loss = train::make_loss(data::TargetKind::classes, "mse")(model(batch), labels);
    optimizer.zero_grad();
    loss.backward();
    return loss;
  }));
  digest.add(model.state_dict());
}

// The rates of a schedule, and its momentum.
void add_schedule(Digest& digest, const std::string& name) {
  const optim::Schedule schedule = optim::schedules().find(name)(0.1, 60, {}, 5);
  for (int64_t step = 0; step < 60; ++step) {
    digest.add(schedule(step)).add(schedule.momentum(step).value_or(0));
    schedule.report(step, step < 20 ? 1 - 0.01 * static_cast<double>(step) : 1);
  }
}

Sequential digit_network(const std::string& text) {
  return SmallNetwork{.text = text, .input = {1, 28, 28}, .classes = 10}.build(DType::f32);
}

// What fit() can do, in one training: the loader, normalization, augmentation, penalties, clipping,
// noise, a schedule, an average of the weights, validation.
void add_fit(Digest& digest) {
  Sequential model = digit_network("conv 4 5x5 stride 2, norm, relu, dense 10");
  optim::Adam optimizer(model.parameters());
  Rng rng(7);
  const train::History history = train::fit(model, optimizer, data::digits().train.first(80),
                                            {.epochs = 2,
                                             .batch_size = 20,
                                             .validation = 0.25,
                                             .schedule = "cosine",
                                             .rules = {.penalty = {.l1 = 1e-4, .l2 = 1e-3},
                                                       .clip_norm = 1,
                                                       .clip_adaptive = 0.1,
                                                       .gradient_noise = 1e-4,
                                                       .max_norm = 2},
                                             .augmentation = data::augment("rotate + noise"),
                                             .average = optim::WeightAverageOptions{.decay = 0.8},
                                             .progress = train::ShowProgress::never},
                                            rng);
  for (const train::EpochRecord& epoch : history)
    digest.add(epoch.lr).add(epoch.train_loss).add(epoch.val_loss).add(epoch.val_score);
  digest.add(model.state_dict());
}

// A small vision transformer.
void add_attention(Digest& digest) {
  Sequential model = digit_network(
      "patches 7, dense 16, positions learned, repeat 2 (transformer heads 2 activation gelu "
      "dropout .1), norm, globalpool, dense 10");
  optim::AdamW optimizer(model.parameters());
  Rng rng(8);
  train::fit(model, optimizer, data::digits().train.first(80),
             {.epochs = 2, .batch_size = 20, .progress = train::ShowProgress::never}, rng);
  digest.add(model.state_dict());
}

// A small GPT of byte-pair tokens, from random windows.
void add_language_model(Digest& digest) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += fmt::format("{} times {} is {}\n", i, i + 3, i * (i + 3));
  const auto tokenizer = data::Tokenizer::of_pairs(text, text, 30);
  const std::vector<int64_t> tokens = tokenizer.encode(text);
  Rng rng(9);
  Sequential model = layers::build(
      "tied 16 (repeat 2 (transformer heads 2 positions rotary activation gelu), norm rms)",
      {.input = {20}, .classes = tokenizer.size(), .tokens = tokenizer.size()}, rng);
  optim::AdamW optimizer(model.parameters());
  train::fit(model, optimizer, data::Dataset::of_tokens(tokens, 20, tokenizer),
             {.epochs = 2, .batch_size = 4, .progress = train::ShowProgress::never}, rng);
  digest.add(Tensor::from(tokens, {std::ssize(tokens)})).add(model.state_dict());
}

void add_temperature(Digest& digest) {
  digest.add(train::fit_temperature(uniform_tensor({50, network_classes}, DType::f32, -9, 9),
                                    cyclic_labels(50, network_classes)));
}

// The same samples in batches of another size have the same outputs, and so the same fingerprint.
void add_evaluation(Digest& digest, int64_t batch_size) {
  Sequential model = digit_network(
      "conv 16 3x3 stride 2, norm, relu, conv 32 3x3 pad 1, relu, dense 40, relu, dense 10");
  const train::Evaluation result = train::evaluate(
      model, data::digits().test.first(33), {.batch_size = batch_size, .keep_outputs = true});
  digest.add(result.outputs);
}

}  // namespace

Fingerprints training_fingerprints() {
  Fingerprints result;
  add_losses(result);
  for (const std::string& name : optim::optimizers().names())
    add_both(result, "optimizer/" + name,
             [name](Digest& digest, DType dtype) { add_optimizer(digest, name, dtype); });
  add_both(result, "optimizer/lbfgs", add_lbfgs);
  for (const std::string& name : optim::schedules().names())
    result.push_back({"schedule/" + name, [name](Digest& digest) { add_schedule(digest, name); }});
  result.push_back({"train/fit", add_fit});
  result.push_back({"train/vision-transformer", add_attention});
  result.push_back({"train/language-model", add_language_model});
  result.push_back({"train/temperature", add_temperature});
  for (const int64_t size : {1, 4, 33})
    result.push_back({fmt::format("evaluate/batches-of-{}", size),
                      [size](Digest& digest) { add_evaluation(digest, size); }});
  return result;
}

}  // namespace gradus::app
