#include "apps/gradus/search/search_plan.hpp"

#include <algorithm>
#include <limits>

#include "apps/gradus/cli/errors.hpp"
#include "core/io/json.hpp"

namespace gradus::app {

double Metric::score(const std::vector<double>& values) const {
  double best = std::numeric_limits<double>::quiet_NaN();
  // A comparison with NaN is false.
  for (const double value : values)
    if (!(sign * value <= best) && value == value) best = sign * value;
  return best;
}

const Registry<Metric>& search_metrics() {
  static const Registry<Metric> metrics("metric",
                                        {{"val-accuracy",
                                          "on the held-out part, the highest",
                                          {"val_accuracy", &train::EpochRecord::val_accuracy, 1}},
                                         {"val-loss",
                                          "on the held-out part, the lowest",
                                          {"val_loss", &train::EpochRecord::val_loss, -1}}});
  return metrics;
}

Json to_json(const SearchPlan& plan) {
  Json settings = Json::object();
  for (const auto& [name, value] : plan.flags)
    std::visit([&, &key = name](const auto& given) { settings[key] = given; }, value);
  return {{"space", plan.space},
          {"method", plan.method},
          {"metric", plan.metric},
          {"budget", plan.budget},
          {"epochs", plan.epochs},
          {"seed", plan.seed},
          {"median_stopping", plan.median_stopping},
          {"settings", settings},
          {"train", plan.train},
          {"test", plan.test}};
}

SearchPlan plan_from_json(const Json& json) {
  const auto most = largest_count;
  SearchPlan plan{.space = json.at("space"),
                  .method = json.at("method"),
                  .metric = json.at("metric"),
                  .budget = whole_number(json.at("budget"), 1, most),
                  .epochs = whole_number(json.at("epochs"), 1, most),
                  .seed = whole_number(json.at("seed"), 0, std::numeric_limits<int64_t>::max()),
                  .median_stopping = json.at("median_stopping"),
                  .train = json.at("train"),
                  .test = json.at("test")};
  for (const auto& [name, value] : json.at("settings").items()) {
    if (value.is_boolean())
      plan.flags[name] = value.get<bool>();
    else if (value.is_number())
      plan.flags[name] = value.get<double>();
    else
      plan.flags[name] = value.get<std::string>();
  }
  return plan;
}

std::unique_ptr<optim::Search> make_search(const SearchPlan& plan) {
  return as_usage([&] {
    return optim::search_methods().find(plan.method)({.space = optim::SearchSpace(plan.space),
                                                      .budget = plan.budget,
                                                      .epochs = plan.epochs,
                                                      .seed = static_cast<uint64_t>(plan.seed)},
                                                     plan.flags);
  });
}

}  // namespace gradus::app
