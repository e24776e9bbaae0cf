// read_number, is_missing, read_date, as_utf8, natural_less: what the text of a table's cell means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gradus::data {

/// Reads all of `cell` as a decimal number: "-1", "+2.5", ".5", "1e-3", with `point` as the decimal
/// point. Rounded to the nearest double; ±∞ for a number that is too large and for "inf", 0 for one
/// that is too small. Returns false for other text, also
/// for "nan", and leaves `value` as it is.
bool read_number(std::string_view cell, char point, double& value);

/// Whether a cell says that its value isn't known: it is empty, NA, N/A, NaN, null or ?, in upper
/// or lower case.
bool is_missing(std::string_view cell);

/// The forms of dates, each with or without a time of day.
enum class DateForm : uint8_t {
  year_first,  ///< 2024-01-31, 2024/01/31, 2024-01-31T12:30:00Z
  day_first,   ///< 31.01.2024
  slashes,     ///< 01/31/2024 or 31/01/2024
};

/// A date as a number that is larger for later dates.
struct DateText {
  DateForm form;   ///< of the text
  double order;    ///< for slashes: the month is first
  double swapped;  ///< for slashes: the day is first; else the same
};

/// `cell` as a date; empty where it is something else. Zones of time are ignored.
std::optional<DateText> read_date(std::string_view cell);

/// The text of a cell as UTF-8: other text is taken for Windows-1252, as spreadsheets still write
/// it, and converted into `buffer`.
std::string_view as_utf8(std::string_view cell, std::string& buffer);

/// Sorts texts: numbers by their value (2 before 10), then all others by their bytes.
bool natural_less(const std::string& a, const std::string& b);

/// The shortest text of a number, as names of classes use it: "3", "0.5".
std::string number_text(double value);

}  // namespace gradus::data
