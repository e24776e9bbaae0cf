#include "data/files/csv.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <locale>
#include <optional>
#include <sstream>

#include <fmt/ranges.h>

#include "core/text/counted.hpp"
#include "core/text/split.hpp"
#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

constexpr int64_t most_classes = 1'000'000;

// Reads a text line by line and splits the lines into cells.
class Lines {
 public:
  Lines(std::string_view text, const std::string& name) : text_(text), name_(name) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  }

  // Reads the cells of the next line that isn't empty. Returns false at the end.
  bool next(std::vector<std::string>& cells) {
    while (!text_.empty()) {
      number_ += 1 + breaks_;
      breaks_ = 0;
      read_line(cells);
      if (cells.size() > 1 || !cells[0].empty()) return true;
    }
    return false;
  }

  // The number of the line read last, from 1.
  int64_t number() const { return number_; }

 private:
  void read_line(std::vector<std::string>& cells) {
    cells.clear();
    bool more = true;
    while (more) {
      cells.emplace_back(trimmed(read_cell(std::ssize(cells) + 1)));
      more = text_.starts_with(',');
      if (!text_.empty()) text_.remove_prefix(text_.starts_with("\r\n") ? 2 : 1);
    }
  }

  // Reads up to the comma or the end of the line.
  std::string read_cell(int64_t column) {
    std::string cell;
    bool quoted = false;
    std::size_t i = 0;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (quoted && c == '"' && text_.substr(i + 1).starts_with('"'))
        cell += text_[++i];
      else if (c == '"')
        quoted = !quoted;
      else if (!quoted && (c == ',' || c == '\n' || text_.substr(i).starts_with("\r\n")))
        break;
      else
        cell += c;
      breaks_ += quoted && c == '\n';
    }
    if (quoted) file_error(name_, "line {}, column {}: a quote is not closed", number_, column);
    text_.remove_prefix(i);
    return cell;
  }

  std::string_view text_;  // not yet read
  const std::string& name_;
  int64_t number_ = 0;
  int64_t breaks_ = 0;  // line breaks inside quotes in the present line
};

template <class T>
std::optional<T> parse(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size()) return std::nullopt;
  if (error == std::errc()) return value;
  // Too small or too large for T: a stream reads the former as 0 and refuses the latter.
  std::istringstream stream{std::string(cell)};
  stream.imbue(std::locale::classic());
  return stream >> value ? std::optional(value) : std::nullopt;
}

bool is_header(const std::vector<std::string>& cells) {
  return std::ranges::none_of(
      cells, [](const std::string& cell) { return parse<double>(cell).has_value(); });
}

std::size_t label_column(const std::vector<std::string>& names, std::size_t columns,
                         const std::string& label, const std::string& file) {
  if (label.empty()) return columns - 1;
  const auto named = std::ranges::find(names, label);
  if (named != names.end()) return static_cast<std::size_t>(named - names.begin());
  const auto count = static_cast<int64_t>(columns);
  const std::optional<int64_t> number = parse<int64_t>(label);
  if (!number || *number < -count || *number >= count)
    file_error(
        file, "has no label column '{}': {}indices 0 to {}", label,
        names.empty() ? "no header line, " : fmt::format("columns {}, ", fmt::join(names, ", ")),
        count - 1);
  return static_cast<std::size_t>(*number < 0 ? *number + count : *number);
}

// The place of a cell, for errors.
struct CellPlace {
  const std::string& file;
  int64_t line;
  std::size_t column;

  [[noreturn]] void error(std::string_view message) const {
    file_error(file, "line {}, column {}: {}", line, column + 1, message);
  }
};

double number_of(const std::string& cell, const CellPlace& place) {
  if (cell.empty()) place.error("the cell is empty");
  const std::optional<double> value = parse<double>(cell);
  constexpr double largest = std::numeric_limits<float>::max();
  if (!value || !(std::abs(*value) <= largest))
    place.error(fmt::format("{} is not a finite number", in_quotes(cell)));
  return *value;
}

int64_t label_of(const std::string& cell, const CellPlace& place) {
  const double value = number_of(cell, place);
  if (value != std::floor(value) || value < 0 || value >= most_classes)
    place.error(fmt::format("a class label must be an integer from 0 to {}, got '{}'",
                            most_classes - 1, cell));
  return static_cast<int64_t>(value);
}

}  // namespace

CsvTable parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  Lines lines(text, name);
  std::vector<std::string> cells;
  if (!lines.next(cells)) file_error(name, "is empty");
  CsvTable table;
  const std::size_t columns = cells.size();
  bool more = true;
  if (is_header(cells)) {
    table.names = cells;
    more = lines.next(cells);
  }
  if (!more) file_error(name, "line {}: no samples follow the header", lines.number());
  if (columns < 2)
    file_error(name, "line 1: at least 2 columns are needed, a feature and a label, got 1");
  const std::size_t label = label_column(table.names, columns, options.label, name);
  table.features = static_cast<int64_t>(columns) - 1;
  for (; more; more = lines.next(cells)) {
    if (cells.size() != columns)
      file_error(name, "line {}, column {}: the line has {}, the first line {}", lines.number(),
                 std::min(cells.size(), columns) + 1, counted(std::ssize(cells), "cell"), columns);
    for (std::size_t column = 0; column < columns; ++column) {
      const CellPlace place{name, lines.number(), column};
      if (column == label)
        table.labels.push_back(label_of(cells[column], place));
      else
        table.values.push_back(static_cast<float>(number_of(cells[column], place)));
    }
  }
  return table;
}

CsvTable read_csv(const std::string& path, const CsvOptions& options) {
  constexpr std::size_t most = std::size_t{1} << 30;
  std::error_code none;  // the reader reports a missing file
  const auto size = std::filesystem::file_size(path, none);
  const auto check = [&](std::size_t bytes) {
    if (bytes > most) file_error(path, "a table must not be larger than 2^30 bytes");
  };
  if (!none) check(size);
  const std::vector<uint8_t> bytes = ByteReader(path).read_up_to(most + 1);
  check(bytes.size());
  return parse_csv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path, options);
}

Dataset CsvTable::dataset() const {
  const int64_t classes = *std::ranges::max_element(labels) + 1;
  return Dataset::of_features(values, features, labels, classes);
}

}  // namespace gradus::data
