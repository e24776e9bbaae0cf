// Entry, Scalar: the tape of chapter 5 (apps/examples/05_autograd.cpp) for its exercises: numbers
// whose operations are recorded.
#pragma once

#include <utility>
#include <vector>

/// What a value was computed from: places on the tape, with the derivative by each.
using Inputs = std::vector<std::pair<std::size_t, double>>;

/// An entry of the tape.
struct Entry {
  double value;         ///< what was computed
  Inputs inputs;        ///< from what
  double gradient = 0;  ///< of the result of backward() by this value
};
/// All entries, in the order of their computation.
inline std::vector<Entry> tape;

/// A number that stands on the tape.
struct Scalar {
  std::size_t place = tape.size();  ///< on the tape

  /// Puts a value on the tape; without inputs it is a constant.
  Scalar(double value, Inputs inputs = {}) { tape.push_back({value, std::move(inputs)}); }
  /// The value.
  double value() const { return tape[place].value; }
};
