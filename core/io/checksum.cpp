#include "core/io/checksum.hpp"

#define XXH_INLINE_ALL  // use the header only, without the library
#ifdef __AVX512F__
#define XXH_VECTOR XXH_AVX2  // GCC 12 warns about its own header for wider vectors
#endif
#include <xxhash.h>

#include "core/io/bytes.hpp"
#include "core/parallel.hpp"

namespace gradus {

struct Checksum::State {
  XXH3_state_t value;
};

Checksum::Checksum() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->value);
}

Checksum::~Checksum() = default;

void Checksum::add(std::string_view bytes) {
  XXH3_64bits_update(&state_->value, bytes.data(), bytes.size());
}

uint64_t Checksum::value() const {
  return XXH3_64bits_digest(&state_->value);
}

uint64_t checksum(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t checksum(const Tensor& tensor) {
  return checksum(bytes_of(tensor));
}

uint64_t checksum(const NamedTensors& tensors) {
  std::vector<uint64_t> parts(tensors.size());
  parallel_for(std::ssize(tensors), 1, [&](int64_t begin, int64_t) {
    const auto& [name, tensor] = tensors[static_cast<std::size_t>(begin)];
    const uint64_t heading =
        checksum(fmt::format("{} {} {}", name, tensor.shape(), to_string(tensor.dtype())));
    // Multiplied: plain sums would stay the same if two tensors changed places.
    parts[static_cast<std::size_t>(begin)] = (heading | 1) * checksum(tensor);
  });
  uint64_t sum = 0;
  for (const uint64_t part : parts) sum += part;
  return sum;
}

}  // namespace gradus
