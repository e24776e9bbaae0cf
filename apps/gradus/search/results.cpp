#include "apps/gradus/search/results.hpp"

#include <cmath>
#include <filesystem>
#include <numeric>
#include <thread>

#include "apps/gradus/run/run_summary.hpp"
#include "apps/gradus/search/trial_arguments.hpp"
#include "apps/pictures/bars.hpp"
#include "apps/pictures/chart.hpp"
#include "apps/pictures/markup.hpp"
#include "apps/pictures/parallel_coordinates.hpp"
#include "core/io/file.hpp"
#include "core/io/json.hpp"
#include "core/io/terminal.hpp"
#include "core/text/counted.hpp"
#include "optim/search/importance.hpp"

namespace gradus::app {
namespace {

using optim::SearchParameter;

constexpr std::size_t most_ticks = 8;

pictures::ParallelAxis axis_of(const SearchParameter& parameter) {
  pictures::ParallelAxis axis{parameter.name, {}};
  const bool is_list = parameter.kind == SearchParameter::Kind::list;
  const std::vector<double> places = parameter.levels(is_list ? 1 : 5);
  const std::size_t step = 1 + (places.size() - 1) / most_ticks;
  for (std::size_t i = 0; i < places.size(); i += step)
    axis.ticks.push_back({places[i], parameter.value(places[i])});
  return axis;
}

// The last axis: scores, the best at the top.
struct ScoreScale {
  double worst, best;
  double place(double score) const { return best > worst ? (score - worst) / (best - worst) : 0.5; }
};

pictures::ParallelLine line_of(const SearchRunner& runner, int64_t trial, const ScoreScale& scale) {
  const optim::SearchSpace& space = runner.search().task().space;
  const optim::Point& point = runner.search().trials()[static_cast<std::size_t>(trial)].point;
  const double score = runner.score(trial);
  pictures::ParallelLine line{.places = {}, .strength = 0.6 * scale.place(score)};
  for (std::size_t i = 0; i < space.size(); ++i) {
    const SearchParameter& parameter = space.parameters()[i];
    const double place = parameter.count() ? parameter.middle(parameter.index(point[i])) : point[i];
    line.places.push_back(space.is_active(i, point) ? std::optional(place) : std::nullopt);
  }
  line.places.push_back(scale.place(score));
  line.tooltip = fmt::format("trial {}: {:.4f}", trial + 1, runner.metric().value(score));
  for (const auto& [name, value] : space.values(point))
    line.tooltip += fmt::format(", {} {}", name, value);
  return line;
}

// The best value so far over the total number of trained epochs.
std::string best_so_far(const SearchRunner& runner, const std::vector<SearchEvent>& events) {
  pictures::Series series{fmt::format("best of {} trials", runner.results().size())};
  std::vector<std::size_t> epochs(runner.results().size());
  double spent = 0, best = NAN;
  const auto add = [&](double score) { series.add(spent, runner.metric().value(score)); };
  for (const SearchEvent& event : events) {
    if (event.kind != SearchEvent::Kind::finished) continue;
    std::size_t& before = epochs[static_cast<std::size_t>(event.trial)];
    spent += static_cast<double>(event.values.size() - before);
    before = event.values.size();
    const double score = runner.metric().score(event.values);
    if (std::isnan(score) || score <= best) continue;
    // Draws a step: the previous best value holds until now.
    if (!std::isnan(best)) add(best);
    add(score);
    best = score;
  }
  if (!std::isnan(best)) add(best);
  return pictures::render({{.title = "Best so far",
                            .x_label = "trained epochs of all trials",
                            .y_label = runner.metric().column,
                            .series = {std::move(series)}}});
}

// A line through its values for each trial; the best tenth is highlighted.
std::string parallel_coordinates(const SearchRunner& runner) {
  const std::vector<int64_t> trials = runner.ranked();
  const Metric& metric = runner.metric();
  const ScoreScale scale{runner.score(trials.back()), runner.score(trials.front())};
  pictures::ParallelCoordinates picture{
      .title = "Trials", .subtitle = "orange: the best tenth", .axes = {}, .lines = {}};
  for (const SearchParameter& parameter : runner.search().task().space.parameters())
    picture.axes.push_back(axis_of(parameter));
  pictures::ParallelAxis last{metric.column, {}};
  for (const double place : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double score = std::lerp(scale.worst, scale.best, place);
    last.ticks.push_back({place, fmt::format("{:.4f}", metric.value(score))});
  }
  picture.axes.push_back(std::move(last));
  for (std::size_t rank = 0; rank < trials.size(); ++rank) {
    picture.lines.push_back(line_of(runner, trials[rank], scale));
    if (rank > (trials.size() - 1) / 10) continue;
    picture.lines.back().highlighted = true;
    picture.lines.back().strength = 1;
  }
  return pictures::render(picture);
}

// A bar for each parameter: the part of the variance of the values that it explains.
std::string importances(const SearchRunner& runner) {
  const optim::SearchSpace& space = runner.search().task().space;
  const std::vector<double> parts = optim::importance(space, runner.search().trials());
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return parts[i]; });
  pictures::BarChart chart{
      .title = "Importance of each parameter",
      .subtitle = parts.empty() ? "all trials have the same value"
                                : "total effect: the part of the variance that it contributes to",
      .bars = {}};
  for (const std::size_t i : order)
    chart.bars.push_back(
        {space.parameters()[i].name, parts[i], fmt::format("{:.0f} %", 100 * parts[i])});
  return pictures::render(chart);
}

constexpr std::size_t most_printed = 5, most_on_page = 20;
constexpr const char *trials_file = "trials.csv", *test_scores_file = "test.json";

// The names of the parameters of all trials, in the order of the space.
std::vector<std::string> parameter_names(const SearchRunner& runner) {
  std::vector<std::string> names;
  for (const TrialResult& result : runner.results()) {
    auto place = names.begin();
    for (const auto& [name, value] : result.configuration) {
      const auto found = std::ranges::find(names, name);
      place = found == names.end() ? names.insert(place, name) + 1 : found + 1;
    }
  }
  return names;
}

pictures::Table table_of(const SearchRunner& runner, const std::vector<int64_t>& trials) {
  const std::vector<std::string> names = parameter_names(runner);
  pictures::Table table{"Trials",
                        {{"trial", 0}, {runner.metric().column.c_str(), 4}, {"epochs", 0}}};
  for (const std::string& name : names) table.columns.push_back(name.c_str());
  table.columns.push_back("error");
  for (const int64_t trial : trials) {
    const TrialResult& result = runner.result(trial);
    const double score = runner.score(trial);
    std::vector<pictures::TableCell> row{
        trial + 1, std::isnan(score) ? pictures::TableCell("") : runner.metric().value(score),
        result.values.size()};
    for (const std::string& name : names) {
      const auto value = std::ranges::find(result.configuration, name,
                                           &std::pair<std::string, std::string>::first);
      row.push_back(value == result.configuration.end() ? "" : value->second);
    }
    row.push_back(result.is_running ? "not finished" : result.error);
    table.rows.push_back(std::move(row));
  }
  return table;
}

pictures::Table failed_table(const SearchRunner& runner) {
  std::vector<int64_t> trials;
  for (int64_t trial = 0; trial < std::ssize(runner.results()); ++trial)
    if (!runner.result(trial).error.empty()) trials.push_back(trial);
  pictures::Table table = table_of(runner, trials);
  table.title = "Failed trials";
  return table;
}

std::string first_error(const SearchRunner& runner) {
  for (const TrialResult& result : runner.results())
    if (!result.error.empty()) return result.error;
  return "the metric is NaN in all epochs";
}

// The scores of `evaluate` on the test set. They are saved: a resumed search doesn't evaluate
// again.
Json test_scores(const SearchFolder& folder, int64_t trial, int64_t threads) {
  const std::string path = folder.file(test_scores_file), partial = path + ".part";
  if (!std::filesystem::exists(path)) {
    std::filesystem::remove(partial);
    Child evaluation(
        {"evaluate", folder.trial(trial), "--json", fmt::format("--threads={}", threads)}, partial,
        folder.trial(trial) + "/output.txt");
    while (!evaluation.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (*evaluation.exit_code() != 0)
      file_error(folder.trial(trial), "the best trial can't be evaluated; see its output.txt");
    rename_file(partial, path);
  }
  return read_json(path);
}

std::string train_line(const SearchRunner& runner, const SearchFolder& folder, int64_t trial) {
  std::vector<std::string> arguments{"gradus", "train"};
  for (const auto& more :
       {folder.plan().train, trial_arguments(runner.result(trial).configuration)})
    arguments.insert(arguments.end(), more.begin(), more.end());
  return shell_line(arguments);
}

// The best trial, its scores on the test set, and the command that trains it again.
std::string summary(const SearchRunner& runner, const SearchFolder& folder,
                    const SearchRunnerOptions& options) {
  const int64_t trials = std::ssize(runner.results());
  const int64_t failed = trials - std::ssize(runner.ranked());
  const int64_t best = runner.ranked().front();
  const Metric& metric = runner.metric();
  std::string words = fmt::format("the best of {} is {}: {} {:.4f}", counted(trials, "trial"),
                                  best + 1, metric.column, metric.value(runner.score(best)));
  if (folder.plan().test) {
    const Json scores = test_scores(folder, best, options.threads * options.jobs);
    const train::EpochScore& score = task_of(scores).score;
    words += fmt::format("; test {} {:.4f}, loss {:.4f}", score.title,
                         scores.at(score.name).get<double>(), scores.at("loss").get<double>());
  }
  if (failed > 0)
    words += fmt::format("\n{} failed; the first error: {}", counted(failed, "trial"),
                         first_error(runner));
  return words + fmt::format("\nto train it again: {}", train_line(runner, folder, best));
}

std::string page(const SearchRunner& runner, const std::string& words, const std::string& pictures,
                 const std::string& wide) {
  const pictures::Table failed = failed_table(runner);
  return pictures::page("Hyperparameter search",
                        fmt::format("<pre>{}</pre>\n", pictures::escaped(words)) +
                            pictures::side_by_side(pictures) + pictures::scrolling(wide) +
                            to_html(best_table(runner, most_on_page)) +
                            (failed.rows.empty() ? "" : to_html(failed)));
}

}  // namespace

pictures::Table trial_table(const SearchRunner& runner) {
  std::vector<int64_t> trials(runner.results().size());
  std::iota(trials.begin(), trials.end(), 0);
  return table_of(runner, trials);
}

pictures::Table best_table(const SearchRunner& runner, std::size_t most) {
  std::vector<int64_t> trials = runner.ranked();
  trials.resize(std::min(trials.size(), most));
  pictures::Table table = table_of(runner, trials);
  table.title = "The best trials";
  table.columns.pop_back();
  for (auto& row : table.rows) row.pop_back();
  return table;
}

void write_trials(const SearchRunner& runner, const SearchFolder& folder) {
  folder.write(trials_file, pictures::to_csv(trial_table(runner)));
}

void conclude(const SearchRunner& runner, const SearchFolder& folder,
              const SearchRunnerOptions& options) {
  write_trials(runner, folder);
  if (runner.ranked().empty())
    throw std::runtime_error(fmt::format("all {} trials failed; the first error: {}",
                                         runner.results().size(), first_error(runner)));
  const std::string curve = best_so_far(runner, folder.events()),
                    coordinates = parallel_coordinates(runner), bars = importances(runner);
  folder.write("best.svg", curve);
  folder.write("trials.svg", coordinates);
  folder.write("importance.svg", bars);
  const std::string words = summary(runner, folder, options);
  folder.write("search.html", page(runner, words, curve + bars, coordinates));
  if (!options.quiet) print_line(pictures::to_text(best_table(runner, most_printed)));
  print_line(words);
  print_line(fmt::format("trials, pictures and search.html are in {}", folder.path()));
}

}  // namespace gradus::app
