// compare_command: gradus compare, which draws runs in one picture and lists their differences.

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/run_comparison.hpp"
#include "apps/pictures/table.hpp"
#include "core/io/file.hpp"

namespace gradus::app {
namespace {

struct CompareLine {
  std::string out = "compare.svg";
};

Options options_of(CompareLine& line) {
  Options options(
      "compare RUN RUN… [options]",
      "Draws the loss and accuracy of runs in one picture, lists the options that differ "
      "and the results, and says whether two runs, or runs of several seeds with one "
      "set of options or another, differ by more than chance.");
  options.group("Picture");
  options.add("out FILE", &line.out, "SVG file of the picture");
  options.takes({2, Options::any_number, "two run folders or more"});
  options.example("gradus compare runs/digits-mlp-1 runs/digits-cnn-bn-1",
                  "compare two runs, drawn in compare.svg");
  options.example("gradus compare runs/digits-* --out docs/digits.svg",
                  "compare all runs whose names begin with digits-, drawn in docs/digits.svg");
  return options;
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
  const std::vector<RunSummary> runs = read_runs(words.operands);
  write_file_atomically(line.out, picture_of(runs));
  fmt::print("{}", pictures::to_text(table_of(runs)));
  if (const std::string difference = difference_of(runs); !difference.empty())
    fmt::print("\n{}", difference);
  print_cautions(runs);
  fmt::print("\nthe picture is in {}\n", line.out);
  return 0;
}

}  // namespace

Command compare_command() {
  return make_command<CompareLine>(options_of, execute);
}

}  // namespace gradus::app
