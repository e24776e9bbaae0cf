#include "apps/gradus/run/run_group.hpp"

#include "apps/gradus/cli/new_folders.hpp"
#include "apps/gradus/run/child.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/run_comparison.hpp"
#include "apps/pictures/markup.hpp"
#include "core/io/file.hpp"
#include "core/io/json.hpp"
#include "core/io/terminal.hpp"
#include "core/statistics.hpp"
#include "core/text/counted.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* group_file = "group.json";
constexpr int64_t most_runs = 10000;

std::string file_of(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

bool is_done(const std::string& run) {
  return fs::exists(file_of(run, "report.json"));
}

Arguments arguments_of(const RunGroup& group, std::size_t index, int64_t threads) {
  const std::string run = group.paths()[index];
  Arguments arguments{"train", "--quiet", fmt::format("--threads={}", threads)};
  const auto number = static_cast<int64_t>(index) + 1;
  if (fs::exists(file_of(run, "config.json"))) {
    arguments.push_back("--resume=" + run);
  } else {
    arguments.push_back("--config=" + file_of(group.path, group_file));
    arguments.push_back("--out=" + run);
    arguments.push_back(group.kind == "fold"
                            ? fmt::format("--fold={}/{}", number, group.count)
                            : "--seed=" + group.names()[index].substr(group.kind.size() + 1));
  }
  return arguments;
}

// "test accuracy 95.00 %"; "trained" without a score.
std::string result_of(const RunSummary& run) {
  const train::EpochScore& score = task_of(run.config).score;
  const ScoredSet set = scored_set(run.report, score);
  const Json value = run.value(set.prefix + score.name);
  return value.is_number() ? fmt::format("{} {} {}", set.name, score.title, score.text(value))
                           : "trained";
}

std::vector<RunSummary> runs_of(const RunGroup& group) {
  std::vector<RunSummary> runs = read_runs(group.paths());
  for (RunSummary& run : runs) run.name = fs::path(run.path).filename().string();
  return runs;
}

}  // namespace

std::vector<std::string> RunGroup::names() const {
  const int64_t first = kind == "fold" ? 1 : whole_number(options.at("seed"), 0, largest_count);
  std::vector<std::string> result;
  for (int64_t i = 0; i < count; ++i) result.push_back(fmt::format("{}-{}", kind, first + i));
  return result;
}

std::vector<std::string> RunGroup::paths() const {
  std::vector<std::string> result;
  for (const std::string& name : names()) result.push_back((fs::path(path) / name).string());
  return result;
}

bool is_group(const std::string& path) {
  return fs::exists(file_of(path, group_file));
}

RunGroup create_group(const std::string& path, const std::string& name, const std::string& kind,
                      int64_t count, const Json& options) {
  RunGroup group{path.empty() ? first_free("runs/" + name) : path, kind, count, options};
  NewFolders folders(group.path);
  group.lock = std::make_shared<FolderLock>(group.path);
  for (const char* file : {group_file, "config.json", "report.json"})
    if (fs::exists(file_of(group.path, file)))
      file_error(group.path, "already contains {}; choose another --out", file);
  Json json{{"run_group", {{"kind", kind}, {"count", count}}}, {"format", config_format}};
  json.update(options);
  require_utf8(json);
  write_file_atomically(file_of(group.path, group_file), json.dump(2) + '\n');
  folders.keep();
  return group;
}

RunGroup open_group(const std::string& path, bool locked) {
  const std::string file = file_of(path, group_file);
  const Json json = read_json(file);
  RunGroup group = of_file(file, [&] {
    require_valid_config(file, json);
    const Json& description = json.at("run_group");
    const std::string kind = description.at("kind");
    if (kind != "seed" && kind != "fold")
      throw std::runtime_error("kind must be seed or fold, got " + Json(kind).dump());
    return RunGroup{path, kind, whole_number(description.at("count"), 1, most_runs), json};
  });
  if (locked) group.lock = std::make_shared<FolderLock>(path);
  return group;
}

ScoredSet scored_set(const Json& report, const train::EpochScore& score) {
  const ScoredSet test{"test_", "test"};
  return report.contains(test.prefix + score.name) ? test : ScoredSet{"val_", "validation"};
}

bool train_group(const RunGroup& group, const GroupOptions& options) {
  const std::vector<std::string> paths = group.paths(), names = group.names();
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!is_done(paths[i])) missing.push_back(i);
  const int64_t threads = std::max<int64_t>(1, options.threads / options.jobs);
  StatusLine status(stdout, options.quiet);
  std::string failure;
  const auto output = [&](std::size_t index) { return paths[index] + ".txt"; };
  const bool completed = run_children(
      {.count = missing.size(),
       .jobs = options.jobs,
       .start =
           [&](std::size_t i) {
             return Child(arguments_of(group, missing[i], threads), output(missing[i]),
                          output(missing[i]));
           },
       .end =
           [&](std::size_t i, int exit_code) {
             const std::size_t index = missing[i];
             status.clear();
             if (exit_code != 0 && failure.empty())
               failure =
                   fmt::format("{}: {}; gradus train --resume {} trains what is missing",
                               paths[index], error_of_child(output(index), exit_code), group.path);
             if (exit_code == 0) fs::remove(output(index));
             if (exit_code == 0 && !options.quiet)
               print_line(fmt::format("{}: {}", names[index], result_of(read_run(paths[index]))));
           },
       .progress =
           [&](std::size_t ended) {
             status.draw([&](std::size_t) {
               return fmt::format("{} of {} trained", paths.size() - missing.size() + ended,
                                  counted(group.count, group.kind));
             });
           }});
  status.clear();
  if (completed && !failure.empty()) throw std::runtime_error(failure);
  return completed;
}

Json group_report(const RunGroup& group) {
  const std::vector<RunSummary> runs = runs_of(group);
  Json report{{"runs", group.names()}, {"kind", group.kind}, {"count", group.count}};
  const Json& first = runs.at(0).report;
  const train::EpochScore& score = task_of(runs[0].config).score;
  const ScoredSet set = scored_set(first, score);
  std::vector<std::string> names;
  for (const auto& [name, value] : first.items())
    if (name.starts_with("test_") || name == "train_seconds") names.push_back(name);
  // Those of the validation set are in the history, not in the report.
  if (set.prefix != "test_")
    names.insert(names.begin(), {"val_loss", "val_" + std::string(score.name)});
  for (const std::string& name : names) {
    std::vector<double> values;
    for (const RunSummary& run : runs)
      if (const Json own = run.value(name); own.is_number()) values.push_back(own);
    if (std::ssize(values) != group.count) continue;
    const Estimate mean = estimate(values);
    const Interval interval = interval_of_mean(mean);
    report[name] = mean.mean;
    report[name + "_deviation"] = mean.spread;
    report[name + "_interval"] = {interval.low, interval.high};
  }
  return report;
}

std::string group_page(const RunGroup& group, const Json& report) {
  const std::vector<RunSummary> runs = runs_of(group);
  pictures::Table scores{"Scores", {"score", {"mean", 4}, {"deviation", 4}, "95 % interval"}};
  for (const auto& [name, value] : report.items())
    if (report.contains(name + "_deviation")) {
      const Json& interval = report[name + "_interval"];
      scores.rows.push_back(
          {name, number_or_nan(value), number_or_nan(report[name + "_deviation"]),
           to_string(Interval{number_or_nan(interval[0]), number_or_nan(interval[1])}, 4)});
    }
  const std::string title =
      fmt::format("{} of {} on {}", counted(group.count, group.kind),
                  text_of(runs[0].value("model")), text_of(runs[0].value("data")));
  return pictures::page(
      title, pictures::section("Scores", to_html(scores)) +
                 pictures::section("Runs", to_html(table_of(runs))) +
                 pictures::section("Learning curves", pictures::scrolling(picture_of(runs))));
}

}  // namespace gradus::app
