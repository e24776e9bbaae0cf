#include "data/table/column_reader.hpp"

#include <algorithm>
#include <cmath>

#include "core/io/checksum.hpp"
#include "data/table/cell_text.hpp"

namespace gradus::data {
namespace {

constexpr float missing_value = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t most_categories = 10'000;
constexpr int64_t most_forced_categories = 1'000'000;
constexpr std::size_t longest_category = 1000;

[[noreturn]] void end_at(const RawCell& cell, std::string message) {
  throw CellError{cell.line, cell.column, std::move(message)};
}

void note(FirstCell& first, const RawCell& cell) {
  if (first.line == 0) first = {cell.line, std::string(cell.text.substr(0, longest_category))};
}

void note_missing(CellFacts& facts, const RawCell& cell) {
  if (facts.missing++ == 0) facts.missing_line = cell.line;
  facts.is_missing_word = facts.is_missing_word || !cell.text.empty();
}

// False for NaN, too.
bool is_finite_float(double value) {
  return std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max());
}

void take_number(CellFacts& facts, const RawCell& cell) {
  const double value = cell.number;
  if (cell.is_number()) [[likely]] {
    if (!is_finite_float(value)) note(facts.first_infinite, cell);
    facts.smallest = std::min(facts.smallest, value);
    facts.largest = std::max(facts.largest, value);
    const auto row = static_cast<double>(cell.row);
    if (std::isnan(facts.start)) facts.start = value - row;
    facts.counts_rows = facts.counts_rows && value == facts.start + row;
    return;
  }
  facts.counts_rows = false;
  if (is_missing(cell.text))
    note_missing(facts, cell);
  else
    note(facts.first_text, cell);
}

bool has_many_words(std::string_view text) {
  constexpr auto many = 2;
  return std::ranges::count(text, ' ') >= many;
}

// Numbers a text, as long as there are at most `most` texts.
int32_t number_of(ColumnLoad& column, const RawCell& cell, int64_t most) {
  if (column.has_too_many) return -1;
  std::string converted;
  const std::string_view text = as_utf8(cell.text, converted);
  const int32_t known = column.texts.find(text);
  if (known >= 0) return known;
  if (column.texts.size() == most) {
    column.has_too_many = true;
    return -1;
  }
  column.wordy += has_many_words(text);
  return column.texts.add(text, cell.line);
}

float take_category(ColumnLoad& column, const RawCell& cell) {
  if (is_missing(cell.text)) {
    note_missing(column, cell);
    return missing_value;
  }
  if (cell.is_number())
    ++column.number_cells;
  else
    note(column.first_text, cell);
  column.are_dates = column.are_dates && read_date(cell.text);
  if (!column.is_forced && cell.text.size() > longest_category) column.has_too_many = true;
  const int32_t number =
      number_of(column, cell, column.is_forced ? most_forced_categories : most_categories);
  if (number < 0 && column.is_forced)
    end_at(cell, fmt::format("a category has at most {} different values", most_forced_categories));
  return static_cast<float>(number);
}

void take_target(ColumnLoad& column, const RawCell& cell) {
  if (cell.is_number()) {
    ++column.number_cells;
    if (!is_finite_float(cell.number)) note(column.first_infinite, cell);
  } else if (is_missing(cell.text)) {
    note_missing(column, cell);
  } else {
    note(column.first_text, cell);
  }
  column.numbers.push_back(cell.number);
  column.codes.push_back(number_of(column, cell, most_target_texts));
}

void take_weight(ColumnLoad& column, const RawCell& cell) {
  if (!is_finite_float(cell.number) || cell.number < 0)
    end_at(cell, fmt::format("a weight must be a number from 0 on, got {}", in_quotes(cell.text)));
  column.numbers.push_back(cell.number);
}

void take_time(ColumnLoad& column, const RawCell& cell) {
  if (is_finite_float(cell.number)) {
    column.are_dates = false;
    if (column.first_text.line != 0)
      end_at(cell, fmt::format("{} is a number, but {} is a date", in_quotes(cell.text),
                               in_quotes(column.first_text.text)));
    column.numbers.push_back(cell.number);
    return;
  }
  const std::optional<DateText> date = read_date(cell.text);
  if (!date || (!column.are_dates && cell.row > 0))
    end_at(cell,
           fmt::format("a time must be {}, got {}",
                       column.are_dates ? "a date or a number" : "a number", in_quotes(cell.text)));
  note(column.first_text, cell);
  column.numbers.push_back(date->order);
  column.swapped.push_back(date->swapped);
}

void take_group(ColumnLoad& column, const RawCell& cell) {
  const auto next = std::ssize(column.group_numbers);
  column.groups.push_back(
      column.group_numbers.try_emplace(checksum(cell.text), next).first->second);
}

// All uses but numbers; returns the value of a category.
float take_in_order(ColumnLoad& column, const RawCell& cell) {
  switch (column.use) {
    case ColumnUse::category:
      return take_category(column, cell);
    case ColumnUse::target:
      take_target(column, cell);
      break;
    case ColumnUse::weight:
      take_weight(column, cell);
      break;
    case ColumnUse::time:
      take_time(column, cell);
      break;
    case ColumnUse::group:
      take_group(column, cell);
      break;
    case ColumnUse::number:
    case ColumnUse::unused:
      break;
  }
  return missing_value;
}

}  // namespace

void CellFacts::append(const CellFacts& later) {
  if (missing == 0) missing_line = later.missing_line;
  missing += later.missing;
  is_missing_word = is_missing_word || later.is_missing_word;
  if (first_text.line == 0) first_text = later.first_text;
  if (first_infinite.line == 0) first_infinite = later.first_infinite;
  smallest = std::min(smallest, later.smallest);
  largest = std::max(largest, later.largest);
  counts_rows = counts_rows && later.counts_rows &&
                (std::isnan(start) || std::isnan(later.start) || start == later.start);
  if (std::isnan(start)) start = later.start;
}

ColumnReader::ColumnReader(TableLoad& load, const std::vector<std::size_t>& columns) : load_(load) {
  for (const std::size_t column : columns) {
    const bool is_number = load.columns[column].use == ColumnUse::number;
    (is_number ? numbers_ : others_).push_back(column);
  }
}

void ColumnReader::take(RowBlocks& rows) {
  take_numbers(rows);
  take_others(rows);
  const auto place = [](const CellError& error) { return std::pair(error.line, error.column); };
  const auto first = std::ranges::min_element(errors_, {}, place);
  if (first != errors_.end())
    file_error(load_.source.name(), "{}: {}", load_.place(first->line, first->column),
               first->message);
}

void ColumnReader::take_numbers(RowBlocks& rows) {
  const int64_t begin = rows.begin();
  const auto count = static_cast<std::size_t>(rows.end() - begin);
  std::vector<CellFacts> facts((count / RowBlocks::chunk_rows + 1) * numbers_.size());
  other_cells_.resize(count * others_.size());
  rows.for_each_row([&](int64_t row, std::span<const std::string_view> texts) {
    const auto place = static_cast<std::size_t>(row - begin);
    const auto cell = [&](std::size_t column) {
      RawCell result{row, rows.line(row), column, texts[column]};
      read_number(result.text, load_.start.dialect.point, result.number);
      return result;
    };
    CellFacts* chunk_facts = facts.data() + place / RowBlocks::chunk_rows * numbers_.size();
    float* const values = load_.values.data() + row * load_.width;
    for (const std::size_t column : numbers_) {
      const RawCell number = cell(column);
      take_number(*chunk_facts++, number);
      values[load_.columns[column].slot] = static_cast<float>(number.number);
    }
    RawCell* other = other_cells_.data() + place * others_.size();
    for (const std::size_t column : others_) *other++ = cell(column);
  });
  // Chunks behind a row that ends the reading don't count.
  facts.resize(static_cast<std::size_t>(
                   chunk_count(rows.end() - begin, static_cast<int64_t>(RowBlocks::chunk_rows))) *
               numbers_.size());
  for (std::size_t i = 0; i < facts.size(); ++i)
    load_.columns[numbers_[i % numbers_.size()]].append(facts[i]);
  for (const std::size_t column : numbers_)
    if (const ColumnLoad& number = load_.columns[column]; number.is_forced)
      if (const FirstCell& text = number.first_text; text.line != 0)
        errors_.push_back({text.line, column, in_quotes(text.text) + " is not a number"});
}

void ColumnReader::take_others(const RowBlocks& rows) {
  const auto count = static_cast<std::size_t>(rows.end() - rows.begin());
  std::vector<float> values(others_.size() *
                            count);  // (others, rows): no thread writes near others
  std::vector<std::optional<CellError>> errors(others_.size());
  parallel_for(std::ssize(others_), 1, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      try {
        for (std::size_t row = 0; row < count; ++row)
          values[i * count + row] =
              take_in_order(load_.columns[others_[i]], other_cells_[row * others_.size() + i]);
      } catch (CellError& error) {
        errors[i] = std::move(error);
      }
    }
  });
  for (std::size_t i = 0; i < others_.size(); ++i) {
    if (errors[i]) errors_.push_back(*std::move(errors[i]));
    if (const int64_t slot = load_.columns[others_[i]].slot; slot >= 0)
      for (std::size_t row = 0; row < count; ++row)
        load_.values[static_cast<std::size_t>(
            (rows.begin() + static_cast<int64_t>(row)) * load_.width + slot)] =
            values[i * count + row];
  }
}

}  // namespace gradus::data
