// vectorized, version: call a kernel that is compiled for the chosen instruction set.
#pragma once

#include <utility>

#include "core/kernels/simd/instruction_set.hpp"

namespace gradus::kernels {

namespace detail {

#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
// "flatten" inlines the kernel and what it calls, which are then compiled for the target.
template <auto kernel, class Result, class... Parameters>
[[gnu::target("arch=x86-64-v4"), gnu::flatten]] Result on_avx512(Parameters... parameters) {
  return kernel(std::forward<Parameters>(parameters)...);
}
template <auto kernel, class Result, class... Parameters>
[[gnu::target("arch=x86-64-v3"), gnu::flatten]] Result on_avx2(Parameters... parameters) {
  return kernel(std::forward<Parameters>(parameters)...);
}

// The argument is the kernel too, for its types.
template <auto kernel, class Result, class... Parameters>
auto version(Result (*)(Parameters...)) -> Result (*)(Parameters...) {
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return on_avx512<kernel, Result, Parameters...>;
    case InstructionSet::avx2:
    case InstructionSet::emulated_avx512:
      return on_avx2<kernel, Result, Parameters...>;
    default:
      return kernel;
  }
}
#else
template <auto kernel, class Function>
[[gnu::always_inline]] inline Function version(Function function) {
  return function;
}
#endif

}  // namespace detail

/// The function `kernel`, compiled for instruction_set() in a portable build for x86-64. Otherwise
/// all code is compiled for the same instructions, and this is the function itself.
template <auto kernel>
[[gnu::always_inline]] inline auto version() {
  return detail::version<kernel>(kernel);
}

/// kernel(arguments…), by its version for the instruction set. Kernels are called in this way
/// unless another kernel calls them.
template <auto kernel, class... Arguments>
[[gnu::always_inline]] inline decltype(auto) vectorized(Arguments&&... arguments) {
  return version<kernel>()(std::forward<Arguments>(arguments)...);
}

}  // namespace gradus::kernels
