#include "conformance/runner.hpp"
#include "data/metrics.hpp"
#include "data/probability_metrics.hpp"
#include "data/regression_metrics.hpp"
#include "train/scores.hpp"

namespace gradus::conformance {
namespace {

// Outputs have the type that the case has.
Tensors as_wanted(const Case& c, const std::vector<double>& values) {
  Tensors result;
  for (std::size_t i = 0; i < values.size(); ++i)
    result.push_back(Tensor::full({1}, values[i], c.outputs.at(c.outs[i]).dtype()));
  return result;
}

Operation judgment(std::string name, std::function<double(const Case&)> score) {
  return {std::move(name), [=](const Case& c) { return as_wanted(c, {score(c)}); }};
}

Operation of_confusion(std::string name, double (*score)(const Tensor&)) {
  return judgment(std::move(name), [=](const Case& c) {
    return score(data::confusion_matrix(c.input("target"), c.input("prediction"),
                                        c.attr<int64_t>("num_classes")));
  });
}

Operation of_outputs(std::string name, const char* outputs,
                     double (*score)(const Tensor&, const Tensor&)) {
  return judgment(std::move(name),
                  [=](const Case& c) { return score(c.input("target"), c.input(outputs)); });
}

double f1_of_average(const Case& c) {
  const Tensor confusion = data::confusion_matrix(c.input("target"), c.input("prediction"),
                                                  c.attr<int64_t>("num_classes"));
  return c.attr<std::string>("average") == "macro" ? data::macro_f1(confusion)
                                                   : data::weighted_f1(confusion);
}

}  // namespace

Family judgments() {
  return {"judgments",
          {of_outputs("roc_auc", "score", data::roc_auc),
           of_outputs("average_precision", "score", data::average_precision),
           of_confusion("balanced_accuracy", data::balanced_accuracy),
           judgment("f1", f1_of_average),
           of_outputs("log_loss", "probability", data::log_loss),
           of_outputs("brier", "probability", data::brier),
           judgment("expected_calibration_error",
                    [](const Case& c) {
                      return data::expected_calibration_error(
                          c.input("target"), c.input("probability"), c.attr<int64_t>("bins"));
                    }),
           of_outputs("r2", "prediction", data::r2),
           of_outputs("mae", "prediction", data::mae),
           of_outputs("rmse", "prediction", data::rmse),
           {"wilson_interval",
            [](const Case& c) {
              const Interval interval =
                  wilson_interval(c.attr<int64_t>("successes"), c.attr<int64_t>("trials"),
                                  c.attr<double>("confidence"));
              return as_wanted(c, {interval.low, interval.high});
            }},
           {"mcnemar_exact",
            [](const Case& c) {
              const train::McNemar test = train::mcnemar(c.input("target"), c.input("prediction_a"),
                                                         c.input("prediction_b"));
              return as_wanted(c, {static_cast<double>(test.only_a),
                                   static_cast<double>(test.only_b), test.p_value});
            }},
           judgment("top_k_accuracy",
                    [](const Case& c) {
                      return data::top_k_accuracy(c.input("target"), c.input("score"),
                                                  c.attr<int64_t>("k"));
                    }),
           of_confusion("cohen_kappa", data::cohen_kappa),
           of_confusion("matthews", data::matthews)}};
}

}  // namespace gradus::conformance
