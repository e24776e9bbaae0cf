// report_of_labels: the report of a model that predicts several labels for each sample.
#include <nlohmann/json.hpp>

#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/report/task_report.hpp"

namespace gradus::app {
namespace {

std::vector<data::ClassScores> scores_of_labels(const JudgedModel& model) {
  const Tensor targets = model.data.targets();
  const int64_t labels = targets.size(1);
  std::vector<data::ClassScores> result;
  for (int64_t label = 0; label < labels; ++label) {
    double both = 0, has = 0, predicted = 0;
    for (int64_t i = label; i < targets.numel(); i += labels) {
      const float target = targets.data<float>()[i];
      const float prediction = model.evaluation.predictions.data<float>()[i];
      both += target * prediction;
      has += target;
      predicted += prediction;
    }
    const auto quotient = [](double a, double b) { return b > 0 ? a / b : 0; };
    result.push_back({quotient(both, predicted), quotient(both, has),
                      quotient(2 * both, has + predicted), static_cast<int64_t>(has)});
  }
  return result;
}

pictures::Table table_of_labels(const JudgedModel& model) {
  pictures::Table table = table_of(scores_of_labels(model), model.data.target_names());
  table.title = "Scores of each label";
  table.columns[0] = "label";
  return table;
}

void add_labels(Json& json, const JudgedModel& model) {
  json["labels"] = app::to_json(scores_of_labels(model), model.data.target_names());
}

void draw_labels(RunPage& page, const JudgedModel& model) {
  page.section("Labels", fmt::format("<p>Of the {} set; a label is predicted if its probability is "
                                     "at least ½.</p>\n{}",
                                     model.set_name, to_html(table_of_labels(model))));
}

std::string text_of_labels(const JudgedModel& model, std::size_t, bool is_short) {
  return is_short ? "" : pictures::to_text(table_of_labels(model));
}

}  // namespace

TaskReport report_of_labels() {
  return {data::TargetKind::labels, add_labels, draw_labels, text_of_labels};
}

}  // namespace gradus::app
