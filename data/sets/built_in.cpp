#include "data/sets/built_in.hpp"

#include <algorithm>

#include "data/files/byte_reader.hpp"
#include "data/table/read_table.hpp"

namespace gradus::data {

// The file data/embedded/NAME.csv.gz, which the build embeds; empty if there is none.
std::span<const uint8_t> embedded_bytes(std::string_view name);

static Split built_in(const std::string& name) {
  DataTable table = built_in_table(name);
  const int64_t features = std::ssize(table.features);
  return normalized_by_train(built_in_split(
      Dataset::of_features(std::move(table.values), features, std::move(table.targets))));
}

Split iris() {
  return built_in("iris");
}

Split wine() {
  return built_in("wine");
}

Split breast_cancer() {
  return built_in("breast-cancer");
}

Split diabetes() {
  return built_in("diabetes");
}

DataTable built_in_table(const std::string& name) {
  const std::span<const uint8_t> bytes = embedded_bytes(name);
  require(!bytes.empty(), "built_in_table", "there is no table '{}'", name);
  const std::vector<uint8_t> text = ByteReader(name, bytes).read_up_to(SIZE_MAX);
  return parse_table({reinterpret_cast<const char*>(text.data()), text.size()}, name,
                     {.header = name != "digits",
                      .task = name == "diabetes" ? "regress" : "classify",
                      .keeps_all = true});
}

Split built_in_split(const Dataset& dataset) {
  Rng rng(0);
  std::vector<int64_t> order = rng.permutation(dataset.size());
  if (dataset.target_kind() == TargetKind::classes) {
    const std::vector<int64_t> labels = dataset.labels().to_vector<int64_t>();
    std::ranges::stable_sort(order, {},
                             [&](int64_t i) { return labels[static_cast<std::size_t>(i)]; });
  }
  std::vector<int64_t> train, test;
  for (std::size_t i = 0; i < order.size(); ++i) (i % 5 == 0 ? test : train).push_back(order[i]);
  std::ranges::sort(train);
  std::ranges::sort(test);
  return {dataset.subset(train), dataset.subset(test)};
}

}  // namespace gradus::data
