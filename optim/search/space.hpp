// SearchSpace: the parameters that a hyperparameter search chooses from.
#pragma once

#include <optional>
#include <string_view>

#include "optim/search/network_space.hpp"

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

/// A place in the unit cube: a coordinate in [0, 1] for each parameter of a space.
using Point = std::vector<double>;

/// Parameters from a text, `NAME=VALUES`, joined by commas or lines; # begins a comment:
///
///     lr = log(1e-4, 1)             a real number, uniform in its logarithm
///     dropout = uniform(0, 0.5)     a real number
///     layers = int(1, 4)            a whole number, both ends included
///     units = logint(16, 512)       a whole number, uniform in its logarithm
///     norm = [batch, group:8]       one of a list of texts
///     momentum = uniform(0, 0.99) if optimizer = [sgd, nag]
///     model = network(4, 10)        a network as text, see NetworkSpace
///
/// What follows `if` is a list of this space further up, and the values with which the parameter
/// takes part; a single value needs no brackets.
class SearchSpace {
 public:
  /// Throws std::invalid_argument "[search_space] at 'lr=log(0,1)': …" for a text that is none.
  explicit SearchSpace(std::string_view text);

  /// In the order of the text; a network is many.
  const std::vector<SearchParameter>& parameters() const { return parameters_; }
  /// The number of parameters: the dimensions of a point.
  std::size_t size() const { return parameters_.size(); }

  /// Whether a parameter takes part at a point.
  bool is_active(std::size_t parameter, const Point& point) const;
  /// The values of what takes part; a network's parameters are one text.
  Configuration configuration(const Point& point) const;
  /// The same for each single parameter: a network's are not joined.
  Configuration values(const Point& point) const;

  /// The combinations of all values of lists and of `levels` evenly spaced values of ranges, bounds
  /// included; `most` of them at most. Parameters that take no part don't multiply.
  std::vector<Point> grid(int64_t levels, std::size_t most) const;

  /// The point for models that need distances: a real number as its coordinate, a whole one as the
  /// middle of its coordinates, a list of k values as k numbers, 0 but for 1/√2 at the chosen one,
  /// so that different values lie 1 apart. What takes no part is ½, of a list all 0 (the fixed
  /// values of Hutter et al. 2011).
  std::vector<double> features(const Point& point) const;
  /// For each of the features the number of its parameter.
  std::vector<std::size_t> feature_parameters() const;

 private:
  void add(std::string_view entry);
  SearchParameter::Condition parse_condition(std::string_view entry, std::string_view text) const;

  std::vector<SearchParameter> parameters_;
  std::vector<NetworkSpace> networks_;
};

}  // namespace gradus::optim
