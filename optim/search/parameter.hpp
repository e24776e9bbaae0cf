// One parameter of a hyperparameter search.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::optim {

/// A list of texts or a range of numbers, seen as the coordinates from 0 to 1.
struct SearchParameter {
  enum class Kind { list, uniform, log, integer, log_integer };
  /// It takes part only where the parameter of that number in the space takes part and has a value
  /// of these numbers in its list.
  struct Condition {
    std::size_t parameter;
    std::vector<std::size_t> values;
  };

  std::string name;
  Kind kind;
  double low = 0, high = 0;              ///< of numbers, inclusive
  std::vector<std::string> values = {};  ///< of a list
  std::optional<Condition> condition = {};

  /// How many values it can have; nothing for a range of real numbers.
  std::optional<int64_t> count() const;
  /// The number of the value, 0 … count() - 1, of one that has a count.
  int64_t index(double coordinate) const;
  /// The middle of the coordinates of a value, by its number.
  double middle(int64_t index) const;
  /// The value as text, real numbers in four significant digits.
  std::string value(double coordinate) const;
  /// Coordinates of all values of a list; of a range of `levels` from bound to bound, or of all
  /// where there are fewer.
  std::vector<double> levels(int64_t levels) const;
};

}  // namespace gradus::optim
