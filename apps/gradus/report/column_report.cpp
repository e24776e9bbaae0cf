#include "apps/gradus/report/column_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/pictures/bars.hpp"
#include "core/text/width.hpp"
#include "train/columns/column_importance.hpp"

namespace gradus::app {
namespace {

constexpr int64_t widest_table = 500;
constexpr std::size_t most_bars = 30, most_named = 3, longest_column_name = 40;

// Writes numbers of about the size of `largest` with three digits; fractions in percent with one
// decimal.
class NumberFormat {
 public:
  NumberFormat(bool is_fraction, double largest) : is_fraction_(is_fraction) {
    constexpr double least = 1e-6, most = 1e6;
    is_plain_ = is_fraction || (largest >= least && largest < most);
    if (is_fraction || !is_plain_) return;
    for (decimals_ = 2; largest >= 10 && decimals_ > 0; --decimals_) largest /= 10;
    for (; largest < 1; ++decimals_) largest *= 10;
  }

  // "12.3 ± 0.8", "4.1 ± 0.2 %".
  std::string operator()(const RankedColumn& column) const {
    return fmt::format("{} ± {}{}", number(column.mean), number(column.deviation),
                       is_fraction_ ? " %" : "");
  }

 private:
  std::string number(double value) const {
    if (!is_plain_) return fmt::format("{:.3g}", value);
    const std::string text = fmt::format("{:.{}f}", is_fraction_ ? 100 * value : value, decimals_);
    // No "-0.0".
    return text.find_first_of("123456789") == text.npos && text.starts_with('-') ? text.substr(1)
                                                                                 : text;
  }

  bool is_fraction_, is_plain_;
  int decimals_ = 1;
};

NumberFormat format_of(const std::vector<RankedColumn>& columns, const train::EpochScore& score) {
  return {score.is_fraction, columns.empty() ? 0 : std::abs(columns[0].mean)};
}

// The largest first, and NaN last.
void sort_by_mean(std::vector<RankedColumn>& columns) {
  const auto key = [](const RankedColumn& column) {
    return std::isnan(column.mean) ? -INFINITY : column.mean;
  };
  std::ranges::stable_sort(columns, std::greater(), key);
}

pictures::BarChart chart_of(const std::vector<RankedColumn>& columns,
                            const train::EpochScore& score) {
  pictures::BarChart chart{
      .title = "Importance of columns",
      .subtitle = fmt::format("{} of the {}, mean ± standard deviation",
                              score.larger_is_better ? "fall" : "rise", score.title),
      .bars = {}};
  double longest = 0;
  for (const RankedColumn& column : columns)
    if (std::isfinite(column.mean)) longest = std::max(longest, column.mean + column.deviation);
  const auto length_of = [&](double value) {
    return longest > 0 && std::isfinite(value) ? std::clamp(value / longest, 0.0, 1.0) : 0.0;
  };
  const NumberFormat text = format_of(columns, score);
  for (const RankedColumn& column : columns) {
    if (chart.bars.size() == most_bars) break;
    chart.bars.push_back({.name = column.name,
                          .length = length_of(column.mean),
                          .text = text(column),
                          .spread = column.mean > 0 ? length_of(column.deviation) : 0});
  }
  return chart;
}

}  // namespace

Json ColumnReport::json() const {
  Json result = Json::array();
  for (const RankedColumn& column : columns)
    result.push_back(
        {{"column", column.name}, {"mean", column.mean}, {"deviation", column.deviation}});
  return result;
}

void ColumnReport::draw(RunPage& page, const JudgedModel& model) const {
  if (columns.empty()) return;
  const train::EpochScore& score = model.task().score;
  std::string extent;
  if (columns.size() > most_bars)
    extent = fmt::format(" The {} most important of {} columns.", most_bars, columns.size());
  page.picture(
      "Columns", "columns.svg",
      fmt::format("How much worse the {} gets when the values of a column are shuffled among {} "
                  "{} samples, so that they say nothing any more; of two columns that say the "
                  "same, either may seem unimportant.{}",
                  score.title, samples, model.set_name, extent),
      render(chart_of(columns, score)));
}

std::string ColumnReport::line(const train::EpochScore& score) const {
  if (columns.empty()) return "";
  const NumberFormat text = format_of(columns, score);
  Texts named;
  for (const RankedColumn& column : columns)
    if (named.size() < most_named && column.mean > 0)
      named.push_back(
          fmt::format("{} {}", shortened(column.name, longest_column_name), text(column)));
  if (named.empty())
    return fmt::format("no column matters: the {} is as good when any is shuffled", score.title);
  return fmt::format("columns that matter most: {} ({} of the {} when shuffled)",
                     fmt::join(named, ", "), score.larger_is_better ? "fall" : "rise", score.title);
}

ColumnReport column_report(layers::Module& model, const JudgedModel& judged,
                           const data::TableEncoding& encoding, const train::Loss& loss,
                           const Rng& rng) {
  ColumnReport result;
  const std::vector<train::FeatureRange> ranges = encoding.column_ranges();
  if (std::ssize(ranges) > widest_table) return result;
  const train::ImportanceOptions options{.loss = loss};
  result.samples = train::importance_samples(judged.data.size(), std::ssize(ranges), options);
  for (const train::ColumnImportance& importance :
       train::permutation_importance(model, judged.data, ranges, options, rng))
    result.columns.push_back({encoding.columns[static_cast<std::size_t>(importance.column)].name,
                              importance.mean, importance.deviation});
  sort_by_mean(result.columns);
  return result;
}

}  // namespace gradus::app
