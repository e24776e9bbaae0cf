#include "core/kernels/simd/instruction_set.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/text/registry.hpp"

namespace gradus::kernels {
namespace {

using enum InstructionSet;

struct Row {
  InstructionSet set;
  const char* name;
};
// The best first; the last one is only chosen by its name.
constexpr Row rows[] = {{avx512, "avx512"},
                        {avx2, "avx2"},
                        {neon, "neon"},
                        {portable, "portable"},
                        {emulated_avx512, "emulated-avx512"}};

#if defined(GRADUS_PORTABLE)

// Whether the processor and the system have it.
bool is_supported(const Row& row) {
  switch (row.set) {
#if defined(__x86_64__)
    case avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
    case avx2:
    case emulated_avx512:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
             __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
#elif defined(__aarch64__)
    case neon:
      return true;
#endif
    default:
      return row.set == portable;
  }
}

InstructionSet chosen(const std::string& name) {
  if (name.empty()) return std::ranges::find_if(rows, is_supported)->set;
  std::vector<std::string> names, supported;
  for (const Row& row : rows) {
    names.emplace_back(row.name);
    if (is_supported(row)) supported.emplace_back(row.name);
  }
  const auto row = std::ranges::find(rows, name, &Row::name);
  if (row == std::end(rows)) gradus::detail::throw_unknown("GRADUS_CPU", name, std::move(names));
  if (!is_supported(*row))
    throw std::invalid_argument(
        fmt::format("GRADUS_CPU is {}, which this processor lacks; it has {}", in_quotes(name),
                    fmt::join(supported, ", ")));
  return row->set;
}

#else

InstructionSet chosen(const std::string& name) {
  if (!name.empty())
    throw std::invalid_argument(
        fmt::format("GRADUS_CPU is {}, but this build is for one processor and has no choice; one "
                    "by the preset portable has",
                    in_quotes(name)));
#if defined(__AVX512F__)
  return avx512;
#elif defined(__AVX2__)
  return avx2;
#elif defined(__ARM_NEON)
  return neon;
#else
  return portable;
#endif
}

#endif

}  // namespace

InstructionSet instruction_set() {
  static const InstructionSet set = [] {
    const char* const name = std::getenv("GRADUS_CPU");
    return chosen(name ? name : "");
  }();
  return set;
}

const char* name_of(InstructionSet set) {
  return std::ranges::find(rows, set, &Row::set)->name;
}

}  // namespace gradus::kernels
