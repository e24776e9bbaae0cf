#include "apps/gradus/check/checker.hpp"

#include <cmath>
#include <filesystem>

#include "apps/gradus/run/child.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/step_comparison.hpp"
#include "apps/pictures/markup.hpp"
#include "core/io/file.hpp"
#include "core/io/json.hpp"
#include "core/stopwatch.hpp"
#include "core/text/counted.hpp"
#include "train/step_log.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

std::string run_file(const TrainingOutcome& outcome, const char* name) {
  return (fs::path(outcome.folder) / name).string();
}

void add_failure(TrainingOutcome& outcome, const std::string& failure) {
  if (!failure.empty()) outcome.failure += (outcome.failure.empty() ? "" : "; ") + failure;
}

// The digits of an f32.
double seven_digits(std::string_view text) {
  return parse_number<double>(fmt::format("{:.7g}", parse_number<double>(text).value_or(NAN)))
      .value_or(NAN);
}

Json losses_of(const std::vector<std::string>& rows) {
  Json losses = Json::array();
  for (std::size_t step = 1; step < rows.size(); ++step)
    losses.push_back(seven_digits(split(rows[step], ',').at(2)));
  return losses;
}

bool is_equal(const Bound& bound, const SuiteTraining& training, double value) {
  return std::abs(value - *bound.number) <= training.tolerance * std::max(1.0, std::abs(value));
}

void compare_bounds(const SuiteTraining& training, TrainingOutcome& outcome) {
  std::vector<Bound> broken;
  for (const Bound& bound : training.bounds) {
    const std::optional<double> value = number_at(outcome.report, bound.name);
    if (bound.comparison != "=" || !value || !is_equal(bound, training, *value))
      broken.push_back(bound);
  }
  add_failure(outcome, broken_bounds(broken, outcome.report));
}

// The first step and tensor that differ, where the suite has the log of a run.
StepComparison compare_steps(const SuiteTraining& training, const TrainingOutcome& outcome) {
  StepComparison comparison(training.losses, false, training.tolerance);
  const std::size_t lines = std::min(outcome.steps.size(), training.losses.size());
  for (std::size_t step = 1; step < lines; ++step)
    comparison.compare(static_cast<int64_t>(step), outcome.steps[step]);
  return comparison;
}

void compare_losses(const SuiteTraining& training, TrainingOutcome& outcome, bool same_bits) {
  if (!training.has_losses) return;
  if (training.losses.empty())
    return add_failure(outcome, "the suite has no losses yet; --update writes them");
  if (outcome.steps.size() != training.losses.size())
    add_failure(outcome, fmt::format("has {} steps, expected {}", outcome.steps.size() - 1,
                                     training.losses.size() - 1));
  const StepComparison comparison = compare_steps(training, outcome);
  add_failure(outcome, comparison.failure());
  const bool has_bits = !training.losses_file.empty() && same_bits;
  if (comparison.failed() && has_bits && comparison.first_difference() != comparison.failure())
    add_failure(outcome, "bit by bit, " + comparison.first_difference());
}

void compare_weights(const SuiteTraining& training, TrainingOutcome& outcome, bool same_bits) {
  if (!training.has_weights) return;
  if (training.weights.empty())
    return add_failure(outcome, "the suite has no hash of the weights yet; --update writes it");
  const std::string hash = weights_hash(run_file(outcome, "best.safetensors"));
  if (hash == training.weights) return;
  if (!same_bits) {
    outcome.note = "weights not compared: other numerics, or products by OpenBLAS";
    return;
  }
  add_failure(outcome,
              fmt::format("the weights differ: expected {}, got {}", training.weights, hash));
  if (training.losses_file.empty() || training.losses.empty()) return;
  const std::string difference = compare_steps(training, outcome).first_difference();
  if (outcome.failure.find(difference) == std::string::npos) add_failure(outcome, difference);
}

// Whether the program that made the hashes of the suite gives the same bits.
bool has_same_bits(const Suite& suite) {
  const Json made_by = suite.json.value("made_by", Json{{"numerics", numerics}});
  return gives_same_bits({{"versions", made_by}, {"numerics", made_by.value("numerics", Json(1))}});
}

void compare(const Suite& suite, const SuiteTraining& training, TrainingOutcome& outcome) {
  outcome.failure = outcome.note = "";
  const bool same_bits = has_same_bits(suite);
  compare_bounds(training, outcome);
  compare_losses(training, outcome, same_bits);
  compare_weights(training, outcome, same_bits);
}

Arguments arguments_of(const SuiteTraining& training, const std::string& folder, int64_t threads) {
  Arguments arguments{"train", "--quiet", "--out=" + folder};
  arguments.insert(arguments.end(), training.words.begin(), training.words.end());
  const bool has_threads = std::ranges::any_of(
      training.words, [](const std::string& word) { return word.starts_with("--threads"); });
  if (!has_threads) arguments.push_back(fmt::format("--threads={}", threads));
  return arguments;
}

void finish(const Suite& suite, TrainingOutcome& outcome, int exit_code) {
  try {
    if (exit_code != 0) {
      outcome.failure = error_of_child(outcome.folder + ".txt", exit_code);
      return;
    }
    outcome.report = read_json(run_file(outcome, "report.json"));
    outcome.steps = train::read_step_log(run_file(outcome, "steps.csv"));
    compare(suite, suite.trainings[outcome.training], outcome);
  } catch (const std::runtime_error& error) {
    outcome.failure = error.what();
  }
}

}  // namespace

std::vector<TrainingOutcome> check(const Suite& suite, const CheckOptions& options) {
  std::vector<TrainingOutcome> outcomes;
  for (std::size_t i = 0; i < suite.trainings.size(); ++i)
    if (suite.trainings[i].is_selected)
      outcomes.push_back({i, suite.trainings[i].name,
                          (fs::path(options.out) / fmt::format("{:03}", i + 1)).string()});
  std::size_t finished = 0;
  for (const bool timed : {false, true}) {
    std::vector<TrainingOutcome*> part;
    for (TrainingOutcome& outcome : outcomes)
      if (suite.trainings[outcome.training].is_timed() == timed) part.push_back(&outcome);
    std::vector<Stopwatch> watches(part.size());
    const bool completed =
        run_children({.count = part.size(),
                      .jobs = timed ? 1 : options.jobs,
                      .start =
                          [&](std::size_t i) {
                            watches[i].restart();
                            const std::string& folder = part[i]->folder;
                            return Child(arguments_of(suite.trainings[part[i]->training], folder,
                                                      timed ? options.threads : 1),
                                         folder + ".txt", folder + ".txt", suite.folder);
                          },
                      .end =
                          [&](std::size_t i, int exit_code) {
                            part[i]->seconds = watches[i].seconds();
                            finish(suite, *part[i], exit_code);
                            ++finished;
                            if (options.after) options.after(*part[i]);
                          },
                      .progress =
                          [&](std::size_t) {
                            if (options.progress) options.progress(finished);
                          }});
    if (!completed) break;
  }
  return outcomes;
}

std::vector<std::string> update(Suite& suite, std::vector<TrainingOutcome>& outcomes) {
  std::vector<std::string> changes;
  suite.json["made_by"] = versions();
  suite.json["made_by"]["numerics"] = numerics;
  for (TrainingOutcome& outcome : outcomes) {
    if (outcome.report.is_null()) continue;
    SuiteTraining& training = suite.trainings[outcome.training];
    Json& json = suite.json["trainings"][outcome.training];
    const auto change = [&](const std::string& what, const std::string& was,
                            const std::string& is) {
      changes.push_back(fmt::format("{}: {}: {} → {}", outcome.name, what, was, is));
    };
    for (Bound& bound : training.bounds) {
      const std::optional<double> value = number_at(outcome.report, bound.name);
      if (bound.comparison != "=" || !value || is_equal(bound, training, *value)) continue;
      change(bound.name, fmt::format("{}", *bound.number), fmt::format("{}", *value));
      json["expect"][bound.name] = *value;
      bound = {bound.name, "=", fmt::to_string(*value), value};
    }
    if (training.has_weights) {
      const std::string hash = weights_hash(run_file(outcome, "best.safetensors"));
      if (hash != training.weights) {
        change("weights", training.weights.empty() ? "none" : training.weights, hash);
        json["weights"] = training.weights = hash;
      }
    }
    if (training.has_losses) {
      const std::vector<std::string>& rows = outcome.steps;
      if (rows.size() != training.losses.size() || compare_steps(training, outcome).failed()) {
        change("losses", counted(std::max<int64_t>(0, std::ssize(training.losses) - 1), "step"),
               counted(std::ssize(rows) - 1, "step"));
        training.losses = rows;
        if (!training.losses_file.empty())
          write_file_atomically(training.losses_file, fmt::format("{}\n", fmt::join(rows, "\n")));
        else
          json["losses"] = losses_of(rows);
      }
    }
    compare(suite, training, outcome);
  }
  return changes;
}

std::string junit(const std::vector<std::pair<std::string, std::vector<TrainingOutcome>>>& suites) {
  using pictures::escaped;
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& [name, outcomes] : suites) {
    double seconds = 0;
    for (const TrainingOutcome& outcome : outcomes) seconds += outcome.seconds;
    xml += fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" time=\"{:.3f}\">\n",
                       escaped(name), outcomes.size(),
                       std::ranges::count_if(
                           outcomes, [](const TrainingOutcome& o) { return !o.failure.empty(); }),
                       seconds);
    for (const TrainingOutcome& outcome : outcomes) {
      xml += fmt::format("<testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(name),
                         escaped(outcome.name), outcome.seconds);
      xml += outcome.failure.empty()
                 ? "/>\n"
                 : fmt::format("><failure message=\"{}\"/></testcase>\n", escaped(outcome.failure));
    }
    xml += "</testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

}  // namespace gradus::app
