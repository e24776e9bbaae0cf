// become_program, program_path: the programs beside gradus that do some of its commands.
#pragma once

#include <string>

#include "apps/gradus/cli/command.hpp"

namespace gradus::app {

/// Becomes the program gradus-NAME beside this one, the command's name left out of its arguments.
/// Throws std::runtime_error where there is none, saying how to get it.
[[noreturn]] void become_program(const Arguments& arguments);

/// The path of the program that does the command `name`, whether it is there or not.
std::string program_path(const std::string& name);

}  // namespace gradus::app
