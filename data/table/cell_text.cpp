#include "data/table/cell_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/text/number.hpp"
#include "core/text/registry.hpp"
#include "core/text/split.hpp"
#include "core/text/width.hpp"

namespace gradus::data {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::array<double, 16> powers_of_ten{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                               1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// The number of the last `count` of eight digits; false if one of them isn't a digit. Bytes of a
// word are the digits, the lowest the first, and three steps join neighbours (Lemire 2018).
bool read_last_digits(const char* eight, std::ptrdiff_t count, uint64_t& number) {
  constexpr uint64_t zeros = 0x3030303030303030;
  uint64_t word;
  std::memcpy(&word, eight, sizeof(word));
  const auto before = static_cast<unsigned>(8 * (8 - count));
  if (before != 0) word = (word >> before << before) | (zeros >> (64 - before));
  word -= zeros;
  if (((word + 0x7676767676767676) | word) & 0x8080808080808080) return false;
  word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ff;
  word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffff;
  number = (word * 10'000 + (word >> 32)) & 0xffffffff;
  return true;
}

// Most numbers: two integers that doubles hold exactly, and one division, which rounds once
// (Clinger 1990). Returns false for all others.
bool read_short_number(std::string_view cell, char point, double& value) {
  constexpr std::ptrdiff_t most_digits = 15, word = sizeof(uint64_t);
  const char* at = cell.data();
  const char* const end = at + cell.size();
  const bool is_negative = at != end && *at == '-';
  at += is_negative;
  uint64_t whole = 0, fraction = 0;
  const auto read_digits = [&](uint64_t& number) {
    const char* const start = at;
    for (; at != end && is_digit(*at); ++at)
      number = number * 10 + static_cast<uint64_t>(*at - '0');
    return at - start;
  };
  std::ptrdiff_t digits = read_digits(whole), decimals = 0;
  if (at != end && *at == point) {
    ++at;
    decimals = end - at;
    if (decimals > 0 && decimals <= word && std::ssize(cell) >= word) {
      if (!read_last_digits(end - word, decimals, fraction)) return false;
      at = end;
    } else {
      decimals = read_digits(fraction);
    }
    digits += decimals;
  }
  if (at != end || digits == 0 || digits > most_digits) return false;
  const double scale = powers_of_ten[static_cast<std::size_t>(decimals)];
  value = (static_cast<double>(whole) * scale + static_cast<double>(fraction)) / scale;
  if (is_negative) value = -value;
  return true;
}

// Whether a number that is out of the doubles' range is too large, not too small.
bool is_too_large(std::string_view number) {
  const std::size_t end = std::min(number.find_first_of("eE"), number.size());
  const std::size_t point = std::min(number.find('.'), end);
  const std::size_t first = number.find_first_not_of("-0.");
  std::string_view text = number.substr(std::min(end + 1, number.size()));
  if (text.starts_with('+')) text.remove_prefix(1);
  int64_t exponent = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), exponent).ec ==
      std::errc::result_out_of_range)
    return !text.starts_with('-');
  return exponent + static_cast<int64_t>(point) > static_cast<int64_t>(first);
}

// Reads as many digits as given from `text`, then `separator` unless it is 0.
bool read_part(std::string_view& text, std::size_t fewest, std::size_t most, char separator,
               int& value) {
  std::size_t digits = 0;
  value = 0;
  while (digits < std::min(most, text.size()) && is_digit(text[digits]))
    value = value * 10 + (text[digits++] - '0');
  if (digits < fewest) return false;
  text.remove_prefix(digits);
  if (!separator) return true;
  if (!text.starts_with(separator)) return false;
  text.remove_prefix(1);
  return true;
}

// "12:30", "12:30:59.123", each with or without "Z", "+01:00", " UTC" or " PM"; the number of
// seconds.
std::optional<double> read_time(std::string_view text) {
  int hour = 0, minute = 0, second = 0;
  double fraction = 0;
  if (!read_part(text, 1, 2, ':', hour) || !read_part(text, 2, 2, 0, minute)) return std::nullopt;
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    if (!read_part(text, 2, 2, 0, second)) return std::nullopt;
    std::size_t digits = 0;
    if (text.starts_with('.') || text.starts_with(','))
      for (digits = 1; digits < text.size() && is_digit(text[digits]);) ++digits;
    if (digits > 1)
      fraction = parse_number<double>("0." + std::string(text.substr(1, digits - 1))).value_or(0);
    text.remove_prefix(digits);
  }
  if (hour > 24 || minute > 59 || second > 60) return std::nullopt;
  const std::string rest = lowered(trimmed(text));
  if ((rest == "pm" && hour < 12) || (rest == "am" && hour == 12)) hour = (hour + 12) % 24;
  const bool is_zone = rest.size() <= 6 && rest.find_first_not_of("0123456789:+-") == rest.npos &&
                       (rest.starts_with('+') || rest.starts_with('-'));
  if (!rest.empty() && rest != "z" && rest != "utc" && rest != "am" && rest != "pm" && !is_zone)
    return std::nullopt;
  return 3600 * hour + 60 * minute + second + fraction;
}

bool is_day(int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

double order_of(int year, int month, int day, double seconds) {
  return ((year * 12.0 + month) * 31 + day) * 90'000 + seconds;
}

}  // namespace

bool read_number(std::string_view cell, char point, double& value) {
  if (read_short_number(cell, point, value)) [[likely]]
    return true;
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  std::string copy;
  if (point != '.') {
    if (cell.find('.') != cell.npos) return false;
    cell = copy = replaced(cell, point, '.');
  }
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (end != cell.data() + cell.size() || error == std::errc::invalid_argument ||
      std::isnan(number))
    return false;
  if (error == std::errc::result_out_of_range) {
    number = is_too_large(cell) ? std::numeric_limits<double>::infinity() : 0;
    if (cell.starts_with('-')) number = -number;
  }
  value = number;
  return true;
}

bool is_missing(std::string_view cell) {
  if (cell.empty() || cell == "?") return true;
  if (cell.size() > 4) return false;
  const std::string word = lowered(cell);
  return word == "na" || word == "n/a" || word == "nan" || word == "null" || cell == "#N/A";
}

std::optional<DateText> read_date(std::string_view cell) {
  constexpr std::size_t shortest = 8, longest = 40;
  if (cell.size() < shortest || cell.size() > longest || !is_digit(cell[0])) return std::nullopt;
  const std::size_t first_mark = cell.find_first_of("-/.");
  if (first_mark == cell.npos) return std::nullopt;
  const char mark = cell[first_mark];
  int year = 0, month = 0, day = 0;
  DateForm form = DateForm::year_first;
  if (first_mark == 4) {
    if (mark == '.' || !read_part(cell, 4, 4, mark, year) || !read_part(cell, 1, 2, mark, month) ||
        !read_part(cell, 1, 2, 0, day))
      return std::nullopt;
  } else {
    form = mark == '/' ? DateForm::slashes : DateForm::day_first;
    if (!read_part(cell, 1, 2, mark, day) || !read_part(cell, 1, 2, mark, month) ||
        !read_part(cell, 4, 4, 0, year))
      return std::nullopt;
    if (form == DateForm::slashes) std::swap(day, month);
  }
  double seconds = 0;
  if (!cell.empty()) {
    if (cell[0] != 'T' && cell[0] != ' ' && cell[0] != ',') return std::nullopt;
    const std::optional<double> time = read_time(trimmed(cell.substr(1)));
    if (!time) return std::nullopt;
    seconds = *time;
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double order = is_day(month, day) ? order_of(year, month, day, seconds) : nan;
  if (form != DateForm::slashes) {
    if (!is_day(month, day)) return std::nullopt;
    return DateText{form, order, order};
  }
  const double swapped = is_day(day, month) ? order_of(year, day, month, seconds) : nan;
  if (!is_day(month, day) && !is_day(day, month)) return std::nullopt;
  return DateText{form, order, swapped};
}

std::string_view as_utf8(std::string_view cell, std::string& buffer) {
  const auto is_high = [](char c) { return (c & 0x80) != 0; };
  if (std::ranges::none_of(cell, is_high)) return cell;
  const std::vector<std::string_view> all = characters(cell);
  if (std::ranges::none_of(all, [&](std::string_view character) {
        return character.size() == 1 && is_high(character[0]);
      }))
    return cell;
  // The characters from 0x80 to 0x9f; 0 has none.
  constexpr uint16_t special[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};
  buffer.clear();
  for (const char c : cell) {
    const auto byte = static_cast<unsigned char>(c);
    const uint32_t special_code = byte >= 0x80 && byte < 0xa0 ? special[byte - 0x80] : byte;
    const uint32_t code = special_code == 0 ? 0xfffd : special_code;
    if (code < 0x80) {
      buffer += c;
    } else if (code < 0x800) {
      buffer += static_cast<char>(0xc0 | code >> 6);
      buffer += static_cast<char>(0x80 | (code & 0x3f));
    } else {
      buffer += static_cast<char>(0xe0 | code >> 12);
      buffer += static_cast<char>(0x80 | (code >> 6 & 0x3f));
      buffer += static_cast<char>(0x80 | (code & 0x3f));
    }
  }
  return buffer;
}

bool natural_less(const std::string& a, const std::string& b) {
  double x = 0, y = 0;
  const bool a_is_number = read_number(a, '.', x), b_is_number = read_number(b, '.', y);
  if (a_is_number != b_is_number) return a_is_number;
  return a_is_number && x != y ? x < y : a < b;
}

std::string number_text(double value) {
  return fmt::format("{}", value == 0 ? 0 : value);  // not "-0"
}

}  // namespace gradus::data
