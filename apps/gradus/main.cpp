// gradus: the main program, which runs a subcommand or the program of a subcommand.

#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/program.hpp"
#include "apps/gradus/run/provenance.hpp"

namespace {

using namespace gradus::app;

constexpr const char* environment = R"(
Environment variables
  GRADUS_CPU=avx512|avx2|neon|portable
      the kernels of a portable build; by default the fastest ones
  GRADUS_BLAS=openblas
      matrix products by OpenBLAS
)";
constexpr const char* examples = R"(
Examples
  gradus train --data digits --out runs/digits
      train a network on the built-in handwritten digits
  gradus evaluate runs/digits
      print its accuracy and the scores of each class
)";

void print_help() {
  fmt::print("usage: gradus COMMAND [options]\n\n");
  for (const auto& command : commands().entries())
    fmt::print("{}", help_line("  " + command.name, command.help));
  fmt::print("\n'gradus COMMAND --help' lists the options of a command.\n{}{}", environment,
             examples);
}

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h" || word == "help";
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty())
    throw UsageError("a command is missing, such as gradus train; gradus --help lists all");
  if (asks_for_help(arguments[0])) {
    if (arguments.size() == 1 || arguments[1].starts_with('-') || asks_for_help(arguments[1])) {
      print_help();
      return 0;
    }
    Arguments words{arguments[1], "--help"};
    words.insert(words.end(), arguments.begin() + 2, arguments.end());
    return dispatch(words);
  }
  if (arguments[0] == "--version") {
    fmt::print("gradus {}\n", version);
    return 0;
  }
  if (arguments[0] == complete_flag) {
    fmt::print("{}", completions({arguments.begin() + 1, arguments.end()}));
    return 0;
  }
  const auto make = as_usage([&] { return commands().find(arguments[0]); });
  if (make == nullptr) become_program(arguments);
  return run_command(make(), {arguments.begin() + 1, arguments.end()});
}

}  // namespace

int main(int argc, char** argv) {
  return run_program([&] { return dispatch({argv + 1, argv + argc}); });
}
