// commands: the table of all subcommands of gradus, and what a shell offers for them.
#pragma once

#include "apps/gradus/cli/parse.hpp"

namespace gradus::app {

/// A subcommand.
struct Command {
  /// Bound to what `run` holds.
  Options options;
  /// Does it, once the options are parsed, and returns the program's exit code.
  std::function<int(const CommandLine& words)> run;
};

/// The command of a `Line`: its options, which `options_of` binds to it, and what to do with it.
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
Command runs_command();
Command compare_command();
Command inspect_command();
Command search_command();
Command completion_command();
// Those of programs of their own, gradus-bench and gradus-lab.
Command bench_command();
Command lab_command();

/// All of them, by the names that users type; null for one that a program of its own does, which is
/// built and installed beside this one: gradus-bench, gradus-lab.
const Registry<Command (*)()>& commands();
/// Becomes the program gradus-NAME beside this one, the command's name left out of its arguments.
/// Throws std::runtime_error where there is none, saying how to get it.
[[noreturn]] void become_program(const Arguments& arguments);

/// What the shells' scripts say to a program before the words of an unfinished command line.
inline constexpr const char* complete_flag = "--complete";
/// What the last of `words` can become, from the tables that --help shows. `words` stand behind the
/// command's name; bash makes three of --option=value. A line each: the word, and behind a tab what
/// it means. The shell adds files where ":files" is a line and folders where ":folders" is one;
/// ":paths" says that the words are paths.
std::string completions(const Options& options, const Arguments& words);
/// The same where the command's name is the first word, or yet to come. A command of another
/// program is left to that, which this process becomes.
std::string completions(const Arguments& words);

}  // namespace gradus::app
