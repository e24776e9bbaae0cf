// The command line: finds the subcommand, in this program or in one beside it.

#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/program.hpp"
#include "apps/gradus/run/provenance.hpp"

namespace {

using namespace gradus::app;

constexpr const char* examples = R"(
Examples
  gradus train --data digits --out runs/digits
      train a network on the handwritten digits that are built in
  gradus evaluate runs/digits
      how well it does, class by class
)";

void print_help() {
  fmt::print("usage: gradus COMMAND [options]\n\n");
  for (const auto& command : commands().entries())
    fmt::print("{}", help_line("  " + command.name, command.help));
  fmt::print("\ngradus COMMAND --help lists the options of each.\n{}", examples);
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty())
    throw UsageError("a command is missing: gradus train, or gradus --help for all");
  if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help();
    return 0;
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
