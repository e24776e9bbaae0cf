// The command line: finds the subcommand, and turns what it throws into a line and an exit code.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <new>

#include "apps/gradus/commands.hpp"
#include "apps/gradus/errors.hpp"
#include "apps/gradus/help_text.hpp"

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
    fmt::print("gradus {}\n", GRADUS_VERSION);
    return 0;
  }
  Command command = as_usage([&] { return commands().find(arguments[0]); })();
  const Arguments operands = command.options.parse({arguments.begin() + 1, arguments.end()});
  if (!command.options.given("help")) return command.run(command.options, operands);
  fmt::print("{}", command.options.help());
  return 0;
}

int report(const char* message, int code) {
  std::fflush(stdout);
  std::fprintf(stderr, "error: %s\n", message);  // never throws, whatever stderr is
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  // A file that grows beyond its limit is an error to report, like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const int code = dispatch({argv + 1, argv + argc});
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
      throw std::runtime_error("can't write to the standard output");
    return code;
  } catch (const UsageError& error) {
    return report(error.what(), 2);
  } catch (const std::bad_alloc&) {
    return report("out of memory; a smaller --batch-size takes less", 1);
  } catch (const std::exception& error) {
    return report(error.what(), 1);
  }
}
