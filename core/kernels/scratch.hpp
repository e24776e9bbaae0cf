// Scratch, ZeroScratch: a kernel's memory for values in between.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/storage.hpp"

namespace gradus::kernels {

/// Memory for `count` values, uninitialized; see ScratchStorage.
template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t count) : memory_(static_cast<std::size_t>(count) * sizeof(T)) {}

  T* data() { return reinterpret_cast<T*>(memory_.data()); }
  const T* data() const { return reinterpret_cast<const T*>(memory_.data()); }

 private:
  ScratchStorage memory_;
};

/// The same, initially zero.
template <class T>
class ZeroScratch : public Scratch<T> {
 public:
  explicit ZeroScratch(int64_t count) : Scratch<T>(count) {
    std::fill_n(this->data(), count, T{0});
  }
};

}  // namespace gradus::kernels
