// bench_kernels: measures kernels, for `gradus bench --kernels`.
#pragma once

#include <string>

namespace gradus::app {

/// Measures the kernels whose names contain a match of the regular expression `pattern`, compares
/// each with the BLAS or a copy, and prints a table: medians of several measurements of about
/// `seconds`. Throws UsageError for an invalid expression, and if no kernel matches.
void bench_kernels(const std::string& pattern, double seconds);

}  // namespace gradus::app
