// runs_command: gradus runs, which lists runs.
#include <set>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/condition.hpp"
#include "apps/gradus/run/run_summary.hpp"
#include "apps/pictures/table.hpp"
#include "core/text/duration.hpp"
#include "core/text/width.hpp"

namespace gradus::app {
namespace {

constexpr const char* default_folder = "runs";
constexpr std::size_t widest_text = 28;  // a value may be a whole network

struct RunsLine {
  std::string sort = "name", filter;
  bool reverse = false, json = false;
};

Options options_of(RunsLine& line) {
  Options options("runs [DIR] [options]",
                  "Lists the runs in a folder (default runs), also those of searches, with their "
                  "data, model, state and accuracy.");
  options.group("List");
  options.add(
      "sort COLUMN", &line.sort,
      "sort by a column or a value in report.json or config.json such as lr, the smallest first",
      {.choices = list_columns()});
  options.add("reverse", &line.reverse, "reverse the order");
  options.add("filter CONDITIONS", &line.filter,
              "list only runs that fulfil all conditions, separated by commas: COLUMN=PATTERN "
              "(with * and ?) or comparisons with !=, <, <=, > and >=");
  options.add("json", &line.json, "print one JSON array with an object for each run");
  options.takes({0, 1, "at most one folder"});
  options.example("gradus runs --sort test_accuracy", "list all runs, the best one last");
  options.example("gradus runs --filter 'model=cnn*,test_accuracy>0.98' --sort lr",
                  "list good runs of convolutional networks by learning rate");
  return options;
}

// The columns that the options need in addition to the usual ones.
std::vector<std::string> more_columns(const RunsLine& line, const std::vector<Condition>& filters) {
  std::vector<std::string> fields{line.sort};
  for (const Condition& filter : filters) fields.push_back(filter.name);
  std::set<std::string> shown;
  for (const Choice& column : list_columns()) shown.insert(column.name);
  std::vector<std::string> result;
  for (const std::string& field : fields)
    if (shown.insert(json_key(field)).second) result.push_back(json_key(field));
  return result;
}

Json to_json(const RunSummary& run, const std::vector<std::string>& more) {
  Json json = {{"path", run.path}};
  for (const Choice& column : list_columns()) json[column.name] = run.value(column.name);
  for (const std::string& column : more) json[column] = run.value(column);
  if (!run.problem.empty()) json["problem"] = run.problem;
  return json;
}

pictures::TableCell cell_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_number()) return value.get<double>();
  return shortened(text_of(value), widest_text);
}

// The validation or test score of the run's task.
std::string score_text(const RunSummary& run, const char* prefix) {
  const train::EpochScore& score = task_of(run.config).score;
  const Json value = run.value(fmt::format("{}_{}", prefix, score.name));
  if (!value.is_number()) return "";
  return score.is_fraction ? score.text(value)
                           : fmt::format("{} {}", score.title, score.text(value));
}

std::string epochs_text(const RunSummary& run) {
  const Json all = run.config.value("epochs", Json());
  if (all.is_null()) return "";
  return fmt::format("{}/{}", run.history.size(), all.dump());
}

std::string time_text(const RunSummary& run) {
  const Json seconds = run.value("train_seconds");
  return seconds.is_null() ? "" : duration(seconds.get<double>());
}

void print(const std::vector<RunSummary>& runs, const std::vector<std::string>& more) {
  pictures::Table table{
      "", {"run", "state", "data", "model", "epochs", "validation", "test", "time", "started"}};
  for (const std::string& column : more) table.columns.emplace_back(column.c_str());
  for (const RunSummary& run : runs) {
    table.rows.push_back({run.name, run.state, cell_of(run.value("data")),
                          cell_of(run.value("model")), epochs_text(run), score_text(run, "val"),
                          score_text(run, "test"), time_text(run), cell_of(run.value("date"))});
    for (const std::string& column : more) table.rows.back().push_back(cell_of(run.value(column)));
  }
  fmt::print("{}", pictures::to_text(table));
  for (const RunSummary& run : runs)
    if (!run.problem.empty()) fmt::print("damaged: {}\n", run.problem);
}

int execute(RunsLine& line, const CommandLine& words) {
  const Arguments& folders = words.operands;
  const std::vector<Condition> filters = parse_conditions(line.filter, "--filter");
  std::vector<RunSummary> runs = find_runs(folders.empty() ? default_folder : folders[0]);
  check_field(line.sort, runs);
  for (const Condition& filter : filters) check_field(filter.name, runs);
  for (const Condition& filter : filters)
    std::erase_if(runs,
                  [&](const RunSummary& run) { return !filter.holds(run.value(filter.name)); });
  if (line.sort != "name") sort_runs(runs, line.sort);
  if (line.reverse) std::ranges::reverse(runs);

  const std::vector<std::string> more = more_columns(line, filters);
  if (line.json) {
    Json list = Json::array();
    for (const RunSummary& run : runs) list.push_back(to_json(run, more));
    print_as_json(list);
  } else if (runs.empty()) {
    fmt::print("no runs{}\n", filters.empty() ? "" : " fulfil all conditions");
  } else {
    print(runs, more);
  }
  return 0;
}

}  // namespace

Command runs_command() {
  return make_command<RunsLine>(options_of, execute);
}

}  // namespace gradus::app
