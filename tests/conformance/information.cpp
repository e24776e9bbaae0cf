#include "core/ops/loss/information.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

std::vector<double> numbers(const Case& c, const char* name) {
  const Tensor x = c.input(name);
  return x.defined() ? x.to_vector<double>() : std::vector<double>{};
}

Tensors one_number(double value) {
  return {Tensor::from({value})};
}

Operation of_pair(std::string name, Tensor (*function)(const Tensor&, const Tensor&)) {
  return {std::move(name),
          [=](const Case& c) { return Tensors{function(c.input("p"), c.input("q"))}; }};
}

}  // namespace

Family information() {
  return {
      "information",
      {{"entropy", [](const Case& c) { return Tensors{entropy(c.input("p"))}; }},
       of_pair("cross_entropy_distributions", cross_entropy_distributions),
       of_pair("kl_divergence", kl_divergence),
       of_pair("js_divergence", js_divergence),
       {"wasserstein_distance",
        [](const Case& c) {
          return one_number(wasserstein_distance(numbers(c, "u_values"), numbers(c, "v_values"),
                                                 numbers(c, "u_weights"), numbers(c, "v_weights")));
        }},
       {"aic",
        [](const Case& c) {
          return one_number(
              aic(c.attr<double>("log_likelihood"), c.attr<int64_t>("num_parameters")));
        }},
       {"bic", [](const Case& c) {
          return one_number(bic(c.attr<double>("log_likelihood"), c.attr<int64_t>("num_parameters"),
                                c.attr<int64_t>("num_samples")));
        }}}};
}

}  // namespace gradus::conformance
