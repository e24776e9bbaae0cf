// run_program: what the main() of each program calls; errors become a line and an exit code.
#pragma once

#include "apps/gradus/commands/commands.hpp"

namespace gradus::app {

/// The exit code of `body()`. What it throws is one line "error: …" on stderr: 2 for a UsageError,
/// 1 for the rest, and for a standard output that can't be written.
int run_program(const std::function<int()>& body);

/// Parses `arguments`, without the command's name, and does what the command is for, or prints its
/// help. Returns the exit code.
int run_command(Command command, const Arguments& arguments);

/// The main() of the program gradus-NAME, which does one command alone: `gradus NAME …` becomes it.
/// Told --complete, it answers a shell (completion.hpp).
int command_main(Command command, int argc, char** argv);

}  // namespace gradus::app
