// Command, commands: the subcommands of gradus; completions: completes command lines for shells.
#pragma once

#include "apps/gradus/cli/parse.hpp"

namespace gradus::app {

/// A subcommand.
struct Command {
  /// Their variables belong to `run`.
  Options options;
  /// Runs the command after the options were parsed, and returns the exit code.
  std::function<int(const CommandLine& words)> run;
};

/// Makes a command: `Line` is the struct of its variables, `options_of` the function that makes
/// options for them, `execute` the function that runs the command.
template <class Line>
Command make_command(Options (*options_of)(Line& line),
                     int (*execute)(Line& line, const CommandLine& words)) {
  const auto line = std::make_shared<Line>();
  return {options_of(*line),
          [line, execute](const CommandLine& words) { return execute(*line, words); }};
}

Command train_command();
Command evaluate_command();
Command replay_command();
Command predict_command();
Command sample_command();
Command runs_command();
Command compare_command();
Command inspect_command();
Command search_command();
Command check_command();
Command fingerprint_command();
Command completion_command();
// In the programs gradus-bench and gradus-lab.
Command bench_command();
Command lab_command();

/// All subcommands by name; null for those of the programs gradus-bench and gradus-lab, which are
/// built and installed in the same folder.
const Registry<Command (*)()>& commands();
/// Executes the program gradus-NAME in place of this one, where NAME is the first argument. Throws
/// std::runtime_error with a hint if it doesn't exist.
[[noreturn]] void become_program(const Arguments& arguments);

/// The option with which the shells' scripts ask for completions of the words that follow.
inline constexpr const char* complete_flag = "--complete";
/// The completions of the last of `words`, which follow the command's name; bash splits
/// --option=value into three words. One line for each completion: the word, a tab, its meaning. The
/// line ":files" tells the shell to add files, ":folders" to add folders, ":paths" that the words
/// are paths.
std::string completions(const Options& options, const Arguments& words);
/// The same with the command's name as the first word. For a command of another program, that
/// program is executed in place of this one.
std::string completions(const Arguments& words);

}  // namespace gradus::app
