#include "apps/gradus/cli/companions.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace gradus::app {

std::string program_path(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / ("gradus-" + name);
}

void become_program(const Arguments& arguments) {
  const std::string& name = arguments[0];
  const std::string path = program_path(name);
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin() + 1, arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execv(path.c_str(), pointers.data());
  if (errno == ENOENT)
    throw std::runtime_error(
        fmt::format("gradus {} needs the program {}: './run build' builds it", name, path));
  throw std::runtime_error(
      fmt::format("{} can't be started: {}", path, std::generic_category().message(errno)));
}

}  // namespace gradus::app
