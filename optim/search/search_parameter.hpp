// One parameter of a hyperparameter search.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::optim {

/// A list of texts or a range of numbers, seen as the coordinates from 0 to 1.
struct SearchParameter {
  /// What values a parameter has.
  enum class Kind {
    list,         ///< one of several texts
    uniform,      ///< a real number
    log,          ///< a real number, uniform in its logarithm
    integer,      ///< a whole number
    log_integer,  ///< a whole number, uniform in its logarithm
  };
  /// It takes part only where the parameter of that number in the space takes part and has a value
  /// of these numbers in its list.
  struct Condition {
    std::size_t parameter;            ///< the number of the parameter in the space
    std::vector<std::size_t> values;  ///< numbers of its values
  };

  std::string name;                         ///< as in the text of the space
  Kind kind;                                ///< what values it has
  double low = 0;                           ///< the least number
  double high = 0;                          ///< the largest number, included
  std::vector<std::string> values = {};     ///< of a list
  std::optional<Condition> condition = {};  ///< when it takes part; always, where there is none

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
