// The test errors on MNIST that Zeiler (2012) published, tables 1 and 2.
#pragma once

#include <optional>
#include <vector>

namespace gradus::lab::zeiler {

/// An optimizer, by its names there and here, and its errors, in percent, for each ε.
struct Method {
  const char *name, *optimizer;
  std::vector<double> errors;
  std::optional<double> rho = {};  ///< of AdaDelta, whose ε isn't the rate
};

/// ε is the learning rate.
inline const std::vector<double> rates{1, 1e-1, 1e-2, 1e-3, 1e-4};
inline const std::vector<Method> with_rates{
    {"SGD", "sgd", {2.26, 2.51, 7.02, 17.01, 58.10}},
    {"momentum", "momentum", {89.68, 2.03, 2.68, 6.98, 16.98}},
    {"AdaGrad", "adagrad", {43.76, 2.82, 1.79, 5.21, 12.59}}};

/// ε is AdaDelta's constant.
inline const std::vector<double> constants{1e-2, 1e-4, 1e-6, 1e-8};
inline const std::vector<Method> without{
    {"AdaDelta ρ 0.95", "adadelta", {2.58, 1.99, 1.83, 2.13}, 0.95},
    {"AdaDelta ρ 0.9", "adadelta", {2.59, 2.05, 1.90, 2.29}, 0.9},
    {"AdaDelta ρ 0.99", "adadelta", {2.32, 2.28, 2.05, 2.00}, 0.99}};

}  // namespace gradus::lab::zeiler
