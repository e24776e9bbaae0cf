// fit_test: fit, evaluate.
#include "train/fit.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/io/safetensors.hpp"
#include "core/ops/elementwise.hpp"
#include "data/sets/toy.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/adam.hpp"
#include "optim/algorithms/sgd.hpp"
#include "tests/temporary_folder.hpp"
#include "train/evaluate.hpp"
#include "train/task.hpp"

using namespace gradus;

namespace {

data::Split spirals() {
  Rng rng(7);
  return data::spirals({.samples = 240}, rng);
}

// A model with all kinds of state, and its optimizer.
struct Fixture {
  Rng rng{3};
  layers::Sequential model{layers::Dense(2, 16, rng), layers::BatchNorm1d(16), layers::ReLU(),
                           layers::Dropout(0.2, rng), layers::Dense(16, 3, rng)};
  optim::Adam optimizer{model.parameters(), {.lr = 0.02}};

  train::History fit(const train::FitOptions& options) {
    return train::fit(model, optimizer, spirals().train, options, rng);
  }
};

bool same(layers::Module& a, layers::Module& b) {
  const NamedTensors left = a.state_dict(), right = b.state_dict();
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool equal =
        left[i].second.dtype() == DType::f32
            ? left[i].second.to_vector<float>() == right[i].second.to_vector<float>()
            : left[i].second.to_vector<int64_t>() == right[i].second.to_vector<int64_t>();
    if (!equal) return false;
  }
  return left.size() == right.size();
}

void throws(const train::FitOptions& options, const char* text) {
  Fixture fixture;
  CHECK_THROWS_WITH_AS(fixture.fit(options), text, std::invalid_argument);
}

}  // namespace

TEST_CASE("fit gives the same bits as an explicit loop") {
  Fixture fitted, looped;
  const train::History history = fitted.fit({.epochs = 3, .batch_size = 50});
  for (int epoch = 0; epoch < 3; ++epoch)
    for (auto [x, labels] : data::Loader(spirals().train, {.batch_size = 50}, looped.rng)) {
      const Tensor loss = cross_entropy(looped.model(x), labels);
      looped.optimizer.zero_grad();
      loss.backward();
      looped.optimizer.step();
    }
  CHECK(same(fitted.model, looped.model));
  REQUIRE(history.size() == 3);
  CHECK(history[2].epoch == 3);
  CHECK(history[2].step == looped.optimizer.steps());
  CHECK(history[2].train_loss < history[0].train_loss);
  CHECK(std::isnan(history[2].val_loss));
}

TEST_CASE("fit called again continues, and its schedule starts anew") {
  Fixture once, twice;
  once.fit({.epochs = 3, .batch_size = 50});
  twice.fit({.epochs = 1, .batch_size = 50});
  const train::History history = twice.fit({.epochs = 2, .batch_size = 50});
  CHECK(same(once.model, twice.model));
  CHECK(history[1].step == 2 * history[0].step);

  const auto halved = [] {
    return optim::Schedule([](int64_t step) { return step < 1 ? 1 : 0.5; });
  };
  CHECK(twice.fit({.batch_size = 500, .schedule = halved()})[0].lr == 1);
}

TEST_CASE("With validation the model ends with the weights of the best epoch") {
  Fixture fixture;
  std::vector<std::vector<float>> weights;
  const train::History history =
      fixture.fit({.epochs = 12,
                   .batch_size = 16,
                   .validation = 0.25,
                   .schedule = optim::Schedule([](int64_t step) { return step < 70 ? 0.02 : 5; }),
                   .observer = {.after_epoch = [&](const train::EpochRecord& epoch) {
                     CHECK(epoch.epoch == std::ssize(weights) + 1);
                     weights.push_back(fixture.model.parameters()[0].second.to_vector<float>());
                   }}});
  const std::size_t best = train::best_epoch(history, 1, train::classify());
  for (const train::EpochRecord& record : history)
    CHECK(record.val_score <= history[best].val_score);
  CHECK(best + 1 < history.size());
  CHECK(fixture.model.parameters()[0].second.to_vector<float>() == weights[best]);
}

TEST_CASE("The test set can be watched, and chooses nothing") {
  Fixture blind, watching;
  const train::FitOptions options{.epochs = 4, .batch_size = 32};
  train::FitOptions watch = options;
  watch.watch_test = spirals().test;
  const train::History without = blind.fit(options), history = watching.fit(watch);
  CHECK(same(blind.model, watching.model));
  for (std::size_t i = 0; i < history.size(); ++i) {
    CHECK(std::isnan(without[i].test_score));
    CHECK(history[i].train_loss == without[i].train_loss);
    CHECK(std::isnan(history[i].val_score));
  }
  CHECK(history.back().test_score == train::evaluate(watching.model, spirals().test).accuracy);
  CHECK(train::best_epoch(history, 1, train::classify()) == 3);
}

TEST_CASE("What has to choose holds a tenth of the training set out") {
  Fixture stopping, plateau, asked;
  stopping.optimizer.set_lr(0);
  const train::History stopped =
      stopping.fit({.epochs = 9, .early_stopping = optim::EarlyStoppingOptions{.patience = 2}});
  CHECK(stopped.size() == 3);
  CHECK(!std::isnan(stopped[0].val_loss));
  const train::History reduced = plateau.fit({.epochs = 2, .schedule = "reduce-on-plateau"});
  const train::History given =
      asked.fit({.epochs = 2, .validation = 0.1, .schedule = "reduce-on-plateau"});
  CHECK(reduced[1].val_loss == given[1].val_loss);
  CHECK(same(plateau.model, asked.model));

  Fixture fixture;
  train::Training training{.model = fixture.model,
                           .optimizer = fixture.optimizer,
                           .loss = train::task_of(spirals().train).default_loss(),
                           .early_stopping = optim::EarlyStoppingOptions{},
                           .train = spirals().train,
                           .order = [&](int64_t) -> Rng& { return fixture.rng; }};
  train::TrainingState state;
  CHECK_THROWS_WITH_AS(train::fit(training, state),
                       "[fit] early stopping and schedules that use metrics need a validation set",
                       std::invalid_argument);
}

TEST_CASE("fit for 0 epochs leaves the model as it is") {
  Fixture fitted, untouched;
  CHECK(fitted.fit({.epochs = 0, .schedule = "cosine"}).empty());
  CHECK(same(fitted.model, untouched.model));
}

TEST_CASE("A loss that explodes ends the training, unless the accuracy is above chance") {
  int step = 0;
  const auto scaled = [&step](double first) {
    return [=, &step](const Tensor& outputs, const Tensor& labels) {
      return cross_entropy(outputs, labels) * (step++ == 0 ? first : 1);
    };
  };
  // The loss of later steps is above 1000 times that of the first, but the model learns.
  Fixture learning;
  learning.optimizer.set_lr(0.1);
  CHECK(learning.fit({.epochs = 2, .batch_size = 16, .loss = scaled(1e-4)}).size() == 2);
  Fixture stuck;
  stuck.optimizer.set_lr(0);
  step = 0;
  CHECK_THROWS_AS(stuck.fit({.batch_size = 16, .loss = scaled(1e-4)}), train::DivergedError);
  Fixture diverging;
  std::string error;
  try {
    diverging.optimizer.set_lr(1e9);
    diverging.fit({.epochs = 3, .batch_size = 16});
  } catch (const train::DivergedError& diverged) {
    error = diverged.what();
  }
  CHECK_MESSAGE(error.starts_with("the training loss of epoch 1 is "), error);
  CHECK_MESSAGE(error.find(", that of step 1 was 1.") != error.npos, error);
  CHECK_MESSAGE(error.ends_with(" % is that of chance"), error);
  Fixture left;
  left.optimizer.set_lr(1e9);
  CHECK(left.fit({.epochs = 3, .batch_size = 16, .stop_where_diverged = false}).size() == 3);
}

TEST_CASE("A training that is resumed from a checkpoint gives the same bits") {
  const TemporaryFolder folder;
  const auto options = [&](const char* name) {
    return train::FitOptions{.epochs = 4,
                             .batch_size = 32,
                             .validation = 0.2,
                             .schedule = "cosine",
                             .average = optim::WeightAverageOptions{.decay = 0.9, .warmup = true},
                             .checkpoints = folder.path(name)};
  };
  Fixture whole;
  const train::History history = whole.fit(options("whole"));

  train::FitOptions interrupted = options("parts");
  Fixture first, second;
  int epochs = 0;
  interrupted.observer = {.after_epoch = [&](const train::EpochRecord&) { ++epochs; },
                          .should_stop = [&] { return epochs == 2; }};
  CHECK(first.fit(interrupted).size() == 2);
  CHECK(first.optimizer.steps() == whole.optimizer.steps() / 2);
  const train::History resumed = second.fit(options("parts"));
  CHECK(resumed.size() == 4);
  CHECK(resumed[3].val_loss == history[3].val_loss);
  CHECK(same(second.model, whole.model));
  CHECK(second.rng.state() == whole.rng.state());

  Fixture other;
  train::FitOptions smaller = options("parts");
  smaller.batch_size = 16;
  CHECK_THROWS_WITH_AS(other.fit(smaller),
                       (folder.path("parts/checkpoint.safetensors") +
                        ": belongs to another run: its batch_size is 32, expected 16")
                           .c_str(),
                       std::runtime_error);
  train::FitOptions longer = options("parts");
  longer.epochs = 5;
  CHECK_THROWS_WITH(other.fit(longer), (folder.path("parts/checkpoint.safetensors") +
                                        ": belongs to another run: its epochs is 4, expected 5")
                                           .c_str());
}

TEST_CASE("A resumed training stops early when one without interruption does") {
  const TemporaryFolder folder;
  train::FitOptions options{.epochs = 9,
                            .early_stopping = optim::EarlyStoppingOptions{.patience = 2},
                            .checkpoints = folder.path("run")};
  for (const std::size_t epochs : {2, 3}) {
    Fixture fixture;
    fixture.optimizer.set_lr(0);
    int finished = 0;
    options.observer = {.after_epoch = [&](const train::EpochRecord&) { ++finished; },
                        .should_stop = [&] { return finished == 2; }};
    CHECK(fixture.fit(options).size() == epochs);
  }
}

TEST_CASE("A training without validation can be resumed from a checkpoint") {
  const TemporaryFolder folder;
  Fixture whole, first, second;
  const train::History history = whole.fit({.epochs = 3});
  first.fit({.epochs = 2, .checkpoints = folder.path("run")});
  const train::History resumed = second.fit({.epochs = 3, .checkpoints = folder.path("run")});
  REQUIRE(resumed.size() == 3);
  CHECK(std::isnan(resumed[0].val_loss));
  CHECK(resumed[2].train_loss == history[2].train_loss);
  CHECK(same(second.model, whole.model));

  const std::string file = folder.write("file", "");
  CHECK_THROWS_WITH_AS(Fixture().fit({.checkpoints = file + "/run"}),
                       (file + "/run: the folder can't be made: Not a directory").c_str(),
                       std::runtime_error);
}

TEST_CASE("Schedules, rules, early stopping and observers are options of fit") {
  Fixture fixture;
  std::vector<double> rates;
  double largest = 0, clipped = 0;
  const auto norm = [&] {
    double sum = 0;
    for (const auto& [name, parameter] : fixture.model.parameters())
      for (const float g : parameter.grad().to_vector<float>()) sum += double(g) * g;
    return std::sqrt(sum);
  };
  fixture.fit({.epochs = 2,
               .batch_size = 60,
               .schedule = "polynomial",
               .rules = {.clip_norm = 0.01},
               .observer = {.after_backward = [&] { largest = std::max(largest, norm()); },
                            .after_step =
                                [&](const train::StepRecord& step) {
                                  rates.push_back(step.lr);
                                  clipped = std::max(clipped, norm());
                                }}});
  REQUIRE(rates.size() > 2);
  CHECK(rates.front() == 0.02);
  CHECK(rates.back() == doctest::Approx(0.02 / static_cast<double>(rates.size())));
  CHECK(largest > 0.1);
  CHECK(clipped < 0.0101);

  Fixture shorter;
  double last_rate = 0;
  shorter.fit(
      {.batch_size = 60,
       .schedule = "polynomial",
       .observer = {.after_step = [&](const train::StepRecord& step) { last_rate = step.lr; }}});
  CHECK(last_rate == doctest::Approx(2 * rates.back()));

  Fixture patient;
  patient.optimizer.set_lr(0);
  CHECK(patient
            .fit({.epochs = 9,
                  .validation = 0.2,
                  .schedule = optim::Schedule([](int64_t) { return 0.0; }),
                  .early_stopping = optim::EarlyStoppingOptions{.patience = 2}})
            .size() < 9);
  Fixture learning;
  CHECK(learning
            .fit({.epochs = 9,
                  .batch_size = 16,
                  .early_stopping = optim::EarlyStoppingOptions{.patience = 5}})
            .size() == 9);
}

TEST_CASE("A NaN loss ends the training, unless stop_where_diverged is false") {
  Fixture fixture;
  CHECK_THROWS_AS(fixture.fit({.loss =
                                   [](const Tensor& outputs, const Tensor& labels) {
                                     return cross_entropy(outputs, labels) * NAN;
                                   }}),
                  train::DivergedError);
  train::Training training{
      .model = fixture.model,
      .optimizer = fixture.optimizer,
      .loss = [](const Tensor& outputs, const Tensor&) { return sum(outputs) * NAN; },
      .train = spirals().train,
      .order = [&](int64_t) -> Rng& { return fixture.rng; },
      .stop_where_diverged = false};
  train::TrainingState state;
  CHECK(train::fit(training, state));
  CHECK(std::isnan(state.history[0].train_loss));
}

TEST_CASE("Errors about invalid options of fit name the option") {
  throws({.epochs = -1}, "[fit] epochs must be a whole number from 0 to 10^9, got -1");
  throws({.validation = 0, .early_stopping = optim::EarlyStoppingOptions{}},
         "[fit] early_stopping needs validation samples: validation must be above 0, got 0");
  throws({.validation = 0, .schedule = "reduce-on-plateau"},
         "[fit] a schedule that uses metrics needs validation samples: validation must be above 0, "
         "got 0");
  throws({.validation = 1}, "[fit] validation must be in [0, 1), got 1");
  throws({.batch_size = 0}, "[fit] batch_size must be a whole number from 1 to 10^9, got 0");
  throws({.average_from = 0}, "[fit] average_from must be a whole number from 1 to 10^9, got 0");
  throws({.schedule = "cosine:min-lr=-1"},
         "[cosine] min_lr must be 0 or more and finite, got '-1' at character 8");
}

TEST_CASE("evaluate gives loss, accuracy and class scores for any batch size") {
  Fixture fixture;
  fixture.fit({.epochs = 20, .batch_size = 16});
  const data::Dataset test = spirals().test;
  const train::Evaluation evaluation = train::evaluate(fixture.model, test);
  CHECK(evaluation.samples == test.size());
  CHECK(evaluation.accuracy == gradus::accuracy(fixture.model, test));
  CHECK(evaluation.accuracy > 0.5);
  CHECK(evaluation.classes.size() == 3);
  const auto all = test.batch(0, test.size());
  {
    const auto scope = fixture.model.evaluation_scope();
    CHECK(evaluation.loss ==
          doctest::Approx(cross_entropy(fixture.model(all.inputs), all.targets).item()));
  }
  CHECK(train::evaluate(fixture.model, test, {.batch_size = 7}).predictions.to_vector<int64_t>() ==
        evaluation.predictions.to_vector<int64_t>());
  const train::Evaluation again = train::evaluate_predictions(test, evaluation.predictions);
  CHECK(again.samples == evaluation.samples);
  CHECK(again.accuracy == evaluation.accuracy);
  CHECK(again.confusion.to_vector<int64_t>() == evaluation.confusion.to_vector<int64_t>());
  CHECK(again.classes.size() == 3);
  const Tensor no_class = Tensor::full({test.size()}, 3, DType::i64);
  CHECK_THROWS_WITH_AS(train::evaluate_predictions(test, no_class),
                       "[confusion_matrix] classes must be 0 to 2: sample 0 has 3",
                       std::invalid_argument);
  CHECK(fixture.model.is_training());
  const auto one = [](const Tensor& outputs, const Tensor&) { return 0 * sum(outputs) + 1; };
  CHECK(train::evaluate(fixture.model, test, {.loss = one}).loss == doctest::Approx(1));
  CHECK_THROWS_WITH_AS(train::evaluate(fixture.model, test, {.batch_size = 0}),
                       "[for_each_batch] batch_size must be 1 or more, got 0",
                       std::invalid_argument);
}

TEST_CASE("The training loss is the mean over the samples, in training mode") {
  Rng rng(3);
  layers::Sequential model{layers::Dense(2, 3, rng)};
  optim::SGD optimizer(model.parameters(), {.lr = 0.1});
  model.evaluate();
  const data::Dataset data = spirals().train;
  REQUIRE(data.size() % 50 != 0);
  bool trains = false;
  const train::History history =
      train::fit(model, optimizer, data,
                 {.batch_size = 50,
                  .schedule = optim::Schedule([](int64_t) { return 0.0; }),
                  .observer = {.after_backward = [&] { trains = model.is_training(); }}},
                 rng);
  const train::Evaluation evaluation = train::evaluate(model, data);
  CHECK(history[0].train_loss == doctest::Approx(evaluation.loss).epsilon(1e-6));
  CHECK(history[0].train_score == doctest::Approx(evaluation.accuracy).epsilon(1e-12));
  CHECK(trains);
}

TEST_CASE("A schedule hears the validation loss of each epoch, with its last step") {
  Fixture fixture;
  std::vector<std::pair<int64_t, double>> heard;
  const optim::Schedule schedule(
      [](int64_t) { return 0.01; }, {},
      [&](int64_t step, double metric) { heard.emplace_back(step, metric); });
  const train::History history =
      fixture.fit({.epochs = 2, .batch_size = 50, .validation = 0.25, .schedule = schedule});
  REQUIRE(heard.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(heard[i].first == history[i].step - 1);
    CHECK(heard[i].second == history[i].val_loss);
  }
}

TEST_CASE("Weights are averaged from an epoch on, and a training ends with the average") {
  Fixture fixture;
  std::vector<std::vector<float>> weights;
  fixture.fit({.epochs = 4,
               .batch_size = 50,
               .average = optim::WeightAverageOptions{},
               .average_from = 3,
               .observer = {.after_epoch = [&](const train::EpochRecord&) {
                 weights.push_back(fixture.model.parameters()[0].second.to_vector<float>());
               }}});
  const std::vector<float> end = fixture.model.parameters()[0].second.to_vector<float>();
  for (std::size_t i = 0; i < end.size(); ++i)
    CHECK(end[i] == doctest::Approx((double{weights[2][i]} + weights[3][i]) / 2).epsilon(1e-6));
}

TEST_CASE("Each rule of a step changes the gradients or the weights, and no other does") {
  Rng rng(3);
  const auto changed = [&](const train::StepRuleOptions& options) {
    layers::Sequential model{layers::Dense(2, 2, rng, {.bias = false})};
    Tensor weight = model.parameters()[0].second;
    no_grad([&] { weight.copy_from(Tensor::from<float>({3, 4, 0.5, 0}, {2, 2})); });
    weight.set_grad(Tensor::from<float>({0, 2, -3, 6}, {2, 2}));
    optim::SGD optimizer(model.parameters(), {.lr = 0.5});
    const train::StepRules rules(options, model, Rng(1));
    rules.change_gradients(1);
    const std::vector<float> gradient = weight.grad().to_vector<float>();
    rules.change_weights(optimizer);
    return std::pair(gradient, weight.to_vector<float>());
  };
  using Values = std::vector<float>;
  const Values gradient{0, 2, -3, 6}, weight{3, 4, 0.5, 0};
  CHECK(changed({}) == std::pair(gradient, weight));
  CHECK(changed({.clip_value = 2.5}) == std::pair(Values{0, 2, -2.5, 2.5}, weight));
  CHECK(changed({.clip_norm = 3.5}).first[3] == doctest::Approx(3).epsilon(1e-5));
  CHECK(changed({.penalty = {.l1 = 1}}) == std::pair(Values{1, 3, -2, 6}, weight));
  CHECK(changed({.penalty = {.l1 = 2}, .proximal = true}) ==
        std::pair(gradient, Values{2, 3, 0, 0}));
  const auto [noisy, same] = changed({.gradient_noise = 0.1});
  for (std::size_t i = 0; i < 4; ++i) CHECK(noisy[i] != gradient[i]);
  CHECK(same == weight);
  const auto [kept, shorter] = changed({.max_norm = 1});
  CHECK(kept == gradient);
  CHECK(shorter[0] == doctest::Approx(0.6).epsilon(1e-6));
  CHECK(shorter[1] == doctest::Approx(0.8).epsilon(1e-6));
  CHECK(shorter[2] == 0.5f);
}

TEST_CASE(
    "fit says whether the training came to its end, and keeps no best weights without a choice") {
  Fixture fixture;
  train::Training training{.model = fixture.model,
                           .optimizer = fixture.optimizer,
                           .loss = train::task_of(spirals().train).default_loss(),
                           .train = spirals().train,
                           .batch_size = 50,
                           .order = [&](int64_t) -> Rng& { return fixture.rng; }};
  train::TrainingState state;
  for (const int64_t steps : {0, 2}) {
    const auto stopped = [&] { return fixture.optimizer.steps() == steps; };
    CHECK_FALSE(train::fit(training, state, {.should_stop = stopped}));
    CHECK(state.batches == steps);
  }
  const double before = state.seconds;
  CHECK(before > 0);
  CHECK(train::fit(training, state));
  CHECK(state.history[0].seconds > before);
  CHECK(state.best.empty());
}

TEST_CASE("A loss that stays 0 is no explosion") {
  Fixture fixture;
  const LossFunction zero = [](const Tensor& outputs, const Tensor&) { return 0 * sum(outputs); };
  const train::History history = fixture.fit({.loss = zero});
  REQUIRE(history.size() == 1);
  CHECK(history[0].train_loss == 0);
  CHECK(history[0].train_score < 0.4);
}

TEST_CASE("A mixed sample counts for both of its labels, each by its weight") {
  Rng rng(3);
  layers::Sequential model{layers::Dense(2, 3, rng)};
  optim::SGD optimizer(model.parameters(), {.lr = 0.1});
  const data::Dataset samples = spirals().train;
  const auto partners = [](const Tensor& labels) {
    Tensor result = labels.clone();
    for (int64_t i = 0; i < labels.numel(); ++i)
      result.mutable_data<int64_t>()[i] = (labels.data<int64_t>()[i] + 1) % 3;
    return result;
  };
  train::Training training{
      .model = model,
      .optimizer = optimizer,
      .schedule = optim::Schedule([](int64_t) { return 0.0; }),
      .loss = train::task_of(samples).default_loss(),
      .train = samples,
      .batch_size = 50,
      .micro_batch = 20,
      .order = [&](int64_t) -> Rng& { return rng; },
      .mix =
          [&](const data::Batch& batch, Rng&) {
            return data::MixedBatch{batch.inputs, batch.targets, partners(batch.targets), 0.25};
          }};
  train::TrainingState state;
  train::fit(training, state);
  const data::Batch all = samples.batch(0, samples.size());
  const Tensor logits = model(all.inputs), others = partners(all.targets);
  CHECK(state.history[0].train_score ==
        doctest::Approx(0.25 * accuracy(logits, all.targets) + 0.75 * accuracy(logits, others)));
  CHECK(state.history[0].train_loss ==
        doctest::Approx(0.25 * cross_entropy(logits, all.targets).item() +
                        0.75 * cross_entropy(logits, others).item())
            .epsilon(1e-5));
}

TEST_CASE("A teacher gets the samples before their normalization, the model gets them after it") {
  Fixture fixture;
  Tensor given, seen;
  train::Training training{.model = fixture.model,
                           .optimizer = fixture.optimizer,
                           .loss = train::task_of(spirals().train).default_loss(),
                           .train = spirals().train.normalized({{1}, {2}}),
                           .order = [&](int64_t) -> Rng& { return fixture.rng; },
                           .teacher =
                               [&](const Tensor& samples) {
                                 given = samples;
                                 return Tensor::zeros({samples.size(0), 3});
                               }};
  train::TrainingState state;
  const layers::CallObserver observer(
      [&](layers::Module& layer, const Tensor& input, const Tensor&) {
        if (layer.description().starts_with("Dense(2")) seen = input;
      });
  train::fit(training, state);
  CHECK(seen.to_vector<float>() == ((given - 1) / 2).to_vector<float>());
}
