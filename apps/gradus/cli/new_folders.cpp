#include "apps/gradus/cli/new_folders.hpp"

#include "core/error.hpp"

namespace gradus::app {

namespace fs = std::filesystem;

std::string first_free(const std::string& prefix) {
  for (int number = 1;; ++number) {
    std::string path = fmt::format("{}-{}", prefix, number);
    if (!fs::exists(path)) return path;
  }
}

NewFolders::NewFolders(const fs::path& path) {
  std::vector<fs::path> missing;
  for (fs::path p = fs::absolute(path).lexically_normal(); !fs::exists(p); p = p.parent_path())
    missing.push_back(p);
  for (; !missing.empty(); missing.pop_back()) {
    std::error_code error;
    if (fs::create_directory(missing.back(), error)) made_.push_back(missing.back());
    if (!error) continue;
    remove();
    throw WriteError(
        fmt::format("{}: the folder can't be made: {}", path.string(), error.message()));
  }
}

NewFolders::~NewFolders() {
  if (!kept_) remove();
}

void NewFolders::remove() {
  std::error_code ignored;
  for (; !made_.empty(); made_.pop_back()) fs::remove(made_.back(), ignored);
}

}  // namespace gradus::app
