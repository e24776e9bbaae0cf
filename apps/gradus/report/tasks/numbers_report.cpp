// report_of_numbers: the report of a model that predicts numbers.
#include <nlohmann/json.hpp>

#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/report/task_report.hpp"
#include "apps/pictures/blocks.hpp"
#include "apps/pictures/chart.hpp"
#include "apps/pictures/markup.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "data/regression_metrics.hpp"

namespace gradus::app {
namespace {

using pictures::Chart;
using pictures::Series;

constexpr std::size_t most_points = 1000;

struct NumberScores {
  std::string name;
  double rmse, mae, r2;
};

// Of each number, if samples have several.
std::vector<NumberScores> scores_of_numbers(const JudgedModel& model) {
  const Tensor targets = cast(model.data.targets(), model.judged.dtype());
  std::vector<NumberScores> result;
  if (targets.size(1) == 1) return result;
  for (int64_t i = 0; i < targets.size(1); ++i) {
    const Tensor target = slice(targets, 1, i, i + 1), number = slice(model.judged, 1, i, i + 1);
    result.push_back({model.data.target_name(i), data::rmse(target, number),
                      data::mae(target, number), data::r2(target, number)});
  }
  return result;
}

pictures::Table table_of_numbers(const JudgedModel& model) {
  pictures::Table table{"Scores of each number", {"number", "RMSE", "MAE", {"R²", 4}}};
  for (const NumberScores& scores : scores_of_numbers(model))
    table.rows.push_back({scores.name, scores.rmse, scores.mae, scores.r2});
  return table;
}

void add_numbers(Json& json, const JudgedModel& model) {
  for (const NumberScores& scores : scores_of_numbers(model))
    json["numbers"].push_back(
        {{"name", scores.name}, {"rmse", scores.rmse}, {"mae", scores.mae}, {"r2", scores.r2}});
}

// Predictions over targets, and residuals over predictions, of one number.
std::vector<Chart> charts_of(const JudgedModel& model, int64_t number) {
  const std::string name = model.data.target_name(number);
  Series predictions{"samples", {}, {}, pictures::Mark::dots, 0}, residuals = predictions;
  const Tensor targets = model.data.targets();
  const Tensor& predicted = model.evaluation.predictions;
  pictures::AxisRange both;
  for (const std::size_t sample :
       pictures::spread_evenly(static_cast<std::size_t>(targets.size(0)), most_points)) {
    const int64_t i = static_cast<int64_t>(sample) * targets.size(1) + number;
    const double target = targets.data<float>()[i], prediction = predicted.data<float>()[i];
    predictions.add(target, prediction);
    residuals.add(prediction, target - prediction);
    both.add(target);
  }
  constexpr std::size_t grey = 5;
  const Series equal{"prediction = target",
                     {both.low, both.high},
                     {both.low, both.high},
                     pictures::Mark::thin,
                     grey};
  const Series none{"no error", {both.low, both.high}, {0, 0}, pictures::Mark::thin, grey};
  return {{.title = name + ": predictions",
           .x_label = "target",
           .y_label = "prediction",
           .series = {equal, predictions}},
          {.title = name + ": residuals",
           .x_label = "prediction",
           .y_label = "target - prediction",
           .series = {none, residuals}}};
}

void draw_numbers(RunPage& page, const JudgedModel& model) {
  std::string charts;
  std::vector<std::vector<Chart>> rows;
  for (int64_t number = 0; number < model.data.target_count(); ++number) {
    rows.push_back(charts_of(model, number));
    for (const Chart& chart : rows.back()) charts += pictures::render({chart});
  }
  page.files.push_back({"residuals.svg", pictures::render_rows(rows)});
  const std::string table =
      rows.size() > 1 ? pictures::scrolling(to_html(table_of_numbers(model))) : "";
  page.section(
      "Predictions",
      fmt::format("<p>Of the {} set. Residuals that depend on the prediction show what the "
                  "model misses: a bend, or a spread that grows.</p>\n{}{}",
                  model.set_name, pictures::side_by_side(charts), table));
}

std::string text_of_numbers(const JudgedModel& model, std::size_t, bool is_short) {
  return is_short || model.data.target_count() == 1 ? ""
                                                    : pictures::to_text(table_of_numbers(model));
}

}  // namespace

TaskReport report_of_numbers() {
  return {data::TargetKind::numbers, add_numbers, draw_numbers, text_of_numbers};
}

}  // namespace gradus::app
