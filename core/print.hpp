// Printing of tensors and shapes: fmt::print("{}", x), std::cout << x.
#pragma once

#include <iosfwd>

#include "core/tensor.hpp"

namespace gradus {

/// The values of x as NumPy prints arrays, then type and shape: "[[1., 2.],\n [3., 4.]]  f32 (2,
/// 2)". Numbers have as few digits as tell them apart, at most `precision` behind the point, and
/// exponents where they span more than three orders of magnitude. Of more than 1,000 elements it
/// shows the first and last three of each dimension.
std::string to_string(const Tensor& x, int precision = 8);

/// Writes to_string(x).
std::ostream& operator<<(std::ostream& stream, const Tensor& x);
/// Writes to_string(shape).
std::ostream& operator<<(std::ostream& stream, const Shape& shape);

}  // namespace gradus

/// @cond
// "{}", or with a precision "{:.3}".
template <>
struct fmt::formatter<gradus::Tensor> {
  constexpr auto parse(format_parse_context& context) {
    auto at = context.begin();
    if (at == context.end() || *at != '.') return at;
    precision = 0;
    for (++at; at != context.end() && *at >= '0' && *at <= '9'; ++at) {
      precision = precision * 10 + (*at - '0');
      if (precision > 100) throw format_error("the precision of a tensor must be 100 or less");
    }
    return at;
  }
  format_context::iterator format(const gradus::Tensor& x, format_context& context) const;

  int precision = 8;
};
/// @endcond
