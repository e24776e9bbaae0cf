// The command line: finds the subcommand, and turns what it throws into a line and an exit code.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <new>

#include "apps/gradus/commands.hpp"
#include "apps/gradus/errors.hpp"
#include "core/registry.hpp"

namespace {

using namespace gradus::app;

const gradus::Registry<int (*)(const Arguments&)>& commands() {
  static const gradus::Registry<int (*)(const Arguments&)> table(
      "command",
      {{"train", "train a classifier and save it in a run folder", train_command},
       {"evaluate", "loss, accuracy, scores of each class of a run", evaluate_command},
       {"inspect", "layers, shapes, parameters and FLOPs of a run or model", inspect_command},
       {"bench", "time training steps", bench_command},
       {"lab", "put claims of the literature to the test", lab_command}});
  return table;
}

void print_help() {
  fmt::print("usage: gradus COMMAND [options]\n\n");
  for (const auto& command : commands().entries())
    fmt::print("  {:<12}{}\n", command.name, command.help);
  fmt::print("\ngradus COMMAND --help lists the options of each.\n");
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty())
    throw UsageError("a command is missing: gradus train, or gradus --help for all");
  if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help();
    return 0;
  }
  const auto command = as_usage([&] { return commands().find(arguments[0]); });
  return command({arguments.begin() + 1, arguments.end()});
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
