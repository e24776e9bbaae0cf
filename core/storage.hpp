// Storage: the memory of tensors, from a caching pool; ScratchStorage: that of kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gradus {

/// A block of memory, 64-byte aligned and uninitialized; its destructor returns it to the pool.
class Storage {
 public:
  /// Takes a block of at least `bytes` from the pool. Throws OutOfMemory.
  explicit Storage(std::size_t bytes);
  ~Storage();
  Storage& operator=(Storage&&) = delete;

  /// The first byte.
  std::byte* data() const { return data_; }
  /// The requested size.
  std::size_t bytes() const { return bytes_; }

  /// Counts accesses for writing, so that autograd detects a value that changed between forward and
  /// backward.
  uint64_t version() const { return version_; }
  /// Marks the values as possibly changed.
  void bump_version() { ++version_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
  uint64_t version_ = 0;
};

/// Memory that a kernel needs while it runs, 64-byte aligned and uninitialized. Each thread keeps
/// its small blocks for the next kernel, because threads that always take and return blocks would
/// wait for each other at the pool. A thread destroys its objects in the reverse order of
/// construction.
class ScratchStorage {
 public:
  /// At least `bytes`. Throws OutOfMemory.
  explicit ScratchStorage(std::size_t bytes);
  ~ScratchStorage();
  ScratchStorage& operator=(ScratchStorage&&) = delete;

  /// The first byte.
  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  std::unique_ptr<Storage> large_;  ///< a block that isn't kept
};

/// The pool's memory in bytes, and its number of system allocations.
struct MemoryStats {
  std::size_t in_use = 0;  ///< in use by tensors
  std::size_t cached = 0;  ///< free, kept for later requests
  std::size_t peak = 0;    ///< the largest `in_use` so far, or since reset_peak_memory()
  std::size_t system_allocations = 0;  ///< number of blocks taken from the system so far
};

/// The present numbers, for all threads together.
MemoryStats memory_stats();

/// Resets `peak` to the present `in_use`.
void reset_peak_memory();

/// Returns the cached blocks to the system.
void release_cached_memory();

}  // namespace gradus
