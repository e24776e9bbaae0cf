#include "apps/gradus/commands/commands.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace gradus::app {

const Registry<Command (*)()>& commands() {
  static const Registry<Command (*)()> table(
      "command",
      {{"train", "train a classifier and save it in a run folder", train_command},
       {"evaluate", "loss, accuracy, scores of each class of a run", evaluate_command},
       {"replay", "train a run again and compare every step", replay_command},
       {"predict", "the classes of images", predict_command},
       {"runs", "list runs: how far they are and how well they do", runs_command},
       {"compare", "draw runs in one picture and say where they differ", compare_command},
       {"inspect", "layers, shapes, parameters and FLOPs of a run or model", inspect_command},
       {"bench", "time training steps", nullptr},
       {"search", "look for good values of train's options", search_command},
       {"lab", "put claims of the literature to the test", nullptr},
       {"completion", "print a script that lets bash complete command lines", completion_command}});
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
    throw std::runtime_error(fmt::format("gradus {} needs the program {}: './run build' builds it",
                                         arguments[0], words[0]));
  throw std::runtime_error(
      fmt::format("{} can't be started: {}", words[0], std::generic_category().message(errno)));
}

}  // namespace gradus::app
