#include "core/storage.hpp"

#include <algorithm>
#include <bit>
#include <mutex>
#include <unordered_map>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif
// This header also knows whether AddressSanitizer is on, with GCC and with clang.
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

#include "core/error.hpp"

namespace gradus {
namespace {

constexpr std::align_val_t alignment{64};
// With Linux's larger pages, fewer entries of the translation buffer cover a tensor: access to a
// channel's planes, which are far apart, is then twice as fast.
constexpr std::size_t huge_page = std::size_t{1} << 21;

// Eight classes per power of two: at most an eighth of a block is wasted, and a tensor of a
// slightly different size (the last batch) can reuse a block.
std::size_t size_class(std::size_t bytes) {
  const std::size_t rounded = std::max<std::size_t>(bytes, 64);
  const std::size_t step = std::max<std::size_t>(std::bit_floor(rounded) / 8, 64);
  return (rounded + step - 1) / step * step;
}

bool fills_huge_pages(std::size_t size) {
  return size >= huge_page;
}

// Null if the system has no memory.
std::byte* allocate(std::size_t size) {
  if (!fills_huge_pages(size))
    return static_cast<std::byte*>(::operator new(size, alignment, std::nothrow));
  void* const block = ::operator new (size, std::align_val_t{huge_page}, std::nothrow);
  if (!block) return nullptr;
#if defined(__linux__)
  madvise(block, size, MADV_HUGEPAGE);  // only a hint: it may fail
#endif
  return static_cast<std::byte*>(block);
}

void deallocate(std::byte* block, std::size_t size) {
  ::operator delete(block, fills_huge_pages(size) ? std::align_val_t{huge_page} : alignment);
}

class Pool {
 public:
  std::byte* take(std::size_t bytes) {
    const std::size_t size = size_class(bytes);
    std::byte* block = nullptr;
    {
      std::lock_guard lock(mutex_);
      std::vector<std::byte*>& blocks = free_[size];
      if (!blocks.empty()) {
        block = blocks.back();
        blocks.pop_back();
        stats_.cached -= size;
        count_use(size);
      }
    }
    if (!block) {
      block = from_system(size);
      std::lock_guard lock(mutex_);
      ++stats_.system_allocations;
      count_use(size);
    }
    ASAN_POISON_MEMORY_REGION(block, size);
    ASAN_UNPOISON_MEMORY_REGION(block, bytes);
    return block;
  }

  // Not counted.
  std::byte* from_system(std::size_t size) {
    std::byte* block = allocate(size);
    if (!block) {
      release();
      block = allocate(size);
    }
    if (!block) throw OutOfMemory("storage", "a block", static_cast<double>(size));
    return block;
  }

  void give_back(std::byte* block, std::size_t bytes) {
    const std::size_t size = size_class(bytes);
    ASAN_POISON_MEMORY_REGION(block, size);
    std::lock_guard lock(mutex_);
    free_[size].push_back(block);
    stats_.in_use -= size;
    stats_.cached += size;
  }

  void release() {
    std::lock_guard lock(mutex_);
    for (auto& [size, blocks] : free_) {
      for (std::byte* block : blocks) {
        ASAN_UNPOISON_MEMORY_REGION(block, size);
        deallocate(block, size);
      }
      blocks.clear();
    }
    stats_.cached = 0;
  }

  MemoryStats stats() {
    std::lock_guard lock(mutex_);
    return stats_;
  }

  void reset_peak() {
    std::lock_guard lock(mutex_);
    stats_.peak = stats_.in_use;
  }

 private:
  void count_use(std::size_t size) {
    stats_.in_use += size;
    stats_.peak = std::max(stats_.peak, stats_.in_use);
  }

  std::mutex mutex_;
  std::unordered_map<std::size_t, std::vector<std::byte*>> free_;
  MemoryStats stats_;
};

// Never destroyed: tensors with static storage duration may outlive it.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

// The blocks that a thread keeps; the first `used` ones belong to kernels.
struct ThreadBlocks {
  struct Block {
    std::byte* data = nullptr;
    std::size_t size = 0;
  };
  std::vector<Block> blocks;
  std::size_t used = 0;

  ~ThreadBlocks() {
    for (Block& block : blocks) free(block);
  }
  static void free(Block& block) {
    ASAN_UNPOISON_MEMORY_REGION(block.data, block.size);
    if (block.data) deallocate(block.data, block.size);
    block = {};
  }
};
thread_local ThreadBlocks thread_blocks;

}  // namespace

Storage::Storage(std::size_t bytes) : data_(pool().take(bytes)), bytes_(bytes) {}

Storage::~Storage() {
  pool().give_back(data_, bytes_);
}

ScratchStorage::ScratchStorage(std::size_t bytes) {
  constexpr std::size_t largest_kept = std::size_t{1} << 20;
  if (bytes > largest_kept) {
    large_ = std::make_unique<Storage>(bytes);
    data_ = large_->data();
    return;
  }
  auto& [blocks, used] = thread_blocks;
  if (used == blocks.size()) blocks.emplace_back();
  ThreadBlocks::Block& block = blocks[used];
  if (!block.data || block.size < bytes) {
    ThreadBlocks::free(block);
    const std::size_t size = size_class(bytes);
    block = {pool().from_system(size), size};
  }
  ++used;
  data_ = block.data;
  ASAN_POISON_MEMORY_REGION(data_, block.size);
  ASAN_UNPOISON_MEMORY_REGION(data_, bytes);
}

ScratchStorage::~ScratchStorage() {
  if (large_) return;
  auto& [blocks, used] = thread_blocks;
  --used;
  ASAN_POISON_MEMORY_REGION(data_, blocks[used].size);
}

MemoryStats memory_stats() {
  return pool().stats();
}

void reset_peak_memory() {
  pool().reset_peak();
}

void release_cached_memory() {
  pool().release();
}

}  // namespace gradus
