// Whether bytes are the same as once: XXH3 (Collet 2019), quick and well mixed, but no defence
// against forgers.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The XXH3 of 64 bits of all bytes added so far, whatever pieces they came in.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum& operator=(Checksum&&) = delete;

  /// Takes in more bytes.
  void add(std::string_view bytes);
  /// The checksum of all bytes so far. More may be added afterwards.
  uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The XXH3 of 64 bits of `bytes`.
uint64_t checksum(std::string_view bytes);
/// The same of a tensor's values. Its shape and type don't count.
uint64_t checksum(const Tensor& tensor);
/// Of names, shapes, types and values, in any order of the tensors. Computed on all threads.
uint64_t checksum(const NamedTensors& tensors);

}  // namespace gradus
