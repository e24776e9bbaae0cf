#include "data/table/table_load.hpp"

namespace gradus::data {

int32_t TextNumbers::find(std::string_view text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? -1 : found->second;
}

int32_t TextNumbers::add(std::string_view text, int64_t line) {
  const auto number = static_cast<int32_t>(texts_.size());
  texts_.push_back(&numbers_.emplace(text, number).first->first);
  lines_.push_back(line);
  return number;
}

std::string TableLoad::place(int64_t line, std::size_t column) const {
  constexpr std::size_t longest_name = 40;
  return fmt::format("line {}, column {}{}", line, column + 1,
                     has_header ? " (" + printable(names[column], longest_name) + ")" : "");
}

void keep_slots(TableLoad& load, const std::vector<int64_t>& kept) {
  if (std::ssize(kept) == load.width) return;
  float* out = load.values.data();
  for (int64_t row = 0; row < load.rows; ++row)
    for (const int64_t slot : kept)
      *out++ = load.values[static_cast<std::size_t>(row * load.width + slot)];
  load.values.resize(static_cast<std::size_t>(load.rows * std::ssize(kept)));
  load.width = std::ssize(kept);
}

}  // namespace gradus::data
