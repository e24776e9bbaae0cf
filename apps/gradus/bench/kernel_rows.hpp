// kernel_rows: the kernels that `gradus bench --kernels` times, and what each is measured by.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace gradus::app {

/// What is timed.
using Body = std::function<void()>;

/// What limits a kernel, which is also what it stands beside: the processor's multiply-adds and the
/// BLAS' product, or the memory and a copy.
enum class Limit { arithmetic, memory };

struct KernelRow {
  std::string name;
  Limit limit;
  double work;  ///< floating-point operations, or bytes that it can't but read or write
  /// Makes its operands and returns what computes it once.
  std::function<Body()> kernel;
  /// The same for as much work of the other.
  std::function<Body()> beside;
};

/// Products and convolutions of the named models, other convolutions of usual sizes, and operations
/// that wait for memory.
std::vector<KernelRow> kernel_rows();

}  // namespace gradus::app
