#include "core/print.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>

namespace gradus {
namespace {

constexpr int64_t most_elements = 1000, edge = 3;
constexpr std::size_t line_width = 75;

// The indices of a dimension that are shown; -1 stands for those between.
std::vector<int64_t> shown(int64_t extent, bool is_large) {
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < extent; ++i) {
    if (is_large && extent > 2 * edge && i == edge) {
      indices.push_back(-1);
      i = extent - edge;
    }
    indices.push_back(i);
  }
  return indices;
}

// Calls visit(offset) for the elements that are shown, in their order.
template <class Visit>
void for_each_shown(const Tensor& x, int dim, int64_t offset, bool is_large, Visit visit) {
  if (dim == x.rank()) return visit(offset);
  for (const int64_t i : shown(x.size(dim), is_large))
    if (i >= 0) for_each_shown(x, dim + 1, offset * x.size(dim) + i, is_large, visit);
}

// The shortest text of v with at most `precision` digits behind the point that is read as v again;
// without zeros at the end: "1.".
template <class T>
std::string shortest(T v, char form, int precision) {
  std::string text;
  for (int digits = 0; digits <= precision; ++digits) {
    text = form == 'e' ? fmt::format("{:.{}e}", v, digits) : fmt::format("{:.{}f}", v, digits);
    T read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    if (read == v) break;
  }
  const std::size_t mantissa_end = std::min(text.find('e'), text.size());
  if (text.find('.') != text.npos) return text;
  return text.substr(0, mantissa_end) + '.' + text.substr(mantissa_end);
}

struct NumberParts {
  std::string whole, fraction, exponent;  // "-1.", "25", "e-05"
};

NumberParts parts_of(const std::string& text) {
  const std::size_t point = text.find('.'), e = std::min(text.find('e'), text.size());
  return {text.substr(0, point + 1), text.substr(point + 1, e - point - 1), text.substr(e)};
}

// Finite numbers in one form, aligned at the point; the others at the right.
template <class T>
std::vector<std::string> texts_of(const std::vector<T>& values, int precision) {
  T largest = 0, smallest = std::numeric_limits<T>::infinity();
  for (const T v : values) {
    if (!std::isfinite(v) || v == 0) continue;
    largest = std::max(largest, std::abs(v));
    smallest = std::min(smallest, std::abs(v));
  }
  constexpr T most = T(1e8), least = T(1e-4), most_ratio = 1000;
  const bool exponents =
      largest > 0 && (largest >= most || smallest < least || largest / smallest > most_ratio);
  std::vector<NumberParts> parts;
  std::size_t whole = 0, fraction = 0;
  for (const T v : values) {
    parts.push_back(std::isfinite(v) ? parts_of(shortest(v, exponents ? 'e' : 'f', precision))
                                     : NumberParts());
    whole = std::max(whole, parts.back().whole.size());
    fraction = std::max(fraction, parts.back().fraction.size());
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& [front, back, exponent] = parts[i];
    texts.push_back(!std::isfinite(values[i]) ? fmt::format("{}", values[i])
                    : exponents
                        ? fmt::format("{:>{}}{:0<{}}{}", front, whole, back, fraction, exponent)
                        : fmt::format("{:>{}}{:<{}}", front, whole, back, fraction));
  }
  return texts;
}

template <class T>
std::vector<std::string> texts_of_whole(const std::vector<T>& values) {
  std::vector<std::string> texts;
  for (const T v : values) texts.push_back(fmt::format("{}", v));
  return texts;
}

std::vector<std::string> shown_texts(const Tensor& x, bool is_large, int precision) {
  std::vector<std::string> texts = dispatch(x.dtype(), [&]<class T>(T) {
    std::vector<T> values;
    for_each_shown(x, 0, 0, is_large,
                   [&](int64_t offset) { values.push_back(x.data<T>()[offset]); });
    if constexpr (std::is_floating_point_v<T>)
      return texts_of(values, precision);
    else
      return texts_of_whole(values);
  });
  std::size_t width = 0;
  for (const std::string& text : texts) width = std::max(width, text.size());
  for (std::string& text : texts) text.insert(0, width - text.size(), ' ');
  return texts;
}

class Printer {
 public:
  Printer(const Tensor& x, int precision)
      : x_(x), is_large_(x.numel() > most_elements), texts_(shown_texts(x, is_large_, precision)) {}

  std::string print() {
    if (x_.numel() == 0) return "[]";
    add(0);
    return std::move(out_);
  }

 private:
  void add(int dim) {
    if (dim == x_.rank()) {
      out_ += texts_[next_++];
      return;
    }
    const bool is_row = dim == x_.rank() - 1;
    out_ += '[';
    bool is_first = true;
    for (const int64_t i : shown(x_.size(dim), is_large_)) {
      if (!is_first) separate(dim, is_row && i >= 0 ? texts_[next_].size() : edge);
      is_first = false;
      if (i < 0)
        out_ += "...";
      else
        add(dim + 1);
    }
    out_ += ']';
  }

  // A row goes on in the next line where it is full; other parts begin lines of their own.
  void separate(int dim, std::size_t next_width) {
    const bool is_row = dim == x_.rank() - 1;
    out_ += ',';
    const std::size_t line = out_.size() - (out_.rfind('\n') + 1);
    const bool is_full = line + 1 + next_width + 1 > line_width;
    if (is_row && !is_full) {
      out_ += ' ';
      return;
    }
    out_.append(is_row ? 1 : static_cast<std::size_t>(x_.rank() - dim - 1), '\n');
    out_.append(static_cast<std::size_t>(dim + 1), ' ');
  }

  const Tensor& x_;
  bool is_large_;
  std::vector<std::string> texts_;
  std::size_t next_ = 0;
  std::string out_;
};

}  // namespace

std::string to_string(const Tensor& x, int precision) {
  if (!x.defined()) return "undefined tensor";
  return fmt::format("{}  {} {}{}", Printer(x, precision).print(), to_string(x.dtype()), x.shape(),
                     x.requires_grad() ? ", requires grad" : "");
}

std::ostream& operator<<(std::ostream& stream, const Tensor& x) {
  return stream << to_string(x);
}

std::ostream& operator<<(std::ostream& stream, const Shape& shape) {
  return stream << to_string(shape);
}

}  // namespace gradus

fmt::format_context::iterator fmt::formatter<gradus::Tensor>::format(
    const gradus::Tensor& x, format_context& context) const {
  return fmt::format_to(context.out(), "{}", gradus::to_string(x, precision));
}
