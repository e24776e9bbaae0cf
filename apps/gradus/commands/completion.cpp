// gradus completion
#include "apps/gradus/commands/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "apps/gradus/cli/companions.hpp"
#include "apps/gradus/cli/errors.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "core/text/split.hpp"

namespace gradus::app {
namespace {

constexpr const char* helpers =
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
)";

// What --option=value is cut into: three words.
constexpr const char* word_and_before =
    R"(  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
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

// The values of options, by the word before.
std::string value_cases(const Options& options) {
  std::string result;
  for (const Options::Option& option : options.all())
    if (!option.is_flag())
      result += fmt::format("    --{}) {}return ;;\n", option.name,
                            value_completion(option.placeholder, option.choices));
  return result;
}

std::string flags(const Options& options) {
  std::vector<std::string> result;
  for (const Options::Option& option : options.all()) result.push_back("--" + option.name);
  result.push_back("--help");
  return words(result);
}

// As one word for the shell.
std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + '\'';
}

// What the program that does the command `name` prints, nothing where it isn't there.
std::string function_of_program(const std::string& name) {
  const std::string path = program_path(name);
  if (access(path.c_str(), X_OK) != 0) return "";
  const std::string line = fmt::format("{} {}", shell_quoted(path), bash_completion_flag);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(line.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error(path + " can't be started");
  std::string result;
  for (int byte; (byte = std::getc(pipe.get())) != EOF;) result += static_cast<char>(byte);
  return result;
}

struct CompletionLine {};

Options options_of(CompletionLine&) {
  Options options("completion SHELL",
                  "Prints a script that lets the shell complete subcommands, options, the choices "
                  "of their values, run folders and paths.");
  options.add_operands({{"bash", "the Bourne-again shell, from version 4 on"}});
  options.example("source <(gradus completion bash)", "for this shell");
  options.example("gradus completion bash >~/.local/share/bash-completion/completions/gradus",
                  "for every new one, where Debian's package bash-completion is installed");
  return options;
}

int execute(CompletionLine&, const Options&, const Arguments& shells) {
  if (shells != Arguments{"bash"})
    throw UsageError("completion takes the name of a shell: gradus completion bash");
  fmt::print("{}", bash_completion());
  return 0;
}

}  // namespace

std::string bash_function(const std::string& name, const Options& options) {
  return fmt::format(
      "\n_gradus_command_{}() {{\n  case $before in\n{}  esac\n"
      "  case $word in\n    -*) {};;\n    *) {};;\n  esac\n}}\n",
      name, value_cases(options), flags(options), operand_completion(options));
}

std::string bash_completion() {
  std::vector<std::string> first_words;
  std::string of_commands;
  for (const auto& [name, help, make] : commands().entries()) {
    first_words.push_back(name);
    of_commands += make ? bash_function(name, make().options) : function_of_program(name);
  }
  first_words.push_back("--help");
  return fmt::format(
      "{}{}\n_gradus() {{\n{}"
      "  if ((COMP_CWORD == 1)); then\n    {}\n"
      "  elif declare -F \"_gradus_command_${{COMP_WORDS[1]}}\" >/dev/null; then\n"
      "    \"_gradus_command_${{COMP_WORDS[1]}}\"\n  fi\n}}\n"
      "complete -F _gradus gradus\n",
      helpers, of_commands, word_and_before, words(first_words));
}

Command completion_command() {
  return make_command<CompletionLine>(options_of, execute);
}

}  // namespace gradus::app
