#include "data/table/table_targets.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/text/split.hpp"
#include "data/table/cell_text.hpp"

namespace gradus::data {
namespace {

constexpr int64_t most_auto_classes = 20, most_gapless_classes = 1000;

// The target columns that were read.
class TargetColumns {
 public:
  TargetColumns(const TableLoad& load, const std::vector<int64_t>& columns)
      : load_(load), columns_(columns) {}

  std::size_t count() const { return columns_.size(); }
  const ColumnLoad& at(std::size_t i) const { return load_.columns[place(i)]; }
  const std::string& name(std::size_t i) const { return load_.names[place(i)]; }

  [[noreturn]] void error(std::size_t i, int64_t line, std::string_view message) const {
    file_error(load_.source.name(), "{}: {}", load_.place(line, place(i)), message);
  }
  // Unless `except_empty`, cells that are empty are errors like other missing ones.
  void require_complete(bool except_empty = false) const {
    for (std::size_t i = 0; i < count(); ++i)
      if (at(i).missing > 0 && !(except_empty && !at(i).is_missing_word))
        error(i, at(i).missing_line, "the target is missing");
  }
  void require_numbers() const {
    for (std::size_t i = 0; i < count(); ++i) {
      if (const FirstCell& text = at(i).first_text; text.line != 0)
        error(i, text.line, fmt::format("the target {} is not a number", in_quotes(text.text)));
      if (const FirstCell& cell = at(i).first_infinite; cell.line != 0)
        error(i, cell.line,
              fmt::format("the target {} is not a finite number", in_quotes(cell.text)));
    }
  }
  bool are_numbers(std::size_t i) const {
    return at(i).first_text.line == 0 && at(i).first_infinite.line == 0;
  }

 private:
  std::size_t place(std::size_t i) const { return static_cast<std::size_t>(columns_[i]); }

  const TableLoad& load_;
  const std::vector<int64_t>& columns_;
};

bool are_zero_and_one(const std::vector<double>& numbers) {
  return std::ranges::all_of(numbers, [](double value) { return value == 0 || value == 1; });
}

bool has_label_lists(const TargetColumns& targets, char separator) {
  const TextNumbers& texts = targets.at(0).texts;
  if (separator == '|' || targets.are_numbers(0)) return false;
  for (int64_t i = 0; i < texts.size(); ++i)
    if (texts.text(i).find('|') != std::string::npos) return true;
  return false;
}

// Refuses a column of numbers of which some cells aren't, since it has no classes.
void refuse_spoiled_numbers(const TargetColumns& targets) {
  const ColumnLoad& column = targets.at(0);
  if (column.first_text.line == 0) targets.require_numbers();
  std::vector<double> numbers;
  for (const double number : column.numbers)
    if (std::isfinite(number)) numbers.push_back(number);
  if (10 * column.number_cells >= 9 * std::ssize(column.numbers) &&
      !may_be_classes(different_numbers(numbers)))
    targets.error(0, column.first_text.line,
                  fmt::format("the target {} is not a number, but most are; --task classify takes "
                              "them as classes",
                              in_quotes(column.first_text.text)));
}

// The kind that "auto" takes, and why.
std::pair<TargetKind, std::string> found_kind(const TargetColumns& targets, char separator) {
  if (targets.count() > 1) {
    bool are_labels = true;
    for (std::size_t i = 0; i < targets.count(); ++i)
      are_labels = are_labels && targets.are_numbers(i) && are_zero_and_one(targets.at(i).numbers);
    if (are_labels)
      return {TargetKind::labels, fmt::format("{} columns of 0 and 1", targets.count())};
    return {TargetKind::numbers, fmt::format("{} columns", targets.count())};
  }
  if (has_label_lists(targets, separator)) return {TargetKind::labels, "labels separated by |"};
  if (!targets.are_numbers(0)) {
    refuse_spoiled_numbers(targets);
    return {TargetKind::classes, "text"};
  }
  const std::vector<double> values = different_numbers(targets.at(0).numbers);
  if (!std::ranges::all_of(values, [](double value) { return value == std::floor(value); }))
    return {TargetKind::numbers, "numbers with fractions"};
  const auto count = std::ssize(values);
  const std::string reason =
      fmt::format("{} different whole number{}", count, count == 1 ? "" : "s");
  if (!may_be_classes(values)) return {TargetKind::numbers, reason};
  return {TargetKind::classes, count <= most_auto_classes ? reason : reason + " without gaps"};
}

Tensor class_tensor(const std::vector<int64_t>& classes) {
  return Tensor::from(classes, {std::ssize(classes)});
}

// The classes of a column's texts, by their numbers.
Targets text_classes(const TargetColumns& targets) {
  const ColumnLoad& column = targets.at(0);
  if (column.has_too_many)
    targets.error(0, column.first_text.line,
                  fmt::format("the target has more than {} different texts", most_target_texts));
  std::vector<std::string> names;
  for (int64_t i = 0; i < column.texts.size(); ++i) names.push_back(column.texts.text(i));
  std::ranges::sort(names, natural_less);
  std::vector<int64_t> class_of(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    class_of[static_cast<std::size_t>(column.texts.find(names[i]))] = static_cast<int64_t>(i);
  std::vector<int64_t> classes;
  for (const int32_t code : column.codes)
    classes.push_back(class_of[static_cast<std::size_t>(code)]);
  return {TargetKind::classes, class_tensor(classes), std::ssize(names), names};
}

Targets column_classes(const TargetColumns& targets) {
  const std::vector<double>& numbers = targets.at(0).numbers;
  const std::vector<double> different = different_numbers(numbers);
  constexpr int64_t most = 1'000'000;
  if (std::ssize(different) > most)
    targets.error(0, 1, fmt::format("the target has more than {} classes", most));
  return number_classes(numbers, different);
}

std::vector<std::string> target_names(const TargetColumns& targets) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < targets.count(); ++i) names.push_back(targets.name(i));
  return names;
}

void note_constant(const TargetColumns& targets, std::size_t i, const std::string& value,
                   DataTable& table) {
  table.notes.push_back(fmt::format("all samples have the same {}: {}",
                                    printable(targets.name(i), longest_value),
                                    printable(value, longest_value)));
}

// The columns' numbers side by side.
Targets columns_of_numbers(const TargetColumns& targets, TargetKind kind) {
  const std::size_t count = targets.count(), rows = targets.at(0).numbers.size();
  Tensor values = Tensor::empty({static_cast<int64_t>(rows), static_cast<int64_t>(count)});
  float* out = values.mutable_data<float>();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < count; ++i) *out++ = static_cast<float>(targets.at(i).numbers[row]);
  return {kind, values, static_cast<int64_t>(count), target_names(targets)};
}

// Where a number occurs first.
int64_t line_of(const ColumnLoad& column, double number) {
  for (int64_t i = 0; i < column.texts.size(); ++i) {
    double value = 0;
    for (const char point : {'.', ','})
      if (read_number(column.texts.text(i), point, value) && value == number)
        return column.texts.line(i);
  }
  return 1;
}

Targets label_columns(const TargetColumns& targets) {
  targets.require_complete();
  targets.require_numbers();
  for (std::size_t i = 0; i < targets.count(); ++i)
    for (const double value : targets.at(i).numbers)
      if (value != 0 && value != 1)
        targets.error(i, line_of(targets.at(i), value),
                      fmt::format("a label must be 0 or 1, got {}", value));
  return columns_of_numbers(targets, TargetKind::labels);
}

// "a|b": the labels that are true. An empty text has none. Unknown labels are errors unless the
// names are empty.
Targets label_lists(const TargetColumns& targets, std::vector<std::string> names) {
  const ColumnLoad& column = targets.at(0);
  targets.require_complete(true);
  if (column.has_too_many)
    targets.error(0, column.first_text.line,
                  fmt::format("the target has more than {} different texts", most_target_texts));
  const bool are_known = !names.empty();
  std::vector<std::vector<std::string>> labels;  // of each text
  std::set<std::string> found;
  for (int64_t i = 0; i < column.texts.size(); ++i) {
    std::vector<std::string>& of_text = labels.emplace_back();
    for (const std::string_view part : split(column.texts.text(i), '|'))
      if (!trimmed(part).empty()) of_text.emplace_back(trimmed(part));
    found.insert(of_text.begin(), of_text.end());
  }
  if (!are_known) {
    names.assign(found.begin(), found.end());
    std::ranges::sort(names, natural_less);
  }
  if (names.empty()) targets.error(0, column.missing_line, "no sample has a label");
  const auto count = std::ssize(names);
  Tensor values = Tensor::zeros({std::ssize(column.codes), count});
  std::vector<std::vector<int64_t>> places(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (const std::string& label : labels[i]) {
      const auto place = std::ranges::find(names, label) - names.begin();
      if (place == count)
        targets.error(0, column.texts.line(static_cast<int64_t>(i)),
                      fmt::format("the run has no label {}", in_quotes(label)));
      places[i].push_back(place);
    }
  float* row = values.mutable_data<float>();
  for (const int32_t code : column.codes) {
    for (const int64_t place : places[static_cast<std::size_t>(code)]) row[place] = 1;
    row += count;
  }
  return {TargetKind::labels, values, count, names};
}

Targets classes_by_name(const TargetColumns& targets, const std::vector<std::string>& names) {
  const ColumnLoad& column = targets.at(0);
  std::unordered_map<std::string, int64_t> places;
  for (const std::string& name : names) places.emplace(name, std::ssize(places));
  std::vector<int64_t> class_of, classes;
  for (int64_t i = 0; i < column.texts.size(); ++i) {
    const std::string& text = column.texts.text(i);
    double number = 0;
    auto found = places.find(text);
    if (found == places.end() && read_number(text, '.', number))
      found = places.find(number_text(number));
    if (found == places.end())
      targets.error(0, column.texts.line(i),
                    fmt::format("the run has no class {}", in_quotes(text)));
    class_of.push_back(found->second);
  }
  if (column.has_too_many) targets.error(0, 1, "the target has more classes than the run");
  for (const int32_t code : column.codes)
    classes.push_back(class_of[static_cast<std::size_t>(code)]);
  return {TargetKind::classes, class_tensor(classes), std::ssize(names), names};
}

}  // namespace

std::vector<double> different_numbers(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

bool may_be_classes(const std::vector<double>& different) {
  if (!std::ranges::all_of(different, [](double value) { return value == std::floor(value); }))
    return false;
  const auto count = std::ssize(different);
  if (count <= most_auto_classes) return true;
  const double gaps = different.back() - different.front() + 1 - static_cast<double>(count);
  const bool is_gapless = gaps == 0 && (different.front() == 0 || different.front() == 1);
  return is_gapless && count <= most_gapless_classes;
}

Targets number_classes(const std::vector<double>& numbers, const std::vector<double>& different) {
  std::vector<int64_t> classes;
  for (const double number : numbers)
    classes.push_back(std::ranges::lower_bound(different, number) - different.begin());
  std::vector<std::string> names;
  for (const double value : different) names.push_back(number_text(value));
  return {TargetKind::classes, class_tensor(classes), std::ssize(names), names};
}

void make_targets(const TableLoad& load, const std::string& task, DataTable& table) {
  const TargetColumns targets(load, table.target_columns);
  const bool has_lists =
      targets.count() == 1 && has_label_lists(targets, load.start.dialect.separator);
  targets.require_complete(has_lists || (task == "multi-label" && targets.count() == 1));
  TargetKind kind = TargetKind::classes;
  if (task == "auto") {
    const auto [its_kind, reason] = found_kind(targets, load.start.dialect.separator);
    kind = its_kind;
    table.task_reason = reason;
  } else if (task != "classify") {
    require(task == "multi-label" || task == "regress", "read_table",
            "the task must be auto, classify, multi-label or regress, got '{}'", task);
    kind = task == "regress" ? TargetKind::numbers : TargetKind::labels;
  }
  if (kind == TargetKind::numbers) {
    targets.require_numbers();
    table.targets = columns_of_numbers(targets, kind);
    for (std::size_t i = 0; i < targets.count(); ++i)
      if (const auto [least, most] = std::ranges::minmax(targets.at(i).numbers);
          least == most && load.rows > 1)
        note_constant(targets, i, number_text(least), table);
  } else if (kind == TargetKind::labels) {
    table.targets = targets.count() > 1 ? label_columns(targets) : label_lists(targets, {});
  } else {
    if (targets.count() > 1)
      file_error(load.source.name(), "classes are in one column, but there are {} target columns",
                 targets.count());
    targets.require_complete();
    table.targets = targets.are_numbers(0) ? column_classes(targets) : text_classes(targets);
    if (table.targets.count == 1) note_constant(targets, 0, table.targets.names[0], table);
  }
}

void make_known_targets(const TableLoad& load, const Targets& known, DataTable& table) {
  const TargetColumns targets(load, table.target_columns);
  const bool is_list = known.kind == TargetKind::labels && targets.count() == 1;
  targets.require_complete(is_list);
  if (known.kind == TargetKind::classes) {
    table.targets = classes_by_name(targets, known.names);
  } else if (is_list) {
    table.targets = label_lists(targets, known.names);
  } else if (known.kind == TargetKind::labels) {
    table.targets = label_columns(targets);
  } else {
    targets.require_numbers();
    table.targets = columns_of_numbers(targets, known.kind);
  }
}

}  // namespace gradus::data
