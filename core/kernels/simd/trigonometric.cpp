#include "core/kernels/simd/trigonometric.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::kernels {
namespace {

__extension__ typedef unsigned __int128 Wide;
__extension__ typedef __int128 SignedWide;

// The bits of 2/π after the point, and 64 zeros before it.
constexpr uint64_t two_over_pi[] = {
    0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
    0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e,
    0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
    0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab};

// 64 bits from bit `first` of the table.
uint64_t bits_from(int first) {
  const uint64_t* const word = two_over_pi + first / 64;
  const int offset = first % 64;
  return offset == 0 ? *word : *word << offset | word[1] >> (64 - offset);
}

}  // namespace

Angle large_angle(double x) {
  if (!std::isfinite(x)) return {0, x - x, 0};
  // |x| = whole·2^power with an integer of 53 bits
  const auto bits = std::bit_cast<uint64_t>(std::abs(x));
  const int power = static_cast<int>(bits >> 52) - 1075;
  const uint64_t whole = (bits & ((uint64_t{1} << 52) - 1)) | uint64_t{1} << 52;
  // Bits of 2/π above the place 2^(1 − power) give multiples of 4: in the product with the 192 bits
  // from there they are what overflows.
  const int first = 64 + power - 2;
  const Wide low = Wide{whole} * bits_from(first + 128),
             middle = Wide{whole} * bits_from(first + 64) + (low >> 64);
  const uint64_t high = whole * bits_from(first) + static_cast<uint64_t>(middle >> 64);
  // Two bits are the quadrant; the rest, as a signed number, is the distance from the nearest one.
  const Wide fraction =
      (Wide{high} << 64 | static_cast<uint64_t>(middle)) << 2 | static_cast<uint64_t>(low) >> 62;
  const auto distance = static_cast<SignedWide>(fraction);
  const auto quadrant = static_cast<int64_t>(high >> 62) + (distance < 0);
  const double head = static_cast<double>(distance),
               rest = static_cast<double>(distance - static_cast<SignedWide>(head));
  constexpr double half_pi = 0x1.921fb54442d18p+0 * 0x1p-128,
                   lost = 0x1.1a62633145c07p-54 * 0x1p-128;
  const double product = head * half_pi;
  const double below = fma(head, half_pi, -product) + fma(head, lost, rest * half_pi);
  return x < 0 ? Angle{-quadrant, -product, -below} : Angle{quadrant, product, below};
}

}  // namespace gradus::kernels
