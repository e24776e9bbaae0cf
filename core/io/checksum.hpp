// Checksum: XXH3 (Collet 2019) of bytes and tensors, to detect changes. It is fast, but not secure
// against forgery.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The 64-bit XXH3 of all bytes added so far; it doesn't depend on how they are divided into
/// pieces.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum& operator=(Checksum&&) = delete;

  /// Adds more bytes.
  void add(std::string_view bytes);
  /// The checksum of all bytes so far. More may be added afterwards.
  uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The 64-bit XXH3 of `bytes`.
uint64_t checksum(std::string_view bytes);
/// The same for a tensor's values, without its shape and type.
uint64_t checksum(const Tensor& tensor);
/// The same for names, shapes, types and values; the order of the tensors doesn't matter. Computed
/// on all threads.
uint64_t checksum(const NamedTensors& tensors);

}  // namespace gradus
