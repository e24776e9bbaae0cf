// Folders that are only there if what they were made for succeeds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::app {

/// The first of PREFIX-1, PREFIX-2, … that isn't there.
std::string first_free(const std::string& prefix);

/// Makes a folder and what is missing above it; takes back what it made unless kept.
class NewFolders {
 public:
  /// Throws std::runtime_error "path: …" where it can't be made.
  explicit NewFolders(const std::filesystem::path& path);
  ~NewFolders();
  NewFolders& operator=(NewFolders&&) = delete;

  void keep() { kept_ = true; }

 private:
  void remove();

  std::vector<std::filesystem::path> made_;
  bool kept_ = false;
};

}  // namespace gradus::app
