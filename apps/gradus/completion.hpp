// Completion of command lines by the shell.
#pragma once

#include <string>

namespace gradus::app {

/// A script for bash that completes subcommands, options, the choices of their values, run folders
/// and paths, from the tables that --help shows.
std::string bash_completion();

}  // namespace gradus::app
