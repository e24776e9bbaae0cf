#include "data/table/row_blocks.hpp"

#include <algorithm>

#include "core/text/counted.hpp"

namespace gradus::data {

RowBlocks::RowBlocks(const TableSource& source, const TableDialect& dialect, std::size_t width,
                     bool skips_first)
    : name_(source.name()), dialect_(dialect), width_(width), reader_(source, dialect) {
  if (skips_first) reader_.next();
}

bool RowBlocks::next() {
  begin_ = end();
  rows_.clear();
  if (wrong_line_ != 0)
    file_error(name_, "line {}, column {}: the line has {}, the first line {}", wrong_line_,
               std::min(wrong_count_, static_cast<int64_t>(width_)) + 1,
               counted(wrong_count_, "cell"), width_);
  collect();
  return !rows_.empty();
}

// Copies the next rows from the reader. The block fits in a processor's cache.
void RowBlocks::collect() {
  constexpr std::size_t most_cells = 32'768, most_text = std::size_t{1} << 19;
  const std::size_t most_rows = std::max<std::size_t>(most_cells / width_, 1);
  text_.clear();
  while (rows_.size() < most_rows && text_.size() < most_text && reader_.next()) {
    const RowText& row = reader_.row();
    rows_.push_back(row);
    text_.insert(text_.end(), row.text, row.text + row.size);
  }
  char* at = text_.data();
  for (RowText& row : rows_) {
    row.text = at;
    at += row.size;
  }
}

void RowBlocks::cut_at(const std::vector<WrongRow>& wrong) {
  const auto first =
      std::ranges::find_if(wrong, [](const WrongRow& row) { return row.place >= 0; });
  if (first == wrong.end()) return;
  const auto place = static_cast<std::size_t>(first->place);
  wrong_line_ = rows_[place].line;
  wrong_count_ = first->count;
  rows_.resize(place);
}

}  // namespace gradus::data
