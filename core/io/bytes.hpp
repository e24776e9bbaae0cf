// bytes_of: the memory of a tensor, for files and checksums.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The values as bytes in memory order; valid while the tensor exists unchanged.
inline std::string_view bytes_of(const Tensor& tensor) {
  return dispatch(tensor.dtype(), [&]<class T>(T) {
    return std::string_view(reinterpret_cast<const char*>(tensor.data<T>()),
                            static_cast<std::size_t>(tensor.numel()) * sizeof(T));
  });
}

}  // namespace gradus
