#include "core/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

using namespace gradus;

namespace {

// Sets the number of threads for one test, then restores it.
struct WithThreads {
  explicit WithThreads(int threads) : before(num_threads()) { set_num_threads(threads); }
  ~WithThreads() { set_num_threads(before); }
  int before;
};

}  // namespace

TEST_CASE("every element is visited once, for any number of threads") {
  for (const int threads : {1, 2, 3, 16}) {
    const WithThreads scope(threads);
    for (int round = 0; round < 200; ++round) {
      std::vector<int> visits(1001);
      parallel_for(1001, 10, [&](int64_t begin, int64_t end) {
        CHECK(begin % 10 == 0);
        for (int64_t i = begin; i < end; ++i) ++visits[i];
      });
      CHECK(visits == std::vector<int>(1001, 1));
    }
  }
}

TEST_CASE("a loop inside a loop of one chunk uses all threads") {
  const WithThreads scope(2);
  std::atomic<int> there = 0, met = 0;
  parallel_for(5, 10, [&](int64_t, int64_t) {
    parallel_for(2, 1, [&](int64_t, int64_t) {
      ++there;
      const auto start = std::chrono::steady_clock::now();
      while (there < 2 && std::chrono::steady_clock::now() - start < std::chrono::seconds(5)) {
      }
      met += there == 2;
    });
  });
  CHECK(met == 2);
}

TEST_CASE("a sum has the same bits for any number of threads") {
  const auto harmonic = [] {
    return parallel_sum<float>(100'000, 100, [](int64_t begin, int64_t end) {
      float sum = 0;
      for (int64_t i = begin; i < end; ++i) sum += 1.0f / static_cast<float>(i + 1);
      return sum;
    });
  };
  const WithThreads one(1);
  const float expected = harmonic();
  for (const int threads : {2, 5, 16}) {
    const WithThreads scope(threads);
    CHECK(harmonic() == expected);
  }
}

TEST_CASE("the exception of the first failing chunk arrives, and the next loop works") {
  const WithThreads scope(4);
  for (int round = 0; round < 50; ++round) {
    CHECK_THROWS_WITH(parallel_for(100, 1,
                                   [](int64_t begin, int64_t) {
                                     if (begin % 7 == 3)
                                       throw std::runtime_error(std::to_string(begin));
                                   }),
                      "3");
    std::atomic<int> count{0};
    parallel_for(100, 1, [&](int64_t, int64_t) { ++count; });
    CHECK(count == 100);
  }
}

TEST_CASE("loops inside loops, and loops of several threads at once, are complete") {
  const WithThreads scope(3);
  std::atomic<int> count{0};
  const auto nested = [&] {
    for (int round = 0; round < 20; ++round)
      parallel_for(10, 1, [&](int64_t, int64_t) {
        parallel_for(10, 1, [&](int64_t, int64_t) { ++count; });
      });
  };
  {
    const std::jthread first(nested), second(nested);
    nested();
  }
  CHECK(count == 3 * 20 * 100);
}

TEST_CASE("a number of threads outside 1 to 1024 is refused") {
  CHECK_THROWS_WITH_AS(set_num_threads(0), "[set_num_threads] threads must be 1 to 1024, got 0",
                       std::invalid_argument);
}
