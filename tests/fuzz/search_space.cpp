// SearchSpace: points within a space have values, and a grid has its cap.
#include "optim/search/space.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 50;
  fuzz::accepts([&] {
    const optim::SearchSpace space(fuzz::text_of(data, size));
    if (space.size() > 200) return;
    for (const double coordinate : {0., 0.3, 1.}) {
      const optim::Point point(space.size(), coordinate);
      fuzz::require(!space.configuration(point).empty(), "nothing is chosen");
      fuzz::require(space.features(point).size() == space.feature_parameters().size(),
                    "features of no parameter");
    }
    fuzz::require(space.grid(4, most).size() <= most, "a grid beyond its cap");
  });
  return 0;
}
