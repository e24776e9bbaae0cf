#include "apps/gradus/commands/commands.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace gradus::app {

const Registry<Command (*)()>& commands() {
  static const Registry<Command (*)()> table(
      "command",
      {{"train", "train a network and save it in a run folder", train_command},
       {"evaluate", "print loss, accuracy and class scores of a run", evaluate_command},
       {"replay", "train a run again and compare every step", replay_command},
       {"predict", "classify images with a run's model", predict_command},
       {"sample", "continue a text by a run's language model", sample_command},
       {"runs", "list runs with their state and accuracy", runs_command},
       {"compare", "draw runs in one picture and list how they differ", compare_command},
       {"inspect", "list layers, shapes, parameters and FLOPs of a model", inspect_command},
       {"bench", "measure the time of training steps", nullptr},
       {"search", "search for good values of train's options", search_command},
       {"check", "run trainings and compare them with what they must reach", check_command},
       {"fingerprint", "print hashes that are the same on every machine", fingerprint_command},
       {"lab", "test claims of the literature by experiments", nullptr},
       {"completion", "print a completion script for bash, zsh or fish", completion_command}});
  return table;
}

void become_program(const Arguments& arguments) {
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  Arguments words = arguments;
  words[0] = here / ("gradus-" + arguments[0]);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execv(pointers[0], pointers.data());
  if (errno == ENOENT)
    throw std::runtime_error(fmt::format("gradus {} needs the program {}; './run build' builds it",
                                         arguments[0], words[0]));
  throw std::runtime_error(
      fmt::format("{} can't be started: {}", words[0], std::generic_category().message(errno)));
}

}  // namespace gradus::app
