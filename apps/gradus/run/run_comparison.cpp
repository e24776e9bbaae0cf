#include "apps/gradus/run/run_comparison.hpp"

#include <cmath>
#include <set>

#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/pictures/table.hpp"
#include "core/io/safetensors.hpp"
#include "core/text/counted.hpp"
#include "core/text/duration.hpp"
#include "core/text/width.hpp"
#include "train/scores.hpp"

namespace gradus::app {
namespace {

using pictures::Table;

constexpr double significant = 0.05;
constexpr std::size_t widest_value = 40;  // an option's value may be a whole network

// In the order of the first config.json that contains them. Arrays and objects aren't options.
std::vector<std::string> differing_options(const std::vector<RunSummary>& runs) {
  std::set<std::string> seen;
  std::vector<std::string> result;
  for (const RunSummary& run : runs)
    for (const auto& [option, value] : run.config.items())
      if (!value.is_structured() && seen.insert(option).second && !is_same(runs, option))
        result.push_back(option);
  return result;
}

std::string option_text(const Json& value) {
  if (value.is_null() || value == "") return "-";
  return shortened(text_of(value), widest_value);
}

std::string result_text(const RunSummary& run, const char* field, double scale, int decimals) {
  const Json value = run.value(field);
  return value.is_number() ? fmt::format("{:.{}f}", scale * value.get<double>(), decimals) : "-";
}

// The validation or test score, "-" for a run without it.
std::string score_text(const RunSummary& run, const train::EpochScore& score,
                       const std::string& prefix) {
  const Json value = run.value(prefix + score.name);
  return value.is_number() ? score.text(value) : "-";
}

// Runs with the same options but the seed.
struct SeedGroup {
  Json options;
  std::vector<const RunSummary*> runs = {};
};

Json options_without_seed(Json config) {
  for (const char* key :
       {"seed", "threads", "memory", "data_dir", "origins", "versions", "checksums"})
    config.erase(key);
  return config;
}

std::vector<SeedGroup> groups_of(const std::vector<RunSummary>& runs) {
  std::vector<SeedGroup> groups;
  for (const RunSummary& run : runs) {
    const Json options = options_without_seed(run.config);
    auto group = std::ranges::find(groups, options, &SeedGroup::options);
    if (group == groups.end()) group = groups.insert(group, {options});
    group->runs.push_back(&run);
  }
  return groups;
}

bool same_tensor(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape() || a.dtype() != b.dtype()) return false;
  return dispatch(a.dtype(), [&]<class T>(T) {
    return std::equal(a.data<T>(), a.data<T>() + a.numel(), b.data<T>());
  });
}

const char* judged(bool differs) {
  return differs ? "more than chance" : "may be chance";
}

std::string test_file(const RunSummary& run) {
  return run.path + "/test.safetensors";
}

// The content of test.safetensors.
struct TestPredictions {
  Tensor targets, predictions;
  Tensor judged = {};  // as in Task::judged; undefined where probabilities were too many
};

TestPredictions read_predictions(const RunSummary& run) {
  return of_file(test_file(run), [&] {
    const SafetensorsFile file = read_safetensors(test_file(run));
    const data::TargetKind kind = task_of(run.config).kind;
    TestPredictions read{file.at("targets"), file.at("predictions")};
    if (kind == data::TargetKind::numbers) read.judged = read.predictions;
    for (const auto& entry : file.tensors)
      if (entry.first == "probabilities" || entry.first == "measured") read.judged = entry.second;
    // These throw for what no run writes.
    if (kind == data::TargetKind::classes)
      train::mcnemar(read.targets, read.predictions, read.predictions);
    const char* strict = kind == data::TargetKind::numbers  ? "rmse"
                         : kind == data::TargetKind::tokens ? "perplexity"
                                                            : "log_loss";
    if (read.judged.defined()) train::scores(kind).find(strict).metric(read.targets, read.judged);
    return read;
  });
}

// The differences of the scores of two runs for the same samples. `accuracy_differs` is what
// McNemar's test says of classifiers.
std::string score_differences(const RunSummary& a, const RunSummary& b, const Tensor& targets,
                              const Tensor& left, const Tensor& right,
                              std::optional<bool> accuracy_differs) {
  const data::TargetKind kind = task_of(a.config).kind;
  Table table{"", {"score", {"first", 4}, {"second", 4}, {"difference", 4}, "95 % interval", ""}};
  const Rng rng = Streams(0).resampling();
  for (const auto& entry : train::scores(kind).entries()) {
    const Json first = a.value("test_" + entry.name), second = b.value("test_" + entry.name);
    if (!first.is_number() || !second.is_number()) continue;
    const train::ScoreDifference difference =
        train::paired_bootstrap(kind, entry.name, targets, left, right, rng);
    const bool differs =
        entry.name == "accuracy" && accuracy_differs ? *accuracy_differs : difference.is_clear();
    table.rows.push_back({entry.name, first.get<double>(), second.get<double>(), difference.value,
                          to_string(difference.interval, 4), judged(differs)});
  }
  return pictures::to_text(table);
}

// Of two runs of the same task whose predictions are known.
std::string paired(const RunSummary& a, const RunSummary& b) {
  const TestPredictions test_a = read_predictions(a), test_b = read_predictions(b);
  const Tensor& targets = test_a.targets;
  if (!same_tensor(targets, test_b.targets)) return "";
  std::string text;
  std::optional<bool> accuracy_differs;
  if (task_of(a.config).kind == data::TargetKind::classes) {
    const train::McNemar test = train::mcnemar(targets, test_a.predictions, test_b.predictions);
    accuracy_differs = test.p_value < significant;
    text = fmt::format(
        "Of {}, only the first run has {} right, only the second {}: p = {:.2g} (McNemar's exact "
        "test), {}.\n",
        counted(targets.size(0), "test sample"), test.only_a, test.only_b, test.p_value,
        judged(*accuracy_differs));
  }
  const Tensor &left = test_a.judged, &right = test_b.judged;
  if (!left.defined() || !right.defined() || left.shape() != right.shape()) return text;
  return text + score_differences(a, b, targets, left, right, accuracy_differs);
}

std::vector<double> values_of(const SeedGroup& group, const std::string& name) {
  std::vector<double> values;
  for (const RunSummary* run : group.runs)
    if (const Json value = run->value(name); value.is_number()) values.push_back(value);
  return values;
}

std::string names_of(const SeedGroup& group) {
  std::vector<std::string> names;
  for (const RunSummary* run : group.runs) names.push_back(run->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// Of two groups of runs that differ in their seeds.
std::string of_means(const SeedGroup& a, const SeedGroup& b) {
  Table table{"", {"score", {"first", 4}, {"second", 4}, {"difference", 4}, "95 % interval", ""}};
  for (const std::string& name : train::score_names()) {
    const std::vector<double> left = values_of(a, "test_" + name),
                              right = values_of(b, "test_" + name);
    if (left.size() < 2 || right.size() < 2) continue;
    const Estimate first = estimate(left), second = estimate(right);
    const Interval interval = difference(first, second);
    table.rows.push_back({name, first, second, first.mean - second.mean, to_string(interval, 4),
                          judged(interval.low > 0 || interval.high < 0)});
  }
  if (table.rows.empty()) return "";
  return fmt::format(
      "Means over seeds, with the standard deviation of one run, and Welch's interval of the "
      "difference. First: {}. Second: {}.\n{}",
      names_of(a), names_of(b), pictures::to_text(table));
}

}  // namespace

bool is_same(const std::vector<RunSummary>& runs, const std::string& option) {
  return std::ranges::all_of(runs, [&](const RunSummary& run) {
    return run.config.value(option, Json()) == runs[0].config.value(option, Json());
  });
}

pictures::Table table_of(const std::vector<RunSummary>& runs) {
  pictures::Table table{"", {""}};
  for (const RunSummary& run : runs) table.columns.emplace_back(run.name.c_str());
  const auto add = [&](const std::string& name, auto&& text) {
    std::vector<pictures::TableCell>& row =
        table.rows.emplace_back(std::vector<pictures::TableCell>{name});
    for (const RunSummary& run : runs) row.emplace_back(text(run));
  };
  for (const std::string& option : differing_options(runs))
    add(option,
        [&](const RunSummary& run) { return option_text(run.config.value(option, Json())); });
  add("state", [](const RunSummary& run) { return run.state; });
  add("epochs trained", [](const RunSummary& run) { return fmt::to_string(run.history.size()); });
  add("parameters", [](const RunSummary& run) { return result_text(run, "parameters", 1, 0); });
  std::set<std::string> scores;
  for (const RunSummary& run : runs) {
    const train::EpochScore& score = task_of(run.config).score;
    if (!scores.insert(score.title).second) continue;
    add(fmt::format("validation {}", score.title),
        [&](const RunSummary& other) { return score_text(other, score, "val_"); });
    add(fmt::format("test {}", score.title),
        [&](const RunSummary& other) { return score_text(other, score, "test_"); });
  }
  add("validation loss", [](const RunSummary& run) { return result_text(run, "val_loss", 1, 4); });
  add("test loss", [](const RunSummary& run) { return result_text(run, "test_loss", 1, 4); });
  add("training time", [](const RunSummary& run) {
    const Json seconds = run.value("train_seconds");
    return seconds.is_null() ? "-" : duration(seconds.get<double>());
  });
  return table;
}

std::string picture_of(const std::vector<RunSummary>& runs) {
  train::History all;
  for (const RunSummary& run : runs) all.insert(all.end(), run.history.begin(), run.history.end());
  const train::EpochScore& score = task_of(runs[0].config).score;
  const auto with_series = [&](pictures::Chart chart, double train::EpochRecord::*column,
                               double scale) {
    for (const RunSummary& run : runs)
      chart.series.push_back(series_of(run.name, run.history, column, scale));
    return chart;
  };
  std::vector<std::vector<pictures::Chart>> rows;
  for (const train::EvaluatedSet& set : train::evaluated_sets(all)) {
    std::string name = set.name;
    name[0] -= 'a' - 'A';
    rows.push_back({with_series({name + " loss", "epoch", "loss", {}}, set.loss, 1),
                    with_series(chart_of(score, name + " "), set.score, scale_of(score))});
  }
  std::ranges::reverse(rows);
  return pictures::render_rows(rows);
}

std::string difference_of(const std::vector<RunSummary>& runs) {
  const train::Task& task = task_of(runs[0].config);
  for (const RunSummary& run : runs)
    if (&task_of(run.config) != &task ||
        !run.report.contains(std::string("test_") + task.score.name))
      return "";
  const std::vector<SeedGroup> groups = groups_of(runs);
  if (runs.size() == 2) {
    for (const RunSummary& run : runs)
      if (!std::filesystem::exists(test_file(run))) return "";
    return paired(runs[0], runs[1]);
  }
  return groups.size() == 2 ? of_means(groups[0], groups[1]) : "";
}

}  // namespace gradus::app
