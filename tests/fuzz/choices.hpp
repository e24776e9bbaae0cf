// Choices: what a differential target makes of its input, byte by byte.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "core/random.hpp"

namespace gradus::fuzz {

/// Takes decisions from the bytes of an input; behind its end all are the first ones.
class Choices {
 public:
  Choices(const uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  bool is_done() const { return left_ == 0; }
  /// A number from 0 to below `count`, at most 256.
  int64_t below(int64_t count) { return byte() % count; }
  /// A number from `low` to `high`.
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  bool yes() { return byte() % 2 == 1; }
  /// One of the values.
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[below(static_cast<int64_t>(values.size()))];
  }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(below(static_cast<int64_t>(values.size())))];
  }

 private:
  int64_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }

  const uint8_t* data_;
  std::size_t left_;
};

}  // namespace gradus::fuzz
