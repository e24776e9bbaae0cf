#include "optim/search/network_space.hpp"

#include <doctest/doctest.h>

#include "optim/search/space.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// The point at which the parameters have these values, the others their first.
Point point_of(const SearchSpace& space, const Configuration& values) {
  Point point;
  for (const SearchParameter& parameter : space.parameters()) {
    int64_t index = 0;
    for (const auto& [name, value] : values)
      if (name == parameter.name)
        while (parameter.values[static_cast<std::size_t>(index)] != value) ++index;
    point.push_back(parameter.middle(index));
  }
  return point;
}

}  // namespace

TEST_CASE("a network is chosen layer by layer and becomes one text") {
  const SearchSpace space("lr=[1], model=network(3,10), seed=[0]");
  const auto network = [&](const Configuration& values) {
    const Configuration whole = space.configuration(point_of(space, values));
    REQUIRE(whole.size() == 3);
    CHECK(whole[1].first == "model");
    return whole[1].second;
  };
  CHECK(network({{"model.2.layer", "residual"},
                 {"model.3.layer", "none"},
                 {"model.1.filters", "16"},
                 {"model.1.pool", "yes"},
                 {"model.2.kernel", "5"},
                 {"model.end", "globalpool"}}) ==
        "conv 16 3x3 pad 1, norm, relu, maxpool 2, residual(conv 16 5x5 pad 2, norm), relu, "
        "globalpool, dense 10");
  CHECK(network({{"model.1.norm", "no"},
                 {"model.1.pool", "no"},
                 {"model.2.layer", "none"},
                 {"model.3.filters", "64"},
                 {"model.dropout", "0.25"},
                 {"model.dense", "128"}}) ==
        "conv 8 3x3 pad 1, relu, conv 64 3x3 pad 1, norm, relu, maxpool 2, flatten, dropout 0.25, "
        "dense 128, relu, dense 10");
  const Configuration single = space.values(point_of(space, {{"model.2.layer", "residual"}}));
  CHECK(single[1] == std::pair<std::string, std::string>{"model.1.layer", "conv"});
}

TEST_CASE("a network of many blocks pools four times at most") {
  const SearchSpace space("model=network(6,2)");
  const std::string text = space.configuration(point_of(space, {}))[0].second;
  std::size_t pools = 0;
  for (std::size_t at = text.find("maxpool"); at != text.npos; at = text.find("maxpool", at + 1))
    ++pools;
  CHECK(pools == 4);
}
