// TrainConfig: config.json read, checked and resolved for a small data set.
#include <nlohmann/json.hpp>

#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

namespace {

app::RunData small_data() {
  const auto set = [] {
    return data::Dataset::of_bytes(std::vector<uint8_t>(64), {1, 4, 4}, {0, 1, 2, 0}, 3);
  };
  return {.name = "small",
          .notes = {},
          .data = "small",
          .data_dir = "",
          .train = set(),
          .test = set(),
          .validation = set()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const app::RunData set = small_data();
  static const fuzz::MemoryFile file;
  const std::string path = file.of(fuzz::text_of(data, size));
  fuzz::accepts([&] {
    const app::TrainConfig config = app::train_config_from_json(app::config_values(path));
    const app::Json json = to_json(config);
    fuzz::require(to_json(app::train_config_from_json(json)) == json, "another configuration");
    const app::ResolvedConfig resolved = app::resolve(config, set);
    app::parse_groups(config.group);
    app::build_loss(resolved.options, set.train);
    app::build_schedule(resolved)(0);
  });
  return 0;
}
