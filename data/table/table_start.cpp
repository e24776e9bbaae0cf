#include "data/table/table_start.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "data/table/cell_text.hpp"

namespace gradus::data {
namespace {

using SampleRows = std::vector<std::vector<std::string>>;

// Formats that begin with these bytes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> known_formats{{
    {"PK\x03\x04", "a zip file (a spreadsheet?); save it as CSV"},
    {"\xD0\xCF\x11\xE0", "an old Office file (a spreadsheet?); save it as CSV"},
    {"\x89PNG", "a PNG image, not a table"},
    {"\xFF\xD8\xFF", "a JPEG image, not a table"},
    {"%PDF", "a PDF file, not a table"},
    {"PAR1", "a Parquet file; save it as CSV"},
    {"\x89HDF", "an HDF5 file; save it as CSV"},
    {"SQLite format 3", "an SQLite database; save its table as CSV"},
    {"\x1f\x8b", "compressed by gzip twice"},
    {"BZh", "compressed by bzip2; decompress it, or compress it by gzip"},
    {"\xFD\x37zXZ", "compressed by xz; decompress it, or compress it by gzip"},
    {"\x28\xB5\x2F\xFD", "compressed by zstd; decompress it, or compress it by gzip"},
}};

void refuse_other_formats(std::string_view text, const std::string& name) {
  for (const auto& [bytes, format] : known_formats)
    if (text.starts_with(bytes) && (bytes != "BZh" || text.find('\n') > 10))
      file_error(name, "is {}", format);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    file_error(name, "is UTF-16 text; save it as UTF-8");
  const auto zeros = std::ranges::count(text, '\0');
  // Every second byte of European text in UTF-16 is 0.
  int64_t lone = 0;
  for (std::size_t i = 1; i + 1 < text.size(); ++i)
    lone += text[i] == '\0' && text[i - 1] != '\0' && text[i + 1] != '\0';
  if (zeros > 0 && 3 * zeros >= std::ssize(text) && lone + 2 >= zeros)
    file_error(name, "is UTF-16 text; save it as UTF-8");
  if (zeros > 0) file_error(name, "is a binary file, not a table");
}

// A part of the text, at least 64 KiB if there are as many.
struct TextPart {
  std::string text;
  bool is_whole = false;
};

TextPart read_part_of(const TableSource& source) {
  constexpr std::size_t usual = std::size_t{1} << 16, most = std::size_t{1} << 24;
  constexpr auto enough_lines = 20;
  ByteReader reader = source.open();
  TextPart part;
  for (std::size_t size = usual; size <= most; size *= 2) {
    const std::vector<uint8_t> bytes = reader.read_up_to(size - part.text.size());
    part.text.append(bytes.begin(), bytes.end());
    part.is_whole = part.text.size() < size;
    if (part.is_whole || std::ranges::count(part.text, '\n') >= enough_lines) break;
  }
  return part;
}

struct SampleStart {
  SampleRows rows;
  int64_t first_line = 1;
};

SampleStart sample_rows(const TextPart& part, const std::string& name,
                        const TableDialect& dialect) {
  constexpr std::size_t most_rows = 1000;
  const TableSource source = TableSource::of_text(part.text, name);
  RowReader reader(source, dialect, true);
  SampleStart sample;
  std::vector<std::string_view> cells;
  while (sample.rows.size() < most_rows && reader.next()) {
    const RowText& row = reader.row();
    if (sample.rows.empty()) sample.first_line = row.line;
    cells.resize(row.size + 1);
    const int64_t count = split_row(row, dialect.separator, cells);
    sample.rows.emplace_back(cells.begin(), cells.begin() + count);
  }
  return sample;
}

// How well a separator explains the rows.
struct SeparatorScore {
  int64_t regular_rows = 0;  // with the most frequent number of cells, if that isn't 1
  double numbers = 0;        // part of the cells
  int64_t cells = 0;         // of a regular row
};

bool is_number(const std::string& cell, bool decimal_comma) {
  double value = 0;
  return read_number(cell, '.', value) || (decimal_comma && read_number(cell, ',', value));
}

SeparatorScore score_of(const SampleRows& rows, char separator) {
  std::map<int64_t, int64_t> widths;
  int64_t numbers = 0, cells = 0;
  for (const auto& row : rows) {
    ++widths[std::ssize(row)];
    for (const std::string& cell : row) numbers += is_number(cell, separator != ',');
    cells += std::ssize(row);
  }
  SeparatorScore score;
  for (const auto& [width, count] : widths)
    if (width > 1 && count >= score.regular_rows) score.regular_rows = count, score.cells = width;
  if (cells > 0) score.numbers = static_cast<double>(numbers) / static_cast<double>(cells);
  return score;
}

// Of separators that give nearly as many rows the same length, the one that makes more numbers, or
// else more cells.
bool is_better(const SeparatorScore& a, const SeparatorScore& b) {
  if (10 * a.regular_rows < 9 * b.regular_rows) return false;
  if (10 * b.regular_rows < 9 * a.regular_rows) return true;
  if (a.numbers != b.numbers) return a.numbers > b.numbers;
  return a.cells > b.cells;
}

bool uses_decimal_comma(const SampleRows& rows) {
  int64_t commas = 0, points = 0;
  for (const auto& row : rows)
    for (const std::string& cell : row) {
      double value = 0;
      commas += cell.find(',') != cell.npos && read_number(cell, ',', value);
      points += cell.find('.') != cell.npos && read_number(cell, '.', value);
    }
  return commas > points;
}

bool begins_with_comment(const SampleRows& rows, std::size_t row) {
  return row < rows.size() && rows[row][0].starts_with('#');
}

}  // namespace

TableStart read_start(const TableSource& source) {
  TextPart part = read_part_of(source);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  refuse_other_formats(part.text, source.name());
  if (part.text.starts_with(byte_order_mark)) part.text.erase(0, byte_order_mark.size());
  // The sample is text: a gzip file in it was refused above.
  if (part.is_whole && !part.text.empty() && part.text.back() != '\n') part.text += '\n';
  TableStart start;
  if (std::ranges::count(part.text, '\n') <= 1 && std::ranges::count(part.text, '\r') > 1)
    start.dialect.line_break = '\r';

  SampleStart best = sample_rows(part, source.name(), start.dialect);
  start.dialect.has_comments =
      begins_with_comment(best.rows, 0) ||
      (begins_with_comment(best.rows, 1) && best.rows[0].size() != best.rows[1].size());
  SeparatorScore best_score;
  const char first = start.dialect.separator;
  for (const char separator : {first, ';', '\t', '|'}) {
    TableDialect dialect = start.dialect;
    dialect.separator = separator;
    SampleStart sample = sample_rows(part, source.name(), dialect);
    const SeparatorScore score = score_of(sample.rows, separator);
    if (separator != first && !is_better(score, best_score)) continue;
    best = std::move(sample);
    best_score = score;
    start.dialect = dialect;
  }
  if (start.dialect.separator != ',' && uses_decimal_comma(best.rows)) start.dialect.point = ',';
  if (best.rows.empty()) file_error(source.name(), "is empty");
  start.rows = std::move(best.rows);
  start.first_line = best.first_line;
  return start;
}

bool has_header(const TableStart& start, const std::string& name) {
  const std::vector<std::string>& header = start.rows[0];
  std::size_t texts = 0;
  std::optional<std::size_t> number, above_values;
  bool repeats = false;
  for (std::size_t column = 0; column < header.size(); ++column) {
    double value = 0;
    if (read_number(header[column], start.dialect.point, value) || read_date(header[column])) {
      number = number.value_or(column);
      continue;
    }
    if (is_missing(header[column])) continue;
    ++texts;
    int64_t values = 0, others = 0;
    for (std::size_t row = 1; row < start.rows.size(); ++row) {
      if (column >= start.rows[row].size()) continue;
      const std::string& cell = start.rows[row][column];
      repeats = repeats || cell == header[column];
      if (is_missing(cell)) continue;
      const bool is_value = read_number(cell, start.dialect.point, value) || read_date(cell);
      ++(is_value ? values : others);
    }
    if (values > 0 && others == 0) above_values = above_values.value_or(column);
  }
  if (above_values && number && start.rows.size() > 2)
    file_error(name,
               "line {}: is it a header? {} stands above numbers, but {} is a number; --header yes "
               "or --header no tells",
               start.first_line, in_quotes(header[*above_values]), in_quotes(header[*number]));
  if (number || texts == 0) return false;
  if (above_values || start.rows.size() == 1) return true;
  const std::set<std::string> different(header.begin(), header.end());
  // Some programs write an index as the first column, without a name.
  const std::size_t unnamed = header[0].empty() ? 1 : 0;
  return texts + unnamed == header.size() && different.size() == header.size() && !repeats;
}

std::vector<std::string> column_names(const TableStart& start, bool header) {
  std::vector<std::string> names;
  for (std::size_t column = 0; column < start.rows[0].size(); ++column) {
    std::string converted;
    const std::string_view name = as_utf8(start.rows[0][column], converted);
    names.push_back(header && !name.empty() ? std::string(name)
                                            : fmt::format("column {}", column + 1));
  }
  return names;
}

}  // namespace gradus::data
