#include "core/storage.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace gradus;

TEST_CASE("the pool knows what is in use and its peak, which begins anew on demand") {
  reset_peak_memory();
  const MemoryStats before = memory_stats();
  CHECK(before.peak == before.in_use);
  std::optional<Storage> large(1 << 20);
  CHECK(memory_stats().in_use == before.in_use + (1 << 20));
  large.reset();
  CHECK(memory_stats().in_use == before.in_use);
  CHECK(memory_stats().peak == before.in_use + (1 << 20));
  reset_peak_memory();
  CHECK(memory_stats().peak == before.in_use);
}

TEST_CASE("a block given back is taken again before the system is asked, until it is released") {
  { const Storage first(3 << 20); }
  const std::size_t before = memory_stats().system_allocations;
  { const Storage second((3 << 20) - 100); }
  CHECK(memory_stats().system_allocations == before);
  release_cached_memory();
  CHECK(memory_stats().cached == 0);
  { const Storage third(3 << 20); }
  CHECK(memory_stats().system_allocations == before + 1);
}
