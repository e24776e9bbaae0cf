// Claim: the loss of a recurrent network has cliffs, where a gradient of very large norm moves the
// weights far away; clipping the norm saves the training and keeps the direction of the gradient.
// (Pascanu, Mikolov and Bengio 2013, §2.3 and algorithm 1.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::cliffs_experiment {

struct Method {
  const char* name;
  void (*clip)(const NamedTensors& parameters);
};
const char* const none = "none";
const char* const norm = "norm to 1";
const char* const values = "values to 0.1";
const Method methods[] = {
    {none, [](const NamedTensors&) {}},
    {norm, [](const NamedTensors& parameters) { optim::clip_grad_norm(parameters, 1); }},
    {values, [](const NamedTensors& parameters) { optim::clip_grad_value(parameters, 0.1); }}};

// A network that reads an image (C, H, W) row by row into a state of 32 values and computes the
// output from it. The initial recurrent weights are orthogonal. ReLU has no upper bound, so the
// state and the gradient can grow from row to row.
Sequential row_reader(const data::Dataset& data, Rng& rng) {
  const Shape image = data.sample_shape();
  RecurrentOptions options{.input = image[0] * image[2], .hidden = 32, .orthogonal = true};
  options.nonlinearity = "relu";
  options.last_only = true;
  return Sequential{Rows(), RNN(options, rng), Dense(32, data.classes(), rng)};
}

struct Run {
  std::vector<double> norms = {};  // norm of the gradient at each step, before clipping
  double cosine = 1;               // the smallest one of a gradient and its clipped form
  double accuracy = 0;             // final test accuracy in percent
  double survives = 0;             // 100 if that is twice the accuracy of guessing or more, else 0

  double largest() const { return std::ranges::max(norms); }
};

Run train(const data::Split& split, const Method& method, double rate, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed);
  Sequential model = row_reader(split.train, weights);
  optim::SGD optimizer(model.parameters(), {.lr = rate});
  TrainingOptions training{fmt::format("clipping {}, rate {}", method.name, rate),
                           options.epochs.value_or(options.small ? 3 : 8)};
  Run run;
  training.observer.after_backward = [&] {
    const Tensor before = flat_gradient(model.parameters());
    run.norms.push_back(std::isfinite(size(before)) ? size(before) : INFINITY);
    method.clip(model.parameters());
    run.cosine = std::min(run.cosine, cosine(before, flat_gradient(model.parameters())));
  };
  run.accuracy = train_classifier(model, optimizer, split, training, seed, options).last_accuracy();
  run.survives = run.accuracy * static_cast<double>(split.train.classes()) < 200 ? 0 : 100;
  return run;
}

// `survivors` are percentages by method and rate.
Verdict verdict(const Table& table, std::map<std::pair<std::string, double>, Estimate>& survivors) {
  const double cosine = number_at(table, {norm, 0.3}, "least cosine").mean;
  const double largest_rate = table.rows.back()[1].number.mean;
  const double survive = survivors[{norm, largest_rate}].mean;
  return {{higher("at rate 0.3 more trainings (%) survive with a clipped norm than without",
                  survivors[{norm, 0.3}], survivors[{none, 0.3}], 0),
           fact("the clipped gradient has the same direction", cosine >= 0.9999,
                fmt::format("cosines of {:.4f} or more", cosine)),
           fact(fmt::format("at rate {} more than 90 % survive with a clipped norm", largest_rate),
                survive > 90, fmt::format("{:.0f} %", survive))},
          fmt::format("With clipped values {:.0f} % survive at rate 0.3.",
                      survivors[{values, 0.3}].mean)};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  Table table{"Trainings by rate",
              {"clipping", "rate", "survive (%)", "accuracy (%)", "largest norm", "least cosine"}};
  Chart shares{"Trainings that survive", "rate", "trainings (%)", {}, log_x};
  Chart norms{"A training at rate 0.3", "step", "gradient", {}, log_y};
  std::map<std::pair<std::string, double>, Estimate> survivors;
  for (const Method& method : methods) {
    shares.series.push_back({method.name});
    for (const double rate : {0.03, 0.1, 0.3, 1.0}) {
      if (options.small && (rate == 0.1 || rate == 1)) continue;
      const auto runs = over_seeds(options, options.small ? 12 : 16, [&](uint64_t seed) {
        return train(split, method, rate, seed, options);
      });
      const Estimate& survive = survivors[{method.name, rate}] = estimate_of(runs, &Run::survives);
      table.rows.push_back({method.name, rate, survive.mean, estimate_of(runs, &Run::accuracy),
                            std::ranges::max(runs, {}, &Run::largest).largest(),
                            std::ranges::min(runs, {}, &Run::cosine).cosine});
      shares.series.back().add(rate, survive.mean);
      if (rate == 0.3 && method.name != values)
        norms.series.push_back(mean_curve(method.name, std::vector{runs[0]}, &Run::norms));
    }
  }
  const char* const measured =
      "32 recurrent ReLU units that read digits row by row; a training survives if it ends "
      "with twice the accuracy of guessing or more.";
  return {verdict(table, survivors), measured, {table}, {{shares, norms}}};
}

}  // namespace gradus::lab::cliffs_experiment
