// run_program, run_command, command_main: the main functions of the programs; they print errors and
// return exit codes.
#pragma once

#include "apps/gradus/commands/commands.hpp"

namespace gradus::app {

/// Returns the exit code of `body()`. Prints its exceptions as one line "error: …" on stderr and
/// returns 2 for a UsageError and for a wrong GRADUS_CPU (instruction_set.hpp), 1 for others and
/// for an error while writing to standard output.
int run_program(const std::function<int()>& body);

/// Parses `arguments`, which don't contain the command's name, and runs the command, or prints its
/// help or the version. Returns the exit code.
int run_command(Command command, const Arguments& arguments);

/// The main() of the program gradus-NAME, which runs one command; `gradus NAME …` executes it. With
/// --complete it prints completions for a shell (commands.hpp).
int command_main(Command command, int argc, char** argv);

}  // namespace gradus::app
