// SearchSpace: the parameters that a hyperparameter search chooses from.
#pragma once

#include <optional>
#include <string_view>

#include "optim/search/network_space.hpp"

namespace gradus::optim {

/// A list of texts or a range of numbers, mapped to coordinates from 0 to 1.
struct SearchParameter {
  /// The kind of a parameter's values.
  enum class Kind {
    list,         ///< one of several texts
    uniform,      ///< a real number
    log,          ///< a real number, uniform in its logarithm
    integer,      ///< a whole number
    log_integer,  ///< a whole number, uniform in its logarithm
  };
  /// The parameter is active only if another parameter of the space is active and has one of these
  /// values.
  struct Condition {
    std::size_t parameter;            ///< index of the other parameter in the space
    std::vector<std::size_t> values;  ///< indices of its values
  };

  std::string name;                         ///< name in the text of the space
  Kind kind;                                ///< the kind of its values
  double low = 0;                           ///< the smallest number, included
  double high = 0;                          ///< the largest number, included
  std::vector<std::string> values = {};     ///< the values of a list
  std::optional<Condition> condition = {};  ///< when it is active; empty: always

  /// The number of its values; nothing for a range of real numbers.
  std::optional<int64_t> count() const;
  /// The index of the value at a coordinate, 0 … count() - 1; the parameter must have a count.
  int64_t index(double coordinate) const;
  /// The middle of the coordinates of a value, by its index.
  double middle(int64_t index) const;
  /// The value as text, real numbers with four significant digits.
  std::string value(double coordinate) const;
  /// The coordinates of all values of a list, or of `levels` values of a range from bound to bound
  /// (all values if there are fewer).
  std::vector<double> levels(int64_t levels) const;
};

/// A place in the unit cube: a coordinate in [0, 1] for each parameter of a space.
using Point = std::vector<double>;

/// Parameters from a text, `NAME=VALUES`, separated by commas or line breaks; # starts a comment:
///
///     lr = log(1e-4, 1)             a real number, uniform in its logarithm
///     dropout = uniform(0, 0.5)     a real number
/// layers = int(1, 4)            a whole number, including both bounds
///     units = logint(16, 512)       a whole number, uniform in its logarithm
///     norm = [batch, group:8]       one of a list of texts
///     momentum = uniform(0, 0.99) if optimizer = [sgd, nag]
///     model = network(4, 10)        a network as text, see NetworkSpace
///
/// After `if` follow a list defined earlier and the values for which the parameter is active; a
/// single value needs no brackets.
class SearchSpace {
 public:
  /// Throws std::invalid_argument "[search_space] at 'lr=log(0,1)': …" for a wrong text.
  explicit SearchSpace(std::string_view text);

  /// The parameters in the order of the text; a network consists of many.
  const std::vector<SearchParameter>& parameters() const { return parameters_; }
  /// The number of parameters: the dimensions of a point.
  std::size_t size() const { return parameters_.size(); }

  /// Whether a parameter is active at a point.
  bool is_active(std::size_t parameter, const Point& point) const;
  /// The values of the active parameters; a network's parameters become one text.
  Configuration configuration(const Point& point) const;
  /// The same with a network's parameters separately.
  Configuration values(const Point& point) const;

  /// The combinations of all values of lists and of `levels` evenly spaced values of ranges,
  /// including the bounds; at most `most`. Inactive parameters don't multiply the number.
  std::vector<Point> grid(int64_t levels, std::size_t most) const;

  /// The point for models that use distances: a real number is its coordinate, a whole number the
  /// middle of its coordinates, a list of k values k numbers, 1/√2 at the chosen one and 0
  /// elsewhere, so that different values have distance 1. Inactive parameters are ½, or all 0 for a
  /// list (fixed values as in Hutter et al. 2011).
  std::vector<double> features(const Point& point) const;
  /// The index of each feature's parameter.
  std::vector<std::size_t> feature_parameters() const;

 private:
  void add(std::string_view entry);
  SearchParameter::Condition parse_condition(std::string_view entry, std::string_view text) const;

  std::vector<SearchParameter> parameters_;
  std::vector<NetworkSpace> networks_;
};

}  // namespace gradus::optim
