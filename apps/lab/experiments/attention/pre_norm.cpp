// Claim: a deep transformer with pre-norm trains without warm-up, one with post-norm doesn't.
// (Xiong et al. 2020.)
#include "apps/lab/experiments/toolbox.hpp"
#include "apps/lab/models/language_model.hpp"

namespace gradus::lab::pre_norm_experiment {

constexpr int64_t deep = 12, shallow = 2, batch = 8, length = 32;
constexpr double high_rate = 0.01, low_rate = 0.003;

struct Case {
  int64_t layers;
  double rate;
  bool pre_norm, warm_up;

  std::string name() const {
    return fmt::format("{}-norm, {}", pre_norm ? "pre" : "post",
                       warm_up ? "warm-up" : "no warm-up");
  }
  std::vector<TableCell> row() const {
    return {layers, rate, pre_norm ? "pre" : "post", warm_up ? "yes" : "no"};
  }
};

LanguageModel make_model(int64_t layers, bool pre_norm, uint64_t seed) {
  Rng rng = weights_rng(seed);
  return {layers, {.width = 32, .heads = 2, .hidden = 64, .norm_first = pre_norm}, rng};
}

struct Run {
  std::vector<double> loss;  // on the test text, after each tenth of the steps

  double last() const { return loss.back(); }
};

Run train(const Case& one, int64_t steps, uint64_t seed, const ExperimentOptions& options) {
  LanguageModel model = make_model(one.layers, one.pre_norm, seed);
  optim::Adam optimizer(model.parameters(), {.lr = one.rate});
  StoryTraining training{fmt::format("{} layers, rate {}, {}", one.layers, one.rate, one.name()),
                         steps, batch};
  if (one.warm_up) training.schedule = optim::warmup(steps / 4, optim::constant(one.rate));
  training.test_every = steps / 10;
  return {train_on_stories(model, optimizer, stories(length, seed), training, seed, options)};
}

// The norm of the gradient of each layer's last weights before training.
Series gradients(const char* name, bool pre_norm, uint64_t seed) {
  LanguageModel model = make_model(deep, pre_norm, seed);
  const TokenBatch test = stories(length, seed).test;
  token_loss(model(test.inputs), test.targets).backward();
  Series series{name};
  for (const auto& [parameter, weight] : model.parameters())
    if (parameter.ends_with("linear2.weight"))
      series.add(static_cast<double>(series.x.size() + 1), size(weight.grad()));
  return series;
}

Verdict verdict(const Table& table, bool small) {
  constexpr double margin = 0.15;  // nats
  const auto at = [&](const Case& one) { return number_at(table, one.row(), "loss"); };
  const auto needs = [&](int64_t layers, double rate) {
    return higher(fmt::format("{} layers, rate {}: post-norm ends higher without warm-up than with",
                              layers, rate),
                  at({layers, rate, false, false}), at({layers, rate, false, true}), 2);
  };
  Verdict result{{
      within(fmt::format("{} layers, rate {}: pre-norm ends less than {} higher without warm-up "
                         "than with",
                         deep, high_rate, margin),
             at({deep, high_rate, true, false}), at({deep, high_rate, true, true}), margin, 2),
      needs(deep, high_rate),
      lower(fmt::format("{} layers, rate {}: without warm-up pre-norm ends lower than post-norm",
                        deep, high_rate),
            at({deep, high_rate, true, false}), at({deep, high_rate, false, false}), 2),
  }};
  if (small) return result;
  result.parts.push_back(needs(deep, low_rate));
  result.parts.push_back(needs(shallow, high_rate));
  result.not_tested = "the best rate of each; larger networks and texts";
  return result;
}

Report run(const ExperimentOptions& options) {
  const int64_t steps = options.longer ? 1000 : options.small ? 100 : 200;
  Table table{"Loss on the test text after training (nats a character)",
              {{"layers", 0}, {"rate", 3}, "norm", "warm-up", {"loss", 3}}};
  std::vector<Chart> charts;
  for (const auto& [layers, rate] :
       {std::pair(deep, high_rate), std::pair(deep, low_rate), std::pair(shallow, high_rate)}) {
    Chart chart{fmt::format("{} layers, rate {}", layers, rate), "tenth of the training",
                "loss (nats a character)"};
    for (const bool pre_norm : {false, true})
      for (const bool warm_up : {false, true}) {
        const Case one{layers, rate, pre_norm, warm_up};
        const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
          return train(one, steps, seed, options);
        });
        add_row(table, one.row(), runs, &Run::last);
        chart.series.push_back(mean_curve(one.name(), runs, &Run::loss));
      }
    charts.push_back(chart);
    if (options.small) break;
  }
  charts.push_back(
      {"Gradients before training",
       "layer",
       "norm of the gradient",
       {gradients("post-norm", false, options.seed), gradients("pre-norm", true, options.seed)}});
  const std::string measured = fmt::format(
      "a transformer of width 32 that predicts the characters of generated stories, {} steps of "
      "Adam; warm-up: the first {} steps. The gradient is that of the second weights of each "
      "layer's feed-forward network.",
      steps, steps / 4);
  return {verdict(table, options.small), measured, {table}, in_rows(charts, 2)};
}

}  // namespace gradus::lab::pre_norm_experiment
