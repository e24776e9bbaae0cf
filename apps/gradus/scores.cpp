#include "apps/gradus/scores.hpp"

namespace gradus::app {

Scores score(layers::Module& model, const LossFunction& loss, const data::Dataset& dataset) {
  const Evaluation evaluation = evaluate(model, loss, dataset);
  const Tensor confusion =
      data::confusion_matrix(dataset.labels(), evaluation.predictions, dataset.classes());
  return {dataset.size(), evaluation.loss, evaluation.accuracy, confusion,
          data::class_scores(confusion)};
}

Json to_json(const std::vector<data::ClassScores>& classes) {
  Json list = Json::array();
  for (const data::ClassScores& c : classes)
    list.push_back(
        {{"precision", c.precision}, {"recall", c.recall}, {"f1", c.f1}, {"support", c.support}});
  return list;
}

Json to_json(const Tensor& matrix) {
  Json rows = Json::array();
  const int64_t* data = matrix.data<int64_t>();
  for (int64_t row = 0; row < matrix.size(0); ++row, data += matrix.size(1))
    rows.push_back(std::vector<int64_t>(data, data + matrix.size(1)));
  return rows;
}

}  // namespace gradus::app
