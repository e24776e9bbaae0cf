// Claim: SGD, momentum and AdaGrad need a tuned learning rate; AdaDelta, whose steps have the size
// of its earlier steps, trains well with any value of its constant ε. (Zeiler 2012, tables 1 and 2:
// 784-500-300-10, tanh, batches of 100, 6 epochs of MNIST.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::adadelta_rates_experiment {

// The paper's test errors on MNIST, in tables 1 and 2.
namespace zeiler {

// An optimizer, its names in the paper and here, and its errors, in percent, for each ε.
struct Method {
  const char *name, *optimizer;
  std::vector<double> errors;
  std::optional<double> rho = {};  // for AdaDelta, whose ε isn't the rate
};

// ε is the learning rate.
const std::vector<double> rates{1, 1e-1, 1e-2, 1e-3, 1e-4};
const std::vector<Method> with_rates{{"SGD", "sgd", {2.26, 2.51, 7.02, 17.01, 58.10}},
                                     {"momentum", "momentum", {89.68, 2.03, 2.68, 6.98, 16.98}},
                                     {"AdaGrad", "adagrad", {43.76, 2.82, 1.79, 5.21, 12.59}}};

// ε is AdaDelta's constant.
const std::vector<double> constants{1e-2, 1e-4, 1e-6, 1e-8};
const std::vector<Method> without{{"AdaDelta ρ 0.95", "adadelta", {2.58, 1.99, 1.83, 2.13}, 0.95},
                                  {"AdaDelta ρ 0.9", "adadelta", {2.59, 2.05, 1.90, 2.29}, 0.9},
                                  {"AdaDelta ρ 0.99", "adadelta", {2.32, 2.28, 2.05, 2.00}, 0.99}};

}  // namespace zeiler

// The data set with the mean of each pixel subtracted, divided by the deviation of all pixels, both
// of the training samples; features are divided by their own deviation. With one mean for all
// pixels SGD diverges at a rate of 1, at which the paper's SGD learns.
data::Split centred(const data::Split& split) {
  data::Normalization each = data::z_score(split.train);
  const std::vector<double> deviation = split.train.statistics().deviation;
  if (deviation.size() == 1) each.deviation.assign(each.mean.size(), deviation[0]);
  return {split.train.normalized(each), split.test.normalized(each)};
}

struct Task {
  const ExperimentOptions& options;
  data::Split split = centred(load_data(options));
  bool many = split.train.size() >= 10000;
  int64_t epochs = options.epochs.value_or(many ? 6 : 25);
  int64_t units = options.small ? 50 : 500;
};

// The error after the last epoch, in percent.
Estimate test_error(const Task& task, const zeiler::Method& method, double epsilon) {
  const auto runs = over_seeds(task.options, task.many ? 1 : 2, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    Sequential model = network(fmt::format("dense {}, tanh, dense {}, tanh, dense classes",
                                           task.units, task.units * 3 / 5),
                               task.split.train, weights);
    const auto& optimizer_for = optim::optimizers().find(method.optimizer);
    const auto optimizer =
        method.rho ? optimizer_for(model.parameters(), 1, {{"rho", *method.rho}, {"eps", epsilon}})
                   : optimizer_for(model.parameters(), epsilon);
    const TrainingOptions training{fmt::format("{}, ε {}", method.name, epsilon), task.epochs,
                                   task.options.batch_size.value_or(100)};
    return train_classifier(model, *optimizer, task.split, training, seed, task.options);
  });
  return estimate_of(runs, &TrainingCurves::last_error);
}

// Adds to the report a table with each method's column beside the paper's, and a line for each
// method. Returns the lines.
std::vector<Series> measure(const Task& task, const char* title, Report& report,
                            std::span<const zeiler::Method> methods,
                            const std::vector<double>& epsilons) {
  Table table{title, {"ε"}};
  for (const double epsilon : epsilons) table.rows.push_back({epsilon});
  std::vector<Series> lines;
  for (const zeiler::Method& method : methods) {
    lines.push_back({method.name});
    for (std::size_t i = 0; i < epsilons.size(); ++i) {
      const Estimate error = test_error(task, method, epsilons[i]);
      table.rows[i].insert(table.rows[i].end(), {error, method.errors[i]});
      lines.back().add(epsilons[i], error.mean);
    }
    table.columns.insert(table.columns.end(), {{method.name, 2}, {"Zeiler", 2}});
    report.charts[0][0].series.push_back(lines.back());
  }
  report.tables.push_back(table);
  return lines;
}

// `own`: AdaDelta's errors by its constants; `tested`: the number of test images.
Verdict verdict(const std::vector<Series>& others, const std::vector<double>& own, int64_t tested) {
  Verdict result;
  double best = 100, mean = 100;
  for (const Series& other : others) {
    const double least = std::ranges::min(other.y), largest = std::ranges::max(other.y);
    result.parts.push_back(
        fact(other.name + " needs a tuned rate: its worst error is twice its best or more",
             largest >= 2 * least, fmt::format("{:.2f} to {:.2f} %", least, largest)));
    best = std::min(best, least);
    mean = std::min(mean, estimate(other.y).mean);
  }
  const double least = std::ranges::min(own);
  // Half the 95 % interval of the difference on another test set, in percent.
  const double chance = 1.96 * std::sqrt(100 * (least + best) / static_cast<double>(tested));
  const auto below_mean = [&](const std::string& constants, double largest) {
    return fact("with " + constants + " AdaDelta's error is below the others' means over the rates",
                largest < mean, fmt::format("at most {:.2f} against {:.2f} %", largest, mean));
  };
  result.parts.push_back(fact(
      "AdaDelta's lowest error is no more than chance above the others'", least <= best + chance,
      fmt::format("{:.2f} against {:.2f} %, chance {:.2f}", least, best, chance)));
  result.parts.push_back(below_mean("a constant of 1e-6 or less", std::max(own[2], own[3])));
  result.parts.push_back(below_mean("any constant", std::ranges::max(own)));
  return result;
}

Report run(const ExperimentOptions& options) {
  const Task task{options};
  Report report;
  report.charts = {{{"After training with ε", "ε", "test error (%)", {}, log_log}}};
  const auto others =
      measure(task, "Test error (%) by learning rate ε", report, zeiler::with_rates, zeiler::rates);
  const auto own =
      measure(task, "Test error (%) by AdaDelta's constant ε", report,
              std::span(zeiler::without).first(options.small ? 1 : 3), zeiler::constants);
  report.measured = fmt::format(
      "a network of {} and {} tanh units on {} images of {}, {} epochs. The paper's figures are "
      "for 500 and 300 on MNIST, 6 epochs.",
      task.units, task.units * 3 / 5, task.split.train.size(), options.data, task.epochs);
  report.verdict = verdict(others, own[0].y, task.split.test.size());
  return report;
}

}  // namespace gradus::lab::adadelta_rates_experiment
