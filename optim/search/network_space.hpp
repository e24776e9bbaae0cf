// NetworkSpace: networks as parameters of a search.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gradus::optim {

/// Names and values of parameters, as text, in the order of their space: {{"lr", "0.01"}, …}.
using Configuration = std::vector<std::pair<std::string, std::string>>;

/// Networks with up to `blocks` blocks of convolutions and a head of dense layers. Each choice is a
/// list:
///
///     block   conv (8, 16, 32 or 64 filters of 3×3 or 5×5, normalized or not, max-pooled or not),
/// residual (a convolution that is added to its input), or none (not in the first block)
///     head    flatten or globalpool; dropout 0, 0.25 or 0.5; a dense layer of 0, 64 or 128 units
///
/// as a text such as "conv 16 3x3 pad 1, norm, relu, maxpool 2, residual(conv 16 3x3 pad 1, norm),
/// relu, globalpool, dense 10", for layers::build().
struct NetworkSpace {
  std::string name;  ///< name of the parameter
  int64_t blocks;    ///< maximal number of blocks
  int64_t classes;   ///< number of outputs of the last dense layer

  /// The single choices, "NAME.1.layer", …, as the text of a search space.
  std::string choices() const;
  /// Whether the parameter is one of the choices.
  bool owns(const std::string& parameter) const { return parameter.starts_with(name + '.'); }
  /// The network of the chosen values.
  std::string network(const Configuration& values) const;
};

}  // namespace gradus::optim
