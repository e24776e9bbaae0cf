#include "data/table/row_reader.hpp"

#include <algorithm>
#include <cstring>

namespace gradus::data {
namespace {

constexpr std::size_t smallest_buffer = std::size_t{1} << 16;
constexpr std::size_t longest_row = std::size_t{1} << 28;

bool is_blank(char c, char separator) {
  return (c == ' ' || c == '\t' || c == '\r') && c != separator;
}

std::string_view without_blanks(const char* begin, const char* end, char separator) {
  while (begin != end && is_blank(*begin, separator)) ++begin;
  while (end != begin && is_blank(end[-1], separator)) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The text of the cell that begins with the quote at `at`, moved together; `at` then is its end.
std::string_view quoted_cell(char*& at, char* end, char separator) {
  char* const start = ++at;
  char* out = start;
  for (bool is_quoted = true; at != end; ++at) {
    if (is_quoted && *at == '"') {
      if (at + 1 != end && at[1] == '"')
        *out++ = *at++;
      else
        is_quoted = false;
      continue;
    }
    if (!is_quoted && *at == separator) break;
    *out++ = *at;
  }
  return without_blanks(start, out, separator);
}

char* find_byte(char* text, char byte, std::size_t size) {
  return size ? static_cast<char*>(std::memchr(text, byte, size)) : nullptr;
}

}  // namespace

int64_t split_row(const RowText& row, char separator, std::span<std::string_view> cells) {
  char* const end = row.text + row.size;
  std::size_t count = 0;
  for (char* at = row.text;; ++at) {
    if (row.has_quotes)
      while (at != end && is_blank(*at, separator)) ++at;
    std::string_view cell;
    if (row.has_quotes && at != end && *at == '"') {
      cell = quoted_cell(at, end, separator);
    } else {
      char* const start = at;
      at = find_byte(at, separator, static_cast<std::size_t>(end - at));
      if (!at) at = end;
      cell = without_blanks(start, at, separator);
    }
    if (count < cells.size()) cells[count] = cell;
    ++count;
    if (at == end) return static_cast<int64_t>(count);
  }
}

ByteReader TableSource::open() const {
  return is_file_ ? ByteReader(name_)
                  : ByteReader(name_, std::span(reinterpret_cast<const uint8_t*>(text_.data()),
                                                text_.size()));
}

RowReader::RowReader(const TableSource& source, const TableDialect& dialect, bool is_part)
    : name_(source.name()), dialect_(dialect), is_part_(is_part), bytes_(source.open()) {
  fill();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark))
    begin_ = byte_order_mark.size();
}

// Reads more behind what is not yet read, which it may move. Not after the end of the text.
void RowReader::fill() {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  if (end_ >= longest_row)
    file_error(name_, "line {}: the line is longer than {} bytes", next_line_, longest_row);
  if (buffer_.size() < 2 * end_ || buffer_.empty())
    buffer_.resize(std::max(2 * end_, smallest_buffer));
  const std::size_t wanted = buffer_.size() - end_;
  const std::size_t count =
      bytes_.read({reinterpret_cast<uint8_t*>(buffer_.data()) + end_, wanted});
  if (find_byte(buffer_.data() + end_, '\0', count))
    file_error(name_, "is a binary file, not a table");
  end_ += count;
  loaded_ += count;
  at_end_ = count < wanted;
}

double RowReader::part_read() const {
  const std::size_t read = loaded_ - (end_ - begin_);
  return bytes_.part_read() * static_cast<double>(read) / static_cast<double>(loaded_);
}

bool RowReader::next() {
  while (find_row()) {
    if (!without_blanks(row_.text, row_.text + row_.size, dialect_.separator).empty()) {
      ++rows_;
      return true;
    }
  }
  return false;
}

// The row of `size` bytes at begin_; `taken` contains its line break.
void RowReader::take_row(std::size_t size, std::size_t taken, int64_t line_breaks) {
  row_.text = buffer_.data() + begin_;
  row_.size = size;
  row_.line = next_line_;
  begin_ += taken;
  next_line_ += line_breaks + 1;
}

// The next row, which may be empty.
bool RowReader::find_row() {
  for (;;) {
    const std::size_t available = end_ - begin_;
    char* const start = buffer_.data() + begin_;
    char* const line_break = find_byte(start, dialect_.line_break, available);
    if (!line_break && !at_end_) {
      fill();
      continue;
    }
    if (!line_break && available == 0) return false;
    const std::size_t size = line_break ? static_cast<std::size_t>(line_break - start) : available;
    const bool is_comment = dialect_.has_comments && size > 0 && *start == '#';
    row_.has_quotes = !is_comment && find_byte(start, '"', size);
    if (row_.has_quotes) return find_quoted_row();
    if (!line_break && is_part_ && rows_ > 0) return false;
    take_row(is_comment ? 0 : size, size + (line_break ? 1 : 0), 0);
    return true;
  }
}

// The same where the line has a quote: line breaks in quotes don't end it.
bool RowReader::find_quoted_row() {
  bool is_quoted = false, at_start = true;
  int64_t column = 1, line_breaks = 0;
  int64_t quote_line = 0, quote_column = 0;
  std::size_t i = 0;
  for (;; ++i) {
    while (begin_ + i == end_ && !at_end_) fill();
    if (begin_ + i == end_) break;
    const char c = buffer_[begin_ + i];
    if (c == '"' && (at_start || is_quoted)) {
      // Two quotes in quotes end them and begin them again.
      const bool is_pair = !is_quoted && !at_start;
      is_quoted = !is_quoted || is_pair;
      at_start = !is_quoted;
      if (is_quoted) quote_line = next_line_ + line_breaks, quote_column = column;
      continue;
    }
    if (is_quoted) {
      line_breaks += c == dialect_.line_break;
      continue;
    }
    if (c == dialect_.line_break) break;
    column += c == dialect_.separator;
    at_start = c == dialect_.separator || (at_start && is_blank(c, dialect_.separator));
  }
  const bool has_end = begin_ + i < end_;
  if (!has_end && is_part_ && rows_ > 0) return false;
  if (is_quoted && !is_part_) unclosed(quote_line, quote_column);
  take_row(i, i + (has_end ? 1 : 0), line_breaks);
  return true;
}

void RowReader::unclosed(int64_t line, int64_t column) const {
  file_error(name_, "line {}, column {}: a quote is not closed", line, column);
}

}  // namespace gradus::data
