// Digest: the checksum of a computation's results, bit by bit.
#pragma once

#include "core/io/checksum.hpp"

namespace gradus::app {

/// The checksum of numbers and tensors in the order in which they are added.
class Digest {
 public:
  /// Adds a number.
  Digest& add(double number);
  /// Adds a tensor's values; its shape and type don't matter.
  Digest& add(const Tensor& tensor);
  /// Adds the values of each tensor.
  Digest& add(const NamedTensors& tensors);
  /// 16 hexadecimal digits.
  std::string text() const;

 private:
  Checksum checksum_;
};

}  // namespace gradus::app
