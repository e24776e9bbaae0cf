#include "core/storage.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <thread>

#if defined(__SANITIZE_ADDRESS__)  // GCC
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif

#include "core/ops/einsum.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"
#include "core/tensor.hpp"

using namespace gradus;

TEST_CASE("the pool counts the memory in use and its peak, which can be reset") {
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

TEST_CASE("a returned block is reused before new memory is allocated, until it is released") {
  { const Storage first(3 << 20); }
  const std::size_t before = memory_stats().system_allocations;
  { const Storage second((3 << 20) - 100); }
  CHECK(memory_stats().system_allocations == before);
  release_cached_memory();
  CHECK(memory_stats().cached == 0);
  { const Storage third(3 << 20); }
  CHECK(memory_stats().system_allocations == before + 1);
}

TEST_CASE("kernels' blocks of a thread are its own, and are used again") {
  const ScratchStorage first(1000);
  const std::byte* again = nullptr;
  {
    const ScratchStorage second(1000);
    again = second.data();
    CHECK(again != first.data());
    std::thread([&] {
      const ScratchStorage other(1000);
      CHECK((other.data() != first.data() && other.data() != again));
    }).join();
  }
  const ScratchStorage third(500);
  CHECK(third.data() == again);
}

TEST_CASE("a large block of a kernel goes back to the pool") {
  const std::size_t before = memory_stats().in_use;
  { const ScratchStorage large(std::size_t{3} << 20); }
  CHECK(memory_stats().in_use == before);
}

#if defined(ASAN_POISON_MEMORY_REGION)
TEST_CASE("AddressSanitizer detects reads of returned memory, and beyond a block's bytes") {
  std::byte* data = nullptr;
  {
    const Storage storage(1000);
    data = storage.data();
    CHECK(__asan_region_is_poisoned(data, 1000) == nullptr);
    CHECK(__asan_address_is_poisoned(data + 1000));
  }
  CHECK(__asan_address_is_poisoned(data));
  {
    const ScratchStorage scratch(1000);
    data = scratch.data();
    CHECK(__asan_region_is_poisoned(data, 1000) == nullptr);
    CHECK(__asan_address_is_poisoned(data + 1000));
  }
  CHECK(__asan_address_is_poisoned(data));
}
#endif

TEST_CASE("an allocation that fails is an error with its purpose") {
  CHECK_THROWS_WITH_AS(Tensor::empty({int64_t{1} << 45}),
                       "[tensor] out of memory: f32 of shape (35184372088832) takes 131072.0 GiB",
                       std::bad_alloc);
  const LayerScope scope("features");
  CHECK_THROWS_WITH_AS(
      Tensor::empty({1 << 22, 1 << 22}, DType::f64),
      "layer features: [tensor] out of memory: f64 of shape (4194304, 4194304) takes 131072.0 GiB",
      OutOfMemory);
}

TEST_CASE("a result that is too large for memory names its operation") {
  const int64_t n = 1 << 23;
  const Tensor column = Tensor::zeros({n, 1}), row = Tensor::zeros({1, n});
  const auto check = [](auto body, const std::string& operation) {
    CHECK_THROWS_WITH_AS(
        body(),
        ("[" + operation + "] out of memory: f32 of shape (8388608, 8388608) takes 262144.0 GiB")
            .c_str(),
        OutOfMemory);
  };
  check([&] { column + row; }, "add");
  CHECK_THROWS_WITH_AS(
      matmul(column, row),
      "[matmul] out of memory: f32 of shape (1, 8388608, 8388608) takes 262144.0 GiB", OutOfMemory);
  check([&] { expand(row, {n, n}); }, "expand");
  check([&] { row.relu() * column; }, "mul");
  check([&] { outer(row[0], row[0]); }, "outer");
}
