#include "data/transform/preprocessing.hpp"

#include "conformance/runner.hpp"
#include "data/metrics.hpp"

namespace gradus::conformance {
namespace {

using data::Normalization;
using data::Samples;

// Fitted to one tensor, applied to the other.
template <class Fit>
Operation fitted(std::string name, Fit fit) {
  return {std::move(name), [=](const Case& c) {
            const Normalization normalization = fit(Samples(c.input("fit")), c);
            return Tensors{normalization(c.input("x"))};
          }};
}

Tensor confusion(const Case& c) {
  return data::confusion_matrix(c.input("target"), c.input("prediction"),
                                c.attr<int64_t>("num_classes"));
}

}  // namespace

Family preprocessing() {
  return {"preprocess",
          {fitted("min_max_scale",
                  [](const Samples& samples, const Case&) { return data::min_max(samples); }),
           fitted("standardize",
                  [](const Samples& samples, const Case&) { return data::z_score(samples); }),
           fitted("zca_whiten",
                  [](const Samples& samples, const Case& c) {
                    return data::zca_whitening(samples, {.eps = c.attr<double>("eps")});
                  }),
           {"confusion_matrix", [](const Case& c) { return Tensors{confusion(c)}; }},
           {"f1_per_class", [](const Case& c) {
              std::vector<double> scores;
              for (const data::ClassScores& score : data::class_scores(confusion(c)))
                scores.push_back(score.f1);
              return Tensors{Tensor::from(scores, {static_cast<int64_t>(scores.size())})};
            }}}};
}

}  // namespace gradus::conformance
