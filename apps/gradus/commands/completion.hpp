// bash_completion: the script by which bash completes command lines of gradus.
#pragma once

#include <string>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// What a program beside gradus is told to print its `bash_function`.
inline constexpr const char* bash_completion_flag = "--bash-completion";

/// The function of the script that completes the command `name`.
std::string bash_function(const std::string& name, const Options& options);

/// A script for bash that completes subcommands, options, the choices of their values, run folders
/// and paths, from the tables that --help shows. Of a command whose program isn't there it has the
/// name alone.
std::string bash_completion();

}  // namespace gradus::app
