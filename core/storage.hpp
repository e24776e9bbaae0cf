// Memory of tensors, from a caching pool.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gradus {

/// A block of memory, 64-byte aligned, uninitialized, given back to the pool on destruction.
class Storage {
 public:
  /// Takes a block of `bytes` or a little more from the pool. Throws OutOfMemory.
  explicit Storage(std::size_t bytes);
  ~Storage();
  Storage& operator=(Storage&&) = delete;

  /// The first byte.
  std::byte* data() const { return data_; }
  /// The size that was asked for.
  std::size_t bytes() const { return bytes_; }

  /// Counts the times that write access was handed out, so that autograd notices a value that
  /// changed between forward and backward.
  uint64_t version() const { return version_; }
  /// Tells that the values may have changed.
  void bump_version() { ++version_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
  uint64_t version_ = 0;
};

/// What the pool holds, in bytes, and how often it had to ask the system.
struct MemoryStats {
  std::size_t in_use = 0;  ///< handed out now
  std::size_t cached = 0;  ///< free, kept for the next request
  std::size_t peak = 0;    ///< the largest `in_use` so far, or since reset_peak_memory()
  std::size_t system_allocations = 0;  ///< blocks taken from the system so far
};

/// The numbers of now, of all threads together.
MemoryStats memory_stats();

/// Begins the search for the largest `in_use` anew, from what is in use now.
void reset_peak_memory();

/// Gives the cached blocks back to the system.
void release_cached_memory();

}  // namespace gradus
