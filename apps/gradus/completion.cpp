// gradus completion
#include "apps/gradus/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/gradus/commands.hpp"
#include "apps/gradus/errors.hpp"
#include "core/text.hpp"

namespace gradus::app {
namespace {

constexpr const char* functions =
    R"(# Completion of gradus in bash, as 'gradus completion bash' prints it.

_gradus_words() {
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$1" -- "$word")
}

_gradus_paths() {
  compopt -o filenames 2>/dev/null
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$word")
}

_gradus_runs() {
  local config
  compopt -o filenames 2>/dev/null
  for config in "$word"*/config.json "$word"*/*/config.json; do
    if [[ -f $config ]]; then COMPREPLY+=("${config%/config.json}"); fi
  done
}

_gradus() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  # --option=value comes as three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
)";

std::vector<std::string> names(const Choices& choices) {
  std::vector<std::string> result;
  for (const auto& [name, help] : choices) result.push_back(name);
  return result;
}

std::string words(const std::vector<std::string>& list) {
  return fmt::format("_gradus_words '{}'; ", fmt::join(list, " "));
}

// What completes a value that the help calls `placeholder`, "NAME|PATH"; empty where nothing does.
std::string value_completion(std::string_view placeholder, const Choices& choices) {
  std::string result = choices.empty() ? "" : words(names(choices));
  for (const std::string_view kind : split(placeholder, '|')) {
    if (kind == "RUN") result += "_gradus_runs; ";
    if (kind == "DIR") result += "_gradus_paths -d; ";
    if (kind == "FILE" || kind == "PATH") result += "_gradus_paths -f; ";
  }
  return result;
}

// The synopsis' words in capitals, as in "predict RUN FILE… [options]" and "runs [DIR]".
std::string operand_completion(const Options& options) {
  std::string result = options.operands().empty() ? "" : words(names(options.operands()));
  for (std::string_view word : split(options.synopsis(), ' ')) {
    if (word.starts_with('[')) word = word.substr(1, word.size() - 2);
    word = word.substr(0, word.find("…"));
    if (result.find(value_completion(word, {})) == result.npos)
      result += value_completion(word, {});
  }
  return result;
}

std::string value_cases(const std::string& command, const Options& options) {
  std::string result;
  for (const Options::Option& option : options.all())
    if (!option.is_flag())
      result += fmt::format("    '{} --{}') {}return ;;\n", command, option.name,
                            value_completion(option.placeholder, option.choices));
  return result;
}

std::string word_cases(const std::string& command, const Options& options) {
  std::vector<std::string> flags;
  for (const Options::Option& option : options.all()) flags.push_back("--" + option.name);
  flags.push_back("--help");
  return fmt::format("    '{0} -'*) {1};;\n    '{0} '*) {2};;\n", command, words(flags),
                     operand_completion(options));
}

struct CommandLine {};

Options options_of(CommandLine&) {
  Options options("completion SHELL",
                  "Prints a script that lets the shell complete subcommands, options, the choices "
                  "of their values, run folders and paths.");
  options.add_operands({{"bash", "the Bourne-again shell, from version 4 on"}});
  options.example("source <(gradus completion bash)", "for this shell");
  options.example("gradus completion bash >~/.local/share/bash-completion/completions/gradus",
                  "for every new one, where Debian's package bash-completion is installed");
  return options;
}

int execute(CommandLine&, const Options&, const Arguments& shells) {
  if (shells != Arguments{"bash"})
    throw UsageError("completion takes the name of a shell: gradus completion bash");
  fmt::print("{}", bash_completion());
  return 0;
}

}  // namespace

std::string bash_completion() {
  std::vector<std::string> commands_and_help;
  std::string of_values, of_words;
  for (const auto& [name, help, make] : commands().entries()) {
    const Command command = make();
    commands_and_help.push_back(name);
    of_values += value_cases(name, command.options);
    of_words += word_cases(name, command.options);
  }
  commands_and_help.push_back("--help");
  return fmt::format(
      "{}  if ((COMP_CWORD == 1)); then {}return; fi\n"
      "  case \"${{COMP_WORDS[1]}} $before\" in\n{}  esac\n"
      "  case \"${{COMP_WORDS[1]}} $word\" in\n{}  esac\n}}\n"
      "complete -F _gradus gradus\n",
      functions, words(commands_and_help), of_values, of_words);
}

Command completion_command() {
  return make_command(options_of, execute);
}

}  // namespace gradus::app
