// The subcommands. Each takes what follows its name and returns the program's exit code.
#pragma once

#include <string>
#include <vector>

namespace gradus::app {

using Arguments = std::vector<std::string>;

int train_command(const Arguments& arguments);
int evaluate_command(const Arguments& arguments);
int inspect_command(const Arguments& arguments);
int bench_command(const Arguments& arguments);
int lab_command(const Arguments& arguments);

}  // namespace gradus::app
