// Targets: what is to be predicted of the samples of a data set; TargetScale: the scale of numbers.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// The kinds of targets.
enum class TargetKind : uint8_t {
  classes,  ///< one class for each sample
  labels,   ///< several labels for each sample, of which each is true or false
  numbers,  ///< one number or several for each sample
  tokens,   ///< of a window of a text the next token of each token
};

/// The targets of N samples.
struct Targets {
  TargetKind kind = TargetKind::classes;  ///< what they are
  /// classes: i64 (N), 0 … count − 1; labels: f32 (N, count), 0 or 1; numbers: f32 (N, count);
  /// tokens: undefined, since they are in the samples
  Tensor values;
  int64_t count = 0;  ///< of classes, labels, numbers or different tokens
  /// Of the classes, labels or numbers, or the texts of the tokens; empty: they have none.
  std::vector<std::string> names = {};
};

/// The name of a class, label or number; its index if there are no names.
std::string target_name(const std::vector<std::string>& names, int64_t index);

/// The scale of targets that are numbers: training sees (y − mean)/deviation.
struct TargetScale {
  std::vector<double> mean = {};       ///< of each number; empty: no scale
  std::vector<double> deviation = {};  ///< of each number; positive

  /// scaled f32 or f64 (N, count) → deviation·scaled + mean.
  Tensor restored(const Tensor& scaled) const;
};

}  // namespace gradus::data
