// ColumnChoice: finds columns by what users call them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::data {

/// The columns of a table by name or number.
class ColumnChoice {
 public:
  /// `names` must outlive the object.
  ColumnChoice(std::string file, const std::vector<std::string>& names, bool has_header)
      : file_(std::move(file)), names_(names), has_header_(has_header) {}

  /// The index of the column with that name, or number from 1, negative from the end. Throws
  /// std::runtime_error if there is none or if two columns have the name.
  std::size_t find(const std::string& name) const;
  /// The same for several.
  std::vector<std::size_t> find(const std::vector<std::string>& names) const;
  /// The column that is the target unless the user names one: called label, target, class or y, or
  /// else the last that isn't in `taken`.
  std::size_t usual_target(const std::vector<bool>& taken) const;
  /// Throws std::runtime_error if two columns in `used` have the same name.
  void require_different(const std::vector<bool>& used) const;

 private:
  [[noreturn]] void error_twice(std::size_t first, std::size_t second) const;

  std::string file_;
  const std::vector<std::string>& names_;
  bool has_header_;
};

}  // namespace gradus::data
