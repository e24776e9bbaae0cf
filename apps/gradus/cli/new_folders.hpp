// NewFolders: creates a folder, and removes it again if what follows fails; first_free.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::app {

/// The first of PREFIX-1, PREFIX-2, … that doesn't exist.
std::string first_free(const std::string& prefix);

/// Creates a folder and its missing parents. The destructor removes them unless keep() was called.
class NewFolders {
 public:
  /// Throws std::runtime_error "path: …" if the folder can't be created.
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
