// FolderLock: keeps two programs from writing the same run folder.
#pragma once

#include <string>

namespace gradus {

/// Locks a folder against other programs that use FolderLock. The system releases the lock when the
/// program ends, even if it is killed. Only the holder writes to the folder, so the constructor
/// removes temporary files that a killed program left.
class FolderLock {
 public:
  /// Throws std::runtime_error "path: …" if another program holds the lock or the folder can't be
  /// opened. On file systems without locks it does nothing.
  explicit FolderLock(const std::string& path);
  ~FolderLock();
  /// Whether another program holds it now.
  static bool is_held(const std::string& path);
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int descriptor_;
};

}  // namespace gradus
