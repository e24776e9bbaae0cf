// FolderLock: keeps two programs from writing the same run folder.
#pragma once

#include <string>

namespace gradus {

/// Keeps other programs that ask for it out of a folder. The system takes the lock back when the
/// program ends, however it ends. Only its holder writes there, so the temporary files that a
/// killed program left are removed.
class FolderLock {
 public:
  /// Throws std::runtime_error "path: …" where another program holds it, or the folder can't be
  /// opened. File systems that know no locks are taken as they are.
  explicit FolderLock(const std::string& path);
  ~FolderLock();
  /// Whether another program holds it now.
  static bool is_held(const std::string& path);
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int descriptor_;
};

}  // namespace gradus
