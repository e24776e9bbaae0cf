// completion_command: gradus completion, which prints completion scripts; completions.
#include <glob.h>

#include <filesystem>

#include "apps/gradus/commands/commands.hpp"
#include "core/text/width.hpp"

namespace gradus::app {

// Each script calls the program whose command line is completed; commands.hpp describes its output.
constexpr const char* bash_script =
    R"(# Completion of gradus in bash, as 'gradus completion bash' prints it.
_gradus() {
  local word=${COMP_WORDS[COMP_CWORD]} line
  [[ $word != = ]] || word=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files | :folders)
        compopt -o filenames 2>/dev/null
        local kind=-f
        [[ $line == :files ]] || kind=-d
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$kind" -- "$word")
        ;;
      :paths) compopt -o filenames 2>/dev/null ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _gradus gradus
)";

constexpr const char* zsh_script = R"(#compdef gradus
# Completion of gradus in zsh, as 'gradus completion zsh' prints it.
_gradus() {
  local line
  local -a before names texts kind
  before=("${(@)words[2,CURRENT-1]}")
  if compset -P '--*='; then before+=("${IPREFIX%=}"); fi
  for line in "${(@f)$("${words[1]/#\~/$HOME}" --complete "${before[@]}" "$PREFIX" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) _files ;;
      :folders) _files -/ ;;
      :paths) kind=(-f) ;;
      *)
        names+=("${line%%$'\t'*}")
        texts+=("${line/$'\t'/  -- }")
        ;;
    esac
  done
  (($#names)) && compadd -l -d texts $kind -a names
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then _gradus "$@"; else compdef _gradus gradus; fi
)";

constexpr const char* fish_script =
    R"(# Completion of gradus in fish, as 'gradus completion fish' prints it.
function __gradus_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l option (string match -r -- '^--[a-z0-9-]+=' "$word"; or echo)
    set -l value (string sub -s (math 1 + (string length -- "$option")) -- "$word")
    for line in ($words[1] --complete $words[2..] "$word" 2>/dev/null)
        switch $line
            case :files
                printf '%s\n' $option(__fish_complete_path "$value")
            case :folders
                printf '%s\n' $option(__fish_complete_directories "$value")
            case :paths
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c gradus -f -a '(__gradus_complete)'
)";

const Registry<const char*>& shells() {
  static const Registry<const char*> table(
      "shell", {{"bash", "the Bourne-again shell, version 4 or newer", bash_script},
                {"zsh", "the Z shell", zsh_script},
                {"fish", "the friendly interactive shell", fish_script}});
  return table;
}

// The run folders whose paths begin with `start`, and run folders in such folders.
Texts runs(const std::string& start) {
  glob_t found{};
  glob((start + "*/config.json").c_str(), 0, nullptr, &found);
  glob((start + "*/*/config.json").c_str(), GLOB_APPEND, nullptr, &found);
  Texts result;
  for (std::size_t i = 0; i < found.gl_pathc; ++i)
    result.push_back(std::filesystem::path(found.gl_pathv[i]).parent_path());
  globfree(&found);
  return result;
}

// Collects the lines of completions.
class Answer {
 public:
  Answer(std::string prefix, std::string word)
      : prefix_(std::move(prefix)), word_(std::move(word)) {}

  void add(const std::string& name, const std::string& help) {
    constexpr std::size_t widest = 60;
    if (!name.starts_with(word_)) return;
    text += prefix_ + name + (help.empty() ? "" : '\t' + shortened(help, widest)) + '\n';
  }
  void add(const Choices& choices) {
    for (const Choice& choice : choices) add(choice.name, choice.help);
  }
  // Adds paths if the placeholder of the value, such as "NAME|PATH", contains a kind of path.
  void add_paths(std::string_view placeholder) {
    for (const std::string_view kind : split(placeholder, '|')) {
      if (kind == "FILE" || kind == "PATH") text += ":files\n";
      if (kind == "DIR") text += ":folders\n";
      if (kind != "RUN") continue;
      text += ":paths\n";
      for (const std::string& run : runs(word_)) add(run, "");
    }
  }

  std::string text;

 private:
  std::string prefix_, word_;
};

void add_topics(Answer& answer, const Options& options) {
  for (const Options::Group& group : options.groups())
    if (!group.heading.empty()) answer.add(lowered(group.heading), group.summary);
  answer.add("all", "all options");
}

// Adds completions for the words in capitals of the synopsis, "predict RUN FILE… [options]".
void add_operands(Answer& answer, const Options& options) {
  answer.add(options.operands().choices);
  for (std::string_view word : split(options.synopsis(), ' ')) {
    if (word.starts_with('[')) word = word.substr(1, word.size() - 2);
    answer.add_paths(word.substr(0, word.find("…")));
  }
}

Options completion_options() {
  Options options(
      "completion SHELL",
      "Prints a script with which a shell completes subcommands, options, their values, "
      "run folders and paths.");
  options.takes({1, 1, "the name of a shell: bash, zsh or fish", choices(shells())});
  options.example("source <(gradus completion bash)",
                  "enable completion in this bash; zsh works the same way");
  options.example("gradus completion fish >~/.config/fish/completions/gradus.fish",
                  "enable completion in every new fish; for bash the file is "
                  "~/.local/share/bash-completion/completions/gradus");
  return options;
}

int print_script(const CommandLine& words) {
  fmt::print("{}", as_usage([&] { return shells().find(words.operands[0]); }));
  return 0;
}

std::string completions(const Options& options, const Arguments& words) {
  Arguments before = words;
  std::string word = before.empty() ? "" : before.back(), prefix;
  if (!before.empty()) before.pop_back();
  if (word == "=") word.clear();
  std::erase(before, "=");
  if (const std::size_t equals = word.find('='); word.starts_with("--") && equals != word.npos) {
    before.push_back(word.substr(0, equals));
    prefix = word.substr(0, equals + 1);
    word = word.substr(equals + 1);
  }
  Answer answer(prefix, word);
  const std::string last = before.empty() ? "" : before.back();
  const Option* const option = last.starts_with("--") ? options.find(last.substr(2)) : nullptr;
  if (last == "--help") {
    add_topics(answer, options);
  } else if (option && !option->is_flag()) {
    answer.add(option->choices);
    answer.add_paths(option->placeholder);
  } else if (word.starts_with('-')) {
    for (const Option& known : options.all()) answer.add("--" + known.name, known.help);
    answer.add("--help", "the options of this command");
  } else {
    add_operands(answer, options);
  }
  return answer.text;
}

std::string completions(const Arguments& words) {
  if (words.size() > 1 && !commands().contains(words[0])) return "";
  if (words.size() > 1) {
    Arguments rest(words.begin() + 1, words.end());
    if (const auto make = commands().find(words[0])) return completions(make().options, rest);
    rest.insert(rest.begin(), {words[0], complete_flag});
    become_program(rest);
  }
  Answer answer("", words.empty() ? "" : words[0]);
  answer.add(choices(commands()));
  answer.add("--help", "all commands");
  answer.add("--version", "the program's version");
  return answer.text;
}

Command completion_command() {
  return {completion_options(), print_script};
}

}  // namespace gradus::app
