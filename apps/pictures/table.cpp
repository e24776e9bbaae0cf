#include "apps/pictures/table.hpp"

#include <cmath>
#include <functional>

#include "apps/pictures/markup.hpp"
#include "core/error.hpp"
#include "core/text/number.hpp"
#include "core/text/width.hpp"

namespace gradus::pictures {
namespace {

using Row = std::vector<TableCell>;

void check(const Table& table) {
  for (const Row& row : table.rows)
    require(row.size() == table.columns.size(), "table", "each row of '{}' needs {} cells, got {}",
            table.title, table.columns.size(), row.size());
}

std::string number_text(double value, const std::optional<int>& decimals) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  return decimals ? fmt::format("{:.{}f}", value, *decimals) : fmt::format("{:.3g}", value);
}

std::string cell_text(const TableCell& cell, const Column& column) {
  if (cell.kind == TableCell::Kind::word) return cell.word;
  const auto& [mean, spread, runs] = cell.number;
  const std::string text = number_text(mean, column.decimals);
  if (cell.kind == TableCell::Kind::number || std::isnan(spread)) return text;
  return text + " ± " + number_text(spread, column.decimals);
}

// Whether the column contains a cell of that kind.
bool has(const Table& table, std::size_t column, TableCell::Kind kind) {
  return std::ranges::any_of(table.rows, [&](const Row& row) { return row[column].kind == kind; });
}

bool holds_numbers(const Table& table, std::size_t column) {
  return has(table, column, TableCell::Kind::number) ||
         has(table, column, TableCell::Kind::estimate);
}

std::string padded(const std::string& text, std::size_t places, bool to_the_right) {
  const std::string space(places - width_of(text), ' ');
  return to_the_right ? space + text : text + space;
}

// Where a word begins so, spreadsheets would take it for a formula.
constexpr std::string_view formula = "=+-@";

std::string csv_text(std::string text) {
  if (!text.empty() && formula.find(text[0]) != formula.npos && !parse_number<double>(text))
    text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '"');
  return fmt::format("\"{}\"", text);
}

std::string escape_markdown(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

}  // namespace

std::string to_text(const Table& table) {
  check(table);
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    widths.push_back(width_of(table.columns[i].name));
    for (const Row& row : table.rows)
      widths[i] = std::max(widths[i], width_of(cell_text(row[i], table.columns[i])));
  }
  const auto line = [&](const std::function<std::string(std::size_t)>& text) {
    std::string result;
    for (std::size_t i = 0; i < widths.size(); ++i)
      result += padded(text(i), widths[i], holds_numbers(table, i)) + "  ";
    return result.substr(0, result.find_last_not_of(' ') + 1) + '\n';
  };
  std::string result = line([&](std::size_t i) { return table.columns[i].name; });
  for (const Row& row : table.rows)
    result += line([&](std::size_t i) { return cell_text(row[i], table.columns[i]); });
  return result;
}

std::string to_csv(const Table& table) {
  check(table);
  const auto has_spread = [&](std::size_t column) {
    return has(table, column, TableCell::Kind::estimate);
  };
  const auto line = [&](const std::function<std::string(std::size_t)>& text) {
    std::string result;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) result += ',';
      result += text(i);
    }
    return result + '\n';
  };
  std::string result = line([&](std::size_t i) {
    const std::string& name = table.columns[i].name;
    return has_spread(i) ? csv_text(name) + "," + csv_text(name + " spread") : csv_text(name);
  });
  for (const Row& row : table.rows)
    result += line([&](std::size_t i) {
      const auto& [kind, word, number] = row[i];
      const std::string text =
          kind == TableCell::Kind::word ? csv_text(word) : fmt::to_string(number.mean);
      if (!has_spread(i)) return text;
      const bool known = kind == TableCell::Kind::estimate && !std::isnan(number.spread);
      return text + "," + (known ? fmt::to_string(number.spread) : "");
    });
  return result;
}

std::string to_markdown(const Table& table) {
  check(table);
  std::string names, rule, rows;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    names += fmt::format("| {} ", escape_markdown(table.columns[i].name));
    rule += holds_numbers(table, i) ? "|---:" : "|---";
  }
  for (const Row& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      rows += fmt::format("| {} ", escape_markdown(cell_text(row[i], table.columns[i])));
    rows += "|\n";
  }
  return names + "|\n" + rule + "|\n" + rows;
}

std::string to_html(const Table& table) {
  check(table);
  const auto cell = [&](const char* tag, std::size_t column, const std::string& text) {
    return fmt::format("<{}{}>{}</{}>", tag,
                       holds_numbers(table, column) ? " class=\"number\"" : "", escaped(text), tag);
  };
  std::string result = fmt::format("<table>\n<caption>{}</caption>\n<tr>", escaped(table.title));
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    result += cell("th", i, table.columns[i].name);
  for (const Row& row : table.rows) {
    result += "</tr>\n<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      result += cell("td", i, cell_text(row[i], table.columns[i]));
  }
  return scrolling(result + "</tr>\n</table>\n");
}

}  // namespace gradus::pictures
