// gradus bench --kernels
#pragma once

#include <string>

namespace gradus::app {

/// Times the kernels whose names have a match of the regular expression `pattern`, each beside the
/// BLAS or a copy, and prints a table: medians of several times about `seconds`. Throws UsageError
/// for an expression that is none, or matches no kernel.
void bench_kernels(const std::string& pattern, double seconds);

}  // namespace gradus::app
