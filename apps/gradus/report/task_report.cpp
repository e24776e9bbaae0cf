#include "apps/gradus/report/task_report.hpp"

#include <array>

namespace gradus::app {

const train::Score& JudgedModel::main_score() const {
  return *std::ranges::find(scores, task().score.name, &train::Score::name);
}

std::string JudgedModel::summary() const {
  const train::EpochScore& rule = task().score;
  const train::Score& score = main_score();
  const std::string low = rule.text(score.interval.low), high = rule.text(score.interval.high);
  return fmt::format("{} {} (95 % interval {} to {}), loss {:.4f}", rule.title,
                     rule.text(score.value), low.substr(0, low.find(' ')),
                     high.substr(0, high.find(' ')), evaluation.loss);
}

JudgedModel judge(layers::Module& model, const data::Dataset& data, const std::string& set_name,
                  const train::Loss& loss, const Rng& rng) {
  train::Evaluation evaluation =
      train::evaluate(model, data, {.loss = loss, .keep_measured = true});
  const Tensor judged = evaluation.measured;
  return judge(data, set_name, std::move(evaluation), judged, rng);
}

JudgedModel judge(const data::Dataset& data, const std::string& set_name,
                  train::Evaluation evaluation, const Tensor& judged, const Rng& rng) {
  return {.data = data,
          .set_name = set_name,
          .evaluation = std::move(evaluation),
          .judged = judged,
          .scores = train::task_of(data).scores(data.targets(), judged, rng, data.weights())};
}

const TaskReport& report_of(data::TargetKind kind) {
  static const std::array reports{report_of_classes(), report_of_labels(), report_of_numbers(),
                                  report_of_tokens()};
  return *std::ranges::find(reports, kind, &TaskReport::kind);
}

}  // namespace gradus::app
