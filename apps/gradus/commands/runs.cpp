// gradus runs
#include <set>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/run_summary.hpp"
#include "apps/pictures/table.hpp"
#include "core/text/duration.hpp"
#include "core/text/width.hpp"

namespace gradus::app {
namespace {

constexpr const char* standard_folder = "runs";
constexpr std::size_t widest_text = 28;  // of what may be a whole network

struct RunsLine {
  std::string sort = "name", filter;
  bool reverse = false, json = false;
};

Options options_of(RunsLine& line) {
  Options options("runs [DIR] [options]",
                  "Lists the runs in a folder (default runs), those of searches too: what they "
                  "trained, how far they are and how well they do.");
  options.group("List");
  options.add(
      "sort COLUMN", &line.sort,
      "the smallest value first; also of anything in report.json and config.json, such as lr",
      {.choices = list_columns()});
  options.add("reverse", &line.reverse, "the largest value first");
  options.add("filter CONDITIONS", &line.filter,
              "only runs for which all hold: COLUMN=PATTERN (with * and ?), or a comparison by !=, "
              "<, <=, > or >=, joined by commas");
  options.add("json", &line.json, "print one JSON array, an object for each run");
  options.takes({0, 1, "one folder at most"});
  options.example("gradus runs --sort test_accuracy", "the best one last");
  options.example("gradus runs --filter 'model=cnn*,test_accuracy>0.98' --sort lr",
                  "those that do well, by their learning rates");
  return options;
}

// What a list shows besides its own columns.
std::vector<std::string> asked_for(const RunsLine& line, const std::vector<RunFilter>& filters) {
  std::vector<std::string> fields{line.sort};
  for (const RunFilter& filter : filters) fields.push_back(filter.field());
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

// A part of 1, in per cent.
pictures::TableCell per_cent(const Json& value) {
  return value.is_number() ? pictures::TableCell(100 * value.get<double>())
                           : pictures::TableCell("");
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
      "",
      {"run", "state", "data", "model", "epochs", {"val %", 2}, {"test %", 2}, "time", "started"}};
  for (const std::string& column : more) table.columns.emplace_back(column.c_str());
  for (const RunSummary& run : runs) {
    table.rows.push_back({run.name, run.state, cell_of(run.value("data")),
                          cell_of(run.value("model")), epochs_text(run),
                          per_cent(run.value("val_accuracy")), per_cent(run.value("test_accuracy")),
                          time_text(run), cell_of(run.value("date"))});
    for (const std::string& column : more) table.rows.back().push_back(cell_of(run.value(column)));
  }
  fmt::print("{}", pictures::to_text(table));
  for (const RunSummary& run : runs)
    if (!run.problem.empty()) fmt::print("damaged: {}\n", run.problem);
}

int execute(RunsLine& line, const CommandLine& words) {
  const Arguments& folders = words.operands;
  const std::vector<RunFilter> filters = parse_filters(line.filter);
  std::vector<RunSummary> runs = find_runs(folders.empty() ? standard_folder : folders[0]);
  check_field(line.sort, runs);
  for (const RunFilter& filter : filters) check_field(filter.field(), runs);
  for (const RunFilter& filter : filters)
    std::erase_if(runs, [&](const RunSummary& run) { return !filter.holds(run); });
  if (line.sort != "name") sort_runs(runs, line.sort);
  if (line.reverse) std::ranges::reverse(runs);

  const std::vector<std::string> more = asked_for(line, filters);
  if (line.json) {
    Json list = Json::array();
    for (const RunSummary& run : runs) list.push_back(to_json(run, more));
    fmt::print("{}\n", list.dump(2));
  } else if (runs.empty()) {
    fmt::print("no runs{}\n", filters.empty() ? "" : " for which all conditions hold");
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
