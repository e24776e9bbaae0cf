// report_of_classes: the report of a classifier.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "apps/gradus/report/score_pictures.hpp"
#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/report/task_report.hpp"
#include "apps/pictures/confusion.hpp"
#include "apps/pictures/markup.hpp"
#include "core/text/counted.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t most_shown = 50;  // classes of the page

std::string without_matrix(const JudgedModel& model) {
  return fmt::format("no confusion matrix: {} have too many pairs",
                     fmt::format("{} classes", model.data.classes()));
}

void add_classes(Json& json, const JudgedModel& model) {
  if (!model.evaluation.confusion.defined()) return;
  json["classes"] = app::to_json(model.evaluation.classes, model.data.target_names());
  json["confusion_matrix"] = app::to_json(model.evaluation.confusion);
}

// The classes with the most mistakes, at most `most_shown`, in their order.
std::vector<int64_t> confused_classes(const Tensor& confusion) {
  const int64_t classes = confusion.size(0);
  std::vector<int64_t> mistakes(static_cast<std::size_t>(classes)), order(mistakes.size());
  for (int64_t i = 0; i < confusion.numel(); ++i)
    if (i / classes != i % classes) {
      mistakes[static_cast<std::size_t>(i / classes)] += confusion.data<int64_t>()[i];
      mistakes[static_cast<std::size_t>(i % classes)] += confusion.data<int64_t>()[i];
    }
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater(),
                           [&](int64_t c) { return mistakes[static_cast<std::size_t>(c)]; });
  order.resize(std::min(order.size(), most_shown));
  std::ranges::sort(order);
  return order;
}

void draw_confusions(RunPage& page, const JudgedModel& model) {
  const Tensor& confusion = model.evaluation.confusion;
  if (!confusion.defined()) {
    page.section("Confusions", fmt::format("<p>{}</p>\n", without_matrix(model)));
    return;
  }
  const std::vector<int64_t> shown = confused_classes(confusion);
  pictures::ConfusionMatrix matrix{"Confusion matrix", {}, {}};
  std::vector<data::ClassScores> scores;
  for (const int64_t row : shown) {
    matrix.names.push_back(printable(model.data.target_name(row), longest_value));
    scores.push_back(model.evaluation.classes[static_cast<std::size_t>(row)]);
    for (const int64_t column : shown)
      matrix.counts.push_back(confusion.data<int64_t>()[row * confusion.size(0) + column]);
  }
  std::string explanation = fmt::format(
      "Rows: the class of the {} sample. Columns: the predicted class.", model.set_name);
  if (std::ssize(shown) < confusion.size(0))
    explanation += fmt::format(" The {} of {} classes with the most mistakes.", shown.size(),
                               confusion.size(0));
  page.picture("Confusions", "confusion.svg", explanation, render(matrix),
               to_html(table_of(scores, matrix.names)));
}

void draw_probabilities(RunPage& page, const JudgedModel& model) {
  const Tensor targets = model.data.labels();
  std::string charts;
  const auto add = [&](const char* file, const std::vector<std::vector<pictures::Chart>>& rows) {
    page.files.push_back({file, pictures::render_rows(rows)});
    charts += page.files.back().content;
  };
  std::vector<std::string> names = model.data.target_names();
  for (std::string& name : names) name = printable(name, longest_value);
  if (const auto chart = roc(targets, model.judged, names)) add("roc.svg", {{*chart}});
  if (const auto chart = precision_recall(targets, model.judged, names))
    add("precision_recall.svg", {{*chart}});
  if (const auto pair = reliability(targets, model.judged); !pair.empty())
    add("reliability.svg", {{pair[0]}, {pair[1]}});
  if (!charts.empty())
    page.section("Probabilities",
                 fmt::format("<p>Of the {} set, by the softmax of the outputs. ROC and precision–"
                             "recall curves: each class against the others. Reliability: a model "
                             "whose probabilities are true is right as often as it is confident; "
                             "below the diagonal it is too confident.</p>\n{}",
                             pictures::escaped(model.set_name), pictures::side_by_side(charts)));
}

void draw_classes(RunPage& page, const JudgedModel& model) {
  draw_confusions(page, model);
  draw_probabilities(page, model);
  if (model.mistakes)
    page.picture("Misclassified images", "misclassified.svg",
                 fmt::format("Images of the {} set, the most confident mistakes first. Often their "
                             "labels are doubtful.",
                             model.set_name),
                 render(*model.mistakes));
}

std::string text_of_classes(const JudgedModel& model, std::size_t width, bool is_short) {
  const train::Evaluation& evaluation = model.evaluation;
  if (!evaluation.confusion.defined()) return without_matrix(model) + '\n';
  const std::vector<std::string>& names = model.data.target_names();
  if (!is_short)
    return fmt::format("{}\n{}", pictures::to_text(table_of(evaluation.classes, names)),
                       confusion_table(evaluation.confusion, names, width));
  std::string text;
  for (const Confusion& confusion : frequent_confusions(evaluation.confusion, 5))
    text += to_string(confusion, names) + '\n';
  return text;
}

}  // namespace

TaskReport report_of_classes() {
  return {data::TargetKind::classes, add_classes, draw_classes, text_of_classes};
}

}  // namespace gradus::app
