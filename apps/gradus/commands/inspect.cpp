// inspect_command: gradus inspect, which lists the layers of a model.
#include <set>

#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "layers/network/network_layers.hpp"
#include "layers/summary.hpp"

namespace gradus::app {
namespace {

// "12,345,678".
std::string grouped(int64_t number) {
  const std::string digits = fmt::to_string(number);
  std::string result;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) result += ',';
    result += digits[i];
  }
  return result;
}

// Each equation once, in the order of the layers.
void print_equations(const std::vector<layers::LayerSummary>& rows) {
  std::set<std::string> printed{""};
  for (const layers::LayerSummary& row : rows)
    if (printed.insert(row.equation).second)
      fmt::print("{}{}\n", printed.size() == 2 ? "\n" : "", row.equation);
}

void print(const train::ModelDescription& description, layers::Sequential& model) {
  const std::vector<layers::LayerSummary> rows = layers::summarize(
      model, description.options.input, description.options.tokens > 0 ? DType::i64 : DType::f32);
  std::size_t path_width = 6, width = 5;
  int64_t parameters = 0, flops = 0;
  for (const layers::LayerSummary& row : rows) {
    path_width = std::max(path_width, row.path.size());
    width = std::max(width, row.description.size());
    parameters += row.parameters;
    flops += row.flops;
  }
  const auto print_row = [&](auto path, auto layer, auto shape, auto count, auto work) {
    fmt::print("{:<{}} {:<{}}  {:<14} {:>12} {:>14}\n", path, path_width, layer, width, shape,
               count, work);
  };
  fmt::print("{}, input {}\n\n", printable(description.model), description.options.input);
  print_row("path", "layer", "output", "parameters", "FLOPs");
  for (const layers::LayerSummary& row : rows)
    print_row(row.path, row.description, to_string(row.output), grouped(row.parameters),
              grouped(row.flops));
  print_row("total", "", "", grouped(parameters), grouped(flops));
  fmt::print(
      "\nOutputs and FLOPs are those of a forward pass of one sample. A multiply-add of a matrix "
      "product or\n"
      "convolution counts as 2 FLOPs, everything else as 0.\n");
  print_equations(rows);
}

void print_model(const TrainConfig& config) {
  const train::ModelDescription description{config.model, model_options(config), {}};
  layers::Sequential model = build_model(description, Rng(0));
  print(description, model);
}

struct InspectLine {
  TrainConfig config;
  bool layers = false;
};

Options options_of(InspectLine& line) {
  Options options("inspect RUN | --model NAME|TEXT [options]",
                  "Lists the layers of a run's model, or of a model for images of 28×28 in 10 "
                  "classes, with shapes, parameters and FLOPs.");
  add_model_options(options, line.config);
  options.add("layers", &line.layers, "list the layers for the text of a network");
  options.takes({0, 1, "one run folder or --model NAME"});
  options.example("gradus inspect runs/digits", "list the layers of a run's model");
  options.example("gradus inspect --model lenet --norm batch",
                  "list the layers of an untrained network with another normalization");
  return options;
}

int execute(InspectLine& line, const CommandLine& words) {
  const Arguments& runs = words.operands;
  const TrainConfig& config = line.config;
  if (line.layers) {
    for (const auto& entry : layers::network_layers().entries())
      fmt::print("{}", help_line("  " + entry.name, entry.help));
    return 0;
  }
  if (runs.size() + (config.model.empty() ? 0 : 1) != 1)
    throw UsageError("inspect takes one run folder or --model NAME");
  if (runs.empty()) {
    print_model(config);
    return 0;
  }
  train::SavedModel saved = RunFolder::open(runs[0]).load_model();
  print(saved.description, saved.model);
  return 0;
}

}  // namespace

Command inspect_command() {
  return make_command<InspectLine>(options_of, execute);
}

}  // namespace gradus::app
