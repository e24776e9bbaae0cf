// compare_command: gradus compare, which draws runs in one picture and lists their differences.
#include <set>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/run/run_summary.hpp"
#include "apps/pictures/table.hpp"
#include "core/io/file.hpp"
#include "core/text/duration.hpp"
#include "core/text/width.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t widest_value = 40;  // an option's value may be a whole network

struct CompareLine {
  std::string out = "compare.svg";
};

Options options_of(CompareLine& line) {
  Options options("compare RUN RUN… [options]",
                  "Draws the loss and accuracy of runs in one picture, and lists the options that "
                  "differ and the results.");
  options.group("Picture");
  options.add("out FILE", &line.out, "SVG file of the picture");
  options.takes({2, Options::any_number, "two run folders or more"});
  options.example("gradus compare runs/digits-mlp-1 runs/digits-cnn-bn-1",
                  "compare two runs, drawn in compare.svg");
  options.example("gradus compare runs/digits-* --out docs/digits.svg",
                  "compare all runs whose names begin with digits-, drawn in docs/digits.svg");
  return options;
}

std::vector<RunSummary> read(const Arguments& folders) {
  std::vector<RunSummary> runs;
  for (const std::string& folder : folders) {
    runs.push_back(read_run(folder));
    if (!runs.back().problem.empty()) throw std::runtime_error(runs.back().problem);
  }
  return runs;
}

bool is_same(const std::vector<RunSummary>& runs, const std::string& option) {
  return std::ranges::all_of(runs, [&](const RunSummary& run) {
    return run.config.value(option, Json()) == runs[0].config.value(option, Json());
  });
}

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

// A row for each option that differs and for each result; a column for each run.
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
  add("validation %",
      [](const RunSummary& run) { return result_text(run, "val_accuracy", 100, 2); });
  add("validation loss", [](const RunSummary& run) { return result_text(run, "val_loss", 1, 4); });
  add("test %", [](const RunSummary& run) { return result_text(run, "test_accuracy", 100, 2); });
  add("test loss", [](const RunSummary& run) { return result_text(run, "test_loss", 1, 4); });
  add("training time", [](const RunSummary& run) {
    const Json seconds = run.value("train_seconds");
    return seconds.is_null() ? "-" : duration(seconds.get<double>());
  });
  return table;
}

// A row of charts for each set that an epoch of a run was evaluated on.
std::string picture_of(const std::vector<RunSummary>& runs) {
  train::History all;
  for (const RunSummary& run : runs) all.insert(all.end(), run.history.begin(), run.history.end());
  const auto chart = [&](const std::string& title, const char* label,
                         double train::EpochRecord::*column, double scale) {
    pictures::Chart result{title, "epoch", label, {}};
    for (const RunSummary& run : runs)
      result.series.push_back(series_of(run.name, run.history, column, scale));
    return result;
  };
  std::vector<std::vector<pictures::Chart>> rows;
  for (const train::EvaluatedSet& set : train::evaluated_sets(all)) {
    std::string name = set.name;
    name[0] -= 'a' - 'A';
    rows.push_back({chart(name + " loss", "loss", set.loss, 1),
                    chart(name + " accuracy", "accuracy (%)", set.accuracy, 100)});
  }
  std::ranges::reverse(rows);
  return pictures::render_rows(rows);
}

// Warns where the results aren't comparable.
void print_cautions(const std::vector<RunSummary>& runs) {
  if (!is_same(runs, "data"))
    fmt::print(
        "\nThe runs have different data sets: their losses and accuracies aren't comparable.\n");
  else if (!is_same(runs, "val_split"))
    fmt::print(
        "\nThe runs have different validation samples (val_split): small differences mean "
        "little.\n");
}

int execute(CompareLine& line, const CommandLine& words) {
  const std::vector<RunSummary> runs = read(words.operands);
  write_file_atomically(line.out, picture_of(runs));
  fmt::print("{}", pictures::to_text(table_of(runs)));
  print_cautions(runs);
  fmt::print("\nthe picture is in {}\n", line.out);
  return 0;
}

}  // namespace

Command compare_command() {
  return make_command<CompareLine>(options_of, execute);
}

}  // namespace gradus::app
