#include "apps/gradus/report/score_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace gradus::app {
namespace {

// A mean over no samples is null.
Json to_json(const train::Doubt& doubt) {
  const auto number = [&](double mean) { return doubt.samples > 0 ? Json(mean) : Json(); };
  return {{"samples", doubt.samples},
          {"entropy", number(doubt.entropy)},
          {"mutual_information", number(doubt.mutual_information)}};
}

void print_row(const char* name, const train::Doubt& doubt) {
  const auto number = [&](double mean) {
    return doubt.samples > 0 ? fmt::format("{:.4f}", mean) : std::string("-");
  };
  fmt::print("{}  {:>7}  {:>18}  {:>7}\n", name, number(doubt.entropy),
             number(doubt.mutual_information), doubt.samples);
}

}  // namespace

Json to_json(const train::InformationCriteria& criteria) {
  return {{"aic", criteria.aic},
          {"bic", criteria.bic},
          {"log_likelihood", criteria.log_likelihood},
          {"parameters", criteria.parameters},
          {"samples", criteria.samples},
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

Json to_json(const train::Uncertainty& uncertainty) {
  return {{"predictions", uncertainty.predictions},
          {"loss", uncertainty.loss},
          {"accuracy", uncertainty.accuracy},
          {"right", to_json(uncertainty.right)},
          {"wrong", to_json(uncertainty.wrong)}};
}

void print(const train::Uncertainty& uncertainty) {
  fmt::print("mean of {} predictions with dropout: loss {:.4f}, accuracy {:.2f} %\n\n",
             uncertainty.predictions, uncertainty.loss, 100 * uncertainty.accuracy);
  fmt::print("       entropy  mutual information  samples\n");
  print_row("right", uncertainty.right);
  print_row("wrong", uncertainty.wrong);
  fmt::print(
      "means, in nats; this loss is the negative logarithm of the label's mean probability\n");
}

}  // namespace gradus::app
