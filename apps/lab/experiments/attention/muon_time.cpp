// Claim: Muon trains a small GPT to a lower loss than AdamW in equal time. (Jordan et al. 2024.)
#include "apps/lab/experiments/toolbox.hpp"
#include "apps/lab/measure/timing.hpp"
#include "apps/lab/models/language_model.hpp"

namespace gradus::lab::muon_time_experiment {

constexpr int64_t width = 48, layers = 2, batch = 16, length = 32;
// AdamW also trains with these multiples of Muon's steps, to find how many it needs for its loss.
constexpr double multiples[] = {1, 1.5, 2};

constexpr double muon_rates[] = {0.04, 0.08, 0.16, 0.32}, adamw_rates[] = {0.005, 0.01, 0.02, 0.04};

const char* name_of(bool muon) {
  return muon ? "Muon" : "AdamW";
}

LanguageModel make_model(uint64_t seed) {
  Rng rng = weights_rng(seed);
  return {layers, {.width = width, .heads = 4, .activation = "gelu", .norm_first = true}, rng};
}

using OptimizerPtr = std::unique_ptr<optim::Optimizer>;

OptimizerPtr make_optimizer(bool muon, LanguageModel& model, double rate) {
  if (muon)
    return std::make_unique<optim::Muon>(model.parameters(),
                                         optim::MuonOptions{.lr = rate, .weight_decay = 0.01},
                                         outer_parameters(model));
  return std::make_unique<optim::AdamW>(model.parameters(), optim::AdamWOptions{.lr = rate});
}

// The test loss after a training whose rate falls to 0.
double train(bool muon, double rate, int64_t steps, uint64_t seed,
             const ExperimentOptions& options) {
  LanguageModel model = make_model(seed);
  const OptimizerPtr optimizer = make_optimizer(muon, model, rate);
  StoryTraining training{fmt::format("{}, rate {}, {} steps", name_of(muon), rate, steps), steps,
                         batch};
  training.schedule = optim::polynomial(rate, {.total_steps = steps});
  return train_on_stories(model, *optimizer, stories(length, seed), training, seed, options).back();
}

// The rate with the lowest loss, by a seed that isn't judged.
double best_rate(bool muon, int64_t steps, const ExperimentOptions& options, Table& table) {
  double best = 0, least = INFINITY;
  const std::span rates(muon ? muon_rates : adamw_rates);
  for (const double rate : options.small ? rates.subspan(1, 2) : rates) {
    const double loss = train(muon, rate, steps, options.seed + 1000, options);
    table.rows.push_back({name_of(muon), rate, loss});
    if (loss < least) std::tie(least, best) = std::pair(loss, rate);
  }
  return best;
}

struct Run {
  double muon = 0;
  std::vector<double> adamw = {};  // by multiple
  TwoTimes step = {};              // of Muon and AdamW

  // How many times Muon's steps AdamW needs for Muon's loss: interpolated between two multiples, at
  // least the first one and at most the last one.
  double worth() const {
    if (adamw[0] <= muon) return multiples[0];
    for (std::size_t i = 1; i < adamw.size(); ++i)
      if (adamw[i] <= muon)
        return multiples[i - 1] + (multiples[i] - multiples[i - 1]) * (adamw[i - 1] - muon) /
                                      (adamw[i - 1] - adamw[i]);
    return multiples[adamw.size() - 1];
  }
  double muon_ms() const { return 1e3 * step.first; }
  double adamw_ms() const { return 1e3 * step.second; }
  double cost() const { return step.ratio(); }
};

// The times of a step of Muon and AdamW.
TwoTimes step_times(uint64_t seed) {
  LanguageModel models[] = {make_model(seed), make_model(seed)};
  const OptimizerPtr muon = make_optimizer(true, models[0], muon_rates[0]),
                     adamw = make_optimizer(false, models[1], adamw_rates[0]);
  Rng rng(seed);
  const TokenBatch data = draw_pieces(stories(length, seed).text, batch, length, rng);
  return seconds_in_turns(
      50, [&] { train_step(models[0], *muon, data); },
      [&] { train_step(models[1], *adamw, data); });
}

Report run(const ExperimentOptions& options) {
  const int64_t steps = options.longer ? 400 : options.small ? 50 : 100;
  Table rates{"Test loss by rate, for a seed that isn't judged",
              {"optimizer", {"rate", 3}, {"loss", 3}}};
  const double muon_rate = best_rate(true, steps, options, rates);
  const double adamw_rate = best_rate(false, steps, options, rates);
  const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
    Run run{train(true, muon_rate, steps, seed, options)};
    for (const double multiple : multiples)
      run.adamw.push_back(train(false, adamw_rate,
                                std::lround(multiple * static_cast<double>(steps)), seed, options));
    run.step = step_times(seed);
    return run;
  });

  Table losses{"Test loss (nats a character)",
               {"optimizer", {"rate", 3}, {"steps", 0}, {"loss", 3}}};
  add_row(losses, {"Muon", muon_rate, steps}, runs, &Run::muon);
  Series adamw{"AdamW"};
  for (std::size_t i = 0; i < std::size(multiples); ++i) {
    const double count = multiples[i] * static_cast<double>(steps);
    add_row(losses, {"AdamW", adamw_rate, count}, runs,
            [&](const Run& run) { return run.adamw[i]; });
    adamw.add(count, estimate_of(runs, [&](const Run& run) { return run.adamw[i]; }).mean);
  }
  Table cost{"Time of a step, and steps for the loss of Muon",
             {{"Muon (ms)", 2},
              {"AdamW (ms)", 2},
              {"time, Muon / AdamW", 3},
              {"steps needed, AdamW / Muon", 2}}};
  add_row(cost, {}, runs, &Run::muon_ms, &Run::adamw_ms, &Run::cost, &Run::worth);

  std::vector<double> equal_steps, gain;
  for (const Run& run : runs) {
    equal_steps.push_back(run.muon - run.adamw[0]);
    gain.push_back(run.worth() - run.cost());
  }
  const Estimate muon = estimate_of(runs, &Run::muon), ratio = estimate_of(runs, &Run::cost);
  Series line{fmt::format("Muon, {} steps", steps),
              {adamw.x.front(), adamw.x.back()},
              {muon.mean, muon.mean}};
  line.mark = pictures::Mark::thin;
  Chart chart{"Trainings of different lengths", "steps of AdamW", "test loss (nats a character)"};
  chart.series = {adamw, line};
  const std::string says_worth = fmt::format(
      "in equal time: AdamW needs for Muon's loss more times Muon's steps (at most {} are counted) "
      "than Muon's step needs times AdamW's",
      multiples[std::size(multiples) - 1]);
  return {{{negative("after as many steps the loss is lower with Muon than with AdamW",
                     estimate(equal_steps), 3),
            positive(says_worth, estimate(gain), 2)},
           fmt::format("A step of Muon takes {} times that of AdamW: in the time of {} steps of "
                       "Muon AdamW makes {:.0f}.",
                       to_string(ratio, 2), steps, ratio.mean * static_cast<double>(steps)),
           "larger models and longer trainings; other rates for the longer trainings of AdamW"},
          fmt::format(
              "a transformer of width {} and {} layers that predicts the characters of generated "
              "stories; rates fall to 0, and their first values are the best ones for a seed that "
              "isn't judged. Equal time isn't reproducible, so the losses are those of numbers of "
              "steps; the times of a step are medians, and both optimizers take turns.",
              width, layers),
          {losses, cost, rates},
          {{chart}}};
}

}  // namespace gradus::lab::muon_time_experiment
