#include "apps/gradus/run/step_comparison.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"

namespace gradus::app {

constexpr std::size_t loss_column = 2;

static std::string_view loss_text(const std::string& row) {
  const auto cells = split(row, ',');
  return cells.size() > loss_column ? cells[loss_column] : "";
}

static double loss_of(const std::string& row) {
  return parse_number<double>(loss_text(row)).value_or(NAN);
}

// "0.weight was 1f…, is 2e…": the first column that differs.
static std::string differing_column(const std::string& header, const std::string& was,
                                    const std::string& is) {
  const auto names = split(header, ','), old_values = split(was, ','), values = split(is, ',');
  for (std::size_t i = 0; i < std::min({names.size(), old_values.size(), values.size()}); ++i)
    if (old_values[i] != values[i])
      return fmt::format("{} was {}, is {}", names[i], old_values[i], values[i]);
  return "the rows have different columns";
}

StepComparison::StepComparison(std::vector<std::string> log, bool by_bits, double tolerance)
    : log_(std::move(log)), by_bits_(by_bits), tolerance_(tolerance) {}

void StepComparison::compare(int64_t step, const std::string& row) {
  const std::string& was = log_[static_cast<std::size_t>(step)];
  if (was == row || failed()) return;
  const std::string difference =
      fmt::format("step {} differs: {}", step, differing_column(log_[0], was, row));
  if (first_difference_.empty()) first_difference_ = difference;
  const double old_loss = loss_of(was), loss = loss_of(row);
  if (by_bits_)
    failure_ = difference;
  else if (!(std::abs(old_loss - loss) <= tolerance_ * std::max(1.0, std::abs(loss))))
    failure_ =
        fmt::format("step {} differs: loss was {}, is {}", step, loss_text(was), loss_text(row));
}

}  // namespace gradus::app
