#include "apps/gradus/fingerprint/digest.hpp"

#include "core/io/bytes.hpp"

namespace gradus::app {

Digest& Digest::add(double number) {
  checksum_.add({reinterpret_cast<const char*>(&number), sizeof number});
  return *this;
}

Digest& Digest::add(const Tensor& tensor) {
  checksum_.add(bytes_of(tensor));
  return *this;
}

Digest& Digest::add(const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) add(tensor);
  return *this;
}

std::string Digest::text() const {
  return fmt::format("{:016x}", checksum_.value());
}

}  // namespace gradus::app
