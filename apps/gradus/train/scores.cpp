#include "apps/gradus/train/scores.hpp"

#include <nlohmann/json.hpp>

#include "core/ops/information.hpp"

namespace gradus::app {

Scores score(layers::Module& model, const LossFunction& loss, const data::Dataset& dataset) {
  const Evaluation evaluation = evaluate(model, loss, dataset);
  const Tensor confusion =
      data::confusion_matrix(dataset.labels(), evaluation.predictions, dataset.classes());
  return {dataset.size(),
          evaluation.loss,
          evaluation.accuracy,
          confusion,
          data::class_scores(confusion),
          evaluation.predictions};
}

Json information_criteria(layers::Module& model, const data::Dataset& train) {
  const auto negative_log = [](const Tensor& logits, const Tensor& labels) {
    return cross_entropy(logits, labels);
  };
  const double log_likelihood =
      -evaluate(model, negative_log, train).loss * static_cast<double>(train.size());
  const int64_t parameters = model.parameter_count();
  return {{"aic", aic(log_likelihood, parameters)},
          {"bic", bic(log_likelihood, parameters, train.size())},
          {"log_likelihood", log_likelihood},
          {"parameters", parameters},
          {"samples", train.size()},
          {"caveat",
           "every value in a parameter counts as one, which is a convention: those of a network "
           "aren't identifiable, and training ends elsewhere than at the largest likelihood"}};
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
