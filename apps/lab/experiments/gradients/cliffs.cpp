// Claim: the loss of a recurrent network has cliffs, at which a gradient of enormous norm throws
// the weights far away; limiting the norm saves the training and keeps the gradient's direction.
// (Pascanu, Mikolov and Bengio 2013, §2.3 and algorithm 1.)
#include <gradus.hpp>
#include <map>

#include "apps/lab/draw/lines.hpp"
#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/measure/tensor_distance.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab::cliffs_experiment {

struct Method {
  const char* name;
  void (*clip)(const NamedTensors& parameters);
};
const Method methods[] = {
    {"none", [](const NamedTensors&) {}},
    {"norm to 1", [](const NamedTensors& parameters) { optim::clip_grad_norm(parameters, 1); }},
    {"values to 0.1",
     [](const NamedTensors& parameters) { optim::clip_grad_value(parameters, 0.1); }}};
enum { none, norm, values };  // which of them

// A network that reads an image (C, H, W) row by row into a state of 32 values, from which the
// output is computed. The state's weights are orthogonal at first; with "relu", which has no limit,
// its size and the gradient's can grow from row to row.
layers::Sequential row_reader(const data::Dataset& data, Rng& rng) {
  const Shape image = data.sample_shape();
  return layers::Sequential{layers::Rows(),
                            layers::RNN({.input = image[0] * image[2],
                                         .hidden = 32,
                                         .orthogonal = true,
                                         .nonlinearity = "relu",
                                         .last_only = true},
                                        rng),
                            layers::Dense(32, data.classes(), rng)};
}

struct Run {
  std::vector<double> norms = {};  // of the gradient at each step, before it is clipped
  double cosine = 1;               // the least between a gradient and what is left of it
  double accuracy = 0;             // in the end, on the test set, in percent
  double survives = 0;             // 100 where that is twice what guessing reaches, or more

  double largest() const { return *std::max_element(norms.begin(), norms.end()); }
};

Run train(const data::Split& split, const Method& method, double rate, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
  layers::Sequential model = row_reader(split.train, weights);
  optim::SGD optimizer(model.parameters(), {.lr = rate});
  TrainingOptions training{fmt::format("clipping {}, rate {}, seed {}", method.name, rate, seed),
                           options.epochs.value_or(options.small ? 3 : 8)};
  Run run;
  training.before_step = [&] {
    const Tensor before = flat_gradient(model.parameters());
    run.norms.push_back(std::isfinite(size(before)) ? size(before) : INFINITY);
    method.clip(model.parameters());
    run.cosine = std::min(run.cosine, cosine(before, flat_gradient(model.parameters())));
  };
  const TrainingCurves trained =
      train_classifier(model, optimizer, split, training, order, options);
  run.accuracy = 100 * trained.accuracy.back();
  run.survives = run.accuracy * static_cast<double>(split.train.classes()) < 200 ? 0 : 100;
  return run;
}

using RunsByRate = std::map<double, std::vector<Run>>;

// The runs of each method.
std::vector<RunsByRate> measure(const data::Split& split, const ExperimentOptions& options) {
  const auto rates = options.small ? std::vector{0.03, 0.3} : std::vector{0.03, 0.1, 0.3, 1.0};
  std::vector<RunsByRate> all;
  for (const Method& method : methods) {
    RunsByRate& of_method = all.emplace_back();
    for (const double rate : rates)
      of_method[rate] = over_seeds(options, options.small ? 8 : 16, [&](uint64_t seed) {
        return train(split, method, rate, seed, options);
      });
  }
  return all;
}

Verdict verdict(const std::vector<RunsByRate>& all) {
  const auto survivors = [&](std::size_t method, double rate) {
    return estimate_of(all[method].at(rate), &Run::survives);
  };
  const double cosine = std::ranges::min(all[norm].at(0.3), {}, &Run::cosine).cosine,
               largest_rate = all[norm].rbegin()->first;
  Verdict result{.reason = fmt::format(
                     "At rate 0.3, {:.0f} % of the trainings survive as they are, {:.0f} % with "
                     "values and {:.0f} % with the norm limited, which keeps a cosine of {:.4f}.",
                     survivors(none, 0.3).mean, survivors(values, 0.3).mean,
                     survivors(norm, 0.3).mean, cosine),
                 .condition = fmt::format("the rate is below {}", largest_rate)};
  const bool saves = clearly_below(survivors(none, 0.3), survivors(norm, 0.3));
  if (!saves || cosine < 0.9999) return result;
  result.outcome = survivors(norm, largest_rate).mean > 90 ? Outcome::holds : Outcome::conditional;
  return result;
}

Report run(const ExperimentOptions& options) {
  const std::vector<RunsByRate> all = measure(load_data(options), options);
  Table table{"Trainings by rate",
              {"clipping", "rate", "survive (%)", "accuracy (%)", "largest norm", "least cosine"}};
  const auto log = pictures::Scale::logarithmic, linear = pictures::Scale::linear;
  auto shares = line_chart("Trainings that survive", "rate", "trainings (%)", {}, log);
  auto norms = line_chart("A training by rate 0.3", "step", "gradient", {}, linear, log);
  for (const std::size_t method : {none, norm, values}) {
    const char* const name = methods[method].name;
    pictures::Series share{name, {}, {}};
    for (const auto& [rate, runs] : all[method]) {
      const double survivors = estimate_of(runs, &Run::survives).mean;
      table.rows.push_back({name, rate, survivors, estimate_of(runs, &Run::accuracy),
                            std::ranges::max(runs, {}, &Run::largest).largest(),
                            std::ranges::min(runs, {}, &Run::cosine).cosine});
      share.x.push_back(rate);
      share.y.push_back(survivors);
    }
    shares.series.push_back(share);
    if (method == values) continue;
    const Run& first = all[method].at(0.3)[0];
    norms.series.push_back(mean_curve(name, std::vector{first}, &Run::norms));
  }
  return {verdict(all),
          "32 recurrent ReLU units that read digits row by row; a training that survives ends with "
          "twice the accuracy of guessing, or more.",
          {table},
          {{shares, norms}}};
}

Experiment make() {
  return {.name = "clipping",
          .chapter = "Recurrent networks",
          .title = "Cliffs, and gradients of limited norm",
          .claim = "Limiting the gradient's norm saves a recurrent network at a cliff.",
          .source = "Pascanu, Mikolov and Bengio 2013",
          .heeds = {"data", "data-dir", "seeds", "epochs", "limit"},
          .run = run};
}

}  // namespace gradus::lab::cliffs_experiment
