#include "data/files/npy_header.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "core/error.hpp"
#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

struct NumberType {
  std::string_view name;
  NpyKind kind;
};

constexpr NumberType number_types[] = {
    {"f4", NpyKind::floating},       {"f8", NpyKind::floating},
    {"i1", NpyKind::signed_whole},   {"i2", NpyKind::signed_whole},
    {"i4", NpyKind::signed_whole},   {"i8", NpyKind::signed_whole},
    {"u1", NpyKind::unsigned_whole}, {"u2", NpyKind::unsigned_whole},
    {"u4", NpyKind::unsigned_whole}, {"u8", NpyKind::unsigned_whole},
    {"b1", NpyKind::boolean}};

struct RefusedKind {
  std::string_view letters, what;
};

constexpr RefusedKind refused_kinds[] = {
    {"O", "Python objects"}, {"SUa", "texts"}, {"Mm", "dates or times"}, {"V", "records"}};

// Reads the header's text, which is Python: {'descr': '<f4', 'fortran_order': False, 'shape':
// (3,)}.
class HeaderText {
 public:
  HeaderText(const std::string& name, std::string_view text) : name_(name), rest_(text) {}

  NpyHeader parse() {
    NpyHeader header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = text();
      expect(':');
      if (key == "descr" && !has_type) {
        if (peek() == '[') file_error(name_, "has an array of records; {}", advice);
        header.type = text();
        has_type = true;
      } else if (key == "fortran_order" && !has_order) {
        header.is_fortran = boolean();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = shape();
        has_shape = true;
      } else {
        damaged();
      }
      if (!take(',') && peek() != '}') damaged();
    }
    skip_blanks();
    if (!rest_.empty() || !has_type || !has_order || !has_shape) damaged();
    set_type(header);
    return header;
  }

 private:
  static constexpr const char* advice = "save numbers, for example X.astype('float32')";

  [[noreturn]] void damaged() const {
    file_error(name_, "is damaged: its header isn't that of an .npy file");
  }
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }
  char peek() {
    skip_blanks();
    return rest_.empty() ? '\0' : rest_[0];
  }
  bool take(char c) {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) damaged();
  }
  std::string text() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') damaged();
    const std::size_t end = rest_.find(quote, 1);
    if (end == rest_.npos) damaged();
    const std::string result(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return result;
  }
  bool boolean() {
    skip_blanks();
    for (const std::string_view word : {"True", "False"})
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return word == "True";
      }
    damaged();
  }
  Shape shape() {
    constexpr int64_t most_values = int64_t{1} << 40;
    std::vector<int64_t> extents;
    int64_t values = 1;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      int64_t extent = -1;
      const auto [end, status] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (status == std::errc::result_out_of_range || extent > most_values) too_many();
      if (status != std::errc() || extent < 0) damaged();
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      if (rest_.starts_with('L')) rest_.remove_prefix(1);  // an integer of Python 2
      // The other extents are checked even if one is 0.
      const int64_t factor = std::max<int64_t>(extent, 1);
      if (values > most_values / factor) too_many();
      values *= factor;
      extents.push_back(extent);
      if (extents.size() > Shape::max_rank)
        file_error(name_, "has more than {} dimensions", Shape::max_rank);
      if (!take(',') && peek() != ')') damaged();
    }
    return Shape(extents);
  }
  [[noreturn]] void too_many() const {
    file_error(name_, "its header must not declare more than 2^40 values");
  }

  // "<f4": the byte order, the kind, the number of bytes.
  void set_type(NpyHeader& header) const {
    std::string_view type = header.type;
    const char order = type.empty() ? '|' : type[0];
    if (std::string_view("<>|=").find(order) != std::string_view::npos && !type.empty())
      type.remove_prefix(1);
    constexpr bool is_native_big = std::endian::native == std::endian::big;
    header.is_big_endian = order == '>' || (order != '<' && is_native_big);
    const char kind = type.empty() ? ' ' : type[0];
    for (const auto& [letters, what] : refused_kinds)
      if (letters.find(kind) != letters.npos)
        file_error(name_, "has an array of {}; {}", what, advice);
    const auto row = std::ranges::find(number_types, type, &NumberType::name);
    if (row == std::end(number_types))
      file_error(name_, "has the type {}, not f4, f8, i1 to i8, u1 to u8 or b1; {}",
                 in_quotes(header.type), advice);
    header.kind = row->kind;
    header.bytes_each = type[1] - '0';
  }

  const std::string& name_;
  std::string_view rest_;
};

}  // namespace

NpyHeader read_npy_header(const std::string& name, ByteReader& file) {
  constexpr std::string_view mark = "\x93NUMPY";
  std::array<uint8_t, 8> start{};
  const std::size_t count = file.read(start);
  if (count < start.size() ||
      !std::equal(mark.begin(), mark.end(), start.begin(),
                  [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; }))
    file_error(name, "is not an .npy file: it doesn't begin with \\x93NUMPY");
  const int version = start[6];
  if (version < 1 || version > 3)
    file_error(name, "has the version {}.{} of the .npy format; 1.0 to 3.0 can be read", version,
               start[7]);
  std::array<uint8_t, 4> length_bytes{};
  const std::span<uint8_t> length = std::span(length_bytes).first(version == 1 ? 2 : 4);
  if (file.read(length) < length.size()) file_error(name, "is cut off inside its header");
  std::size_t size = 0;
  for (std::size_t i = length.size(); i-- > 0;) size = size << 8 | length[i];
  const std::vector<uint8_t> text = file.read_up_to(size);
  if (text.size() < size) file_error(name, "is cut off inside its header");
  return HeaderText(name, {reinterpret_cast<const char*>(text.data()), text.size()}).parse();
}

}  // namespace gradus::data
