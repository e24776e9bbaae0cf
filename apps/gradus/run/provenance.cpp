#include "apps/gradus/run/provenance.hpp"

#include <filesystem>

#include "core/io/json.hpp"
#include "core/kernels/gemm/openblas.hpp"
#include "core/kernels/simd/instruction_set.hpp"
#include "train/saved_model.hpp"

namespace gradus::app {

constexpr const char* instructions =
#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
    "any x86-64, chosen at run time";
#elif defined(GRADUS_PORTABLE)
    "any processor of the architecture, chosen at run time";
#elif defined(__AVX512F__)
    "AVX-512";
#elif defined(__AVX2__)
    "AVX2";
#else
    "the compiler's default";
#endif

// The keys of config.json that aren't options.
constexpr auto provenance_keys = {"format",    "numerics",  "origins", "versions",
                                  "checksums", "run_group", "extends"};

// Without regard to the order of keys, which other programs may change.
static bool same_entries(const Json& a, const Json& b) {
  return nlohmann::json(a) == nlohmann::json(b);
}

static int64_t numerics_of(const Json& config) {
  return config.contains("numerics") ? whole_number(config["numerics"], 1, largest_count) : 1;
}

const char* const version = GRADUS_VERSION;

Json config_values(const std::string& path) {
  if (std::filesystem::is_directory(path))
    return config_values((std::filesystem::path(path) / "config.json").string());
  return of_file(path, [&] {
    Json values = read_json(path);
    require_valid_config(path, values);
    // It meant that nothing is held out.
    if (values.value("format", 1) < 2 && values.value("val_split", Json()) == 0)
      values.erase("val_split");
    for (const char* key : provenance_keys) values.erase(key);
    TrainConfig config;
    Options options;
    add_train_options(options, config);
    for (const auto& [key, value] : values.items())
      if (const Option* option = options.find(key); !option || json_key(option->name) != key)
        throw std::runtime_error(fmt::format("'{}' is not an option", key));
    options.from_json(values);
    return values;
  });
}

train::History as_meant(train::History history, const Json& config) {
  const Json format = config.value("format", Json(1)), part = config.value("val_split", Json(0));
  if (format != 1 || part != 0) return history;
  for (train::EpochRecord& record : history) {
    record.test_loss = std::exchange(record.val_loss, NAN);
    record.test_score = std::exchange(record.val_score, NAN);
  }
  return history;
}

Json origins(const CommandLine& words) {
  Json result;
  const Json defaults = to_json(TrainConfig());
  for (const auto& [key, value] : defaults.items()) {
    const bool is_set = words.base.contains(key) && !words.base[key].is_null();
    result[key] = is_set ? words.base_source : "default";
  }
  for (const std::string& name : words.given)
    if (result.contains(json_key(name))) result[json_key(name)] = "flag";
  return result;
}

Json versions() {
  Json result{{"gradus", version}, {"compiler", __VERSION__}, {"instructions", instructions}};
#if defined(GRADUS_PORTABLE)
  result["kernels"] = kernels::name_of(kernels::instruction_set());
#endif
  if (kernels::chosen_openblas()) result["products"] = "OpenBLAS";
  return result;
}

std::string changed_versions(const Json& config) {
  const Json now = versions();
  std::string changes;
  if (config.contains("versions") && !same_entries(config["versions"], now))
    changes =
        fmt::format("the run was made by {}, this is {}", config["versions"].dump(), now.dump());
  if (const int64_t old = numerics_of(config); old != numerics)
    changes += fmt::format("{}the run has version {} of the numerics, this program {}",
                           changes.empty() ? "" : "; ", old, numerics);
  return changes;
}

bool gives_same_bits(const Json& config) {
  const Json was = config.value("versions", Json::object());
  return numerics_of(config) == numerics && !was.contains("products") &&
         !kernels::chosen_openblas();
}

void require_valid_config(const std::string& path, const Json& config) {
  if (!config.is_object()) file_error(path, "must contain a JSON object");
  // The report needs them when the training is over.
  for (const char* key : {"origins", "versions"}) {
    const Json texts = config.value(key, Json::object());
    if (!texts.is_object() ||
        !std::ranges::all_of(texts, [](const Json& text) { return text.is_string(); }))
      file_error(path, "{} must be an object of texts, got {}", key,
                 printable(texts.dump(), longest_value));
  }
  const Json extended = config.value("extends", Json{{"run", ""}});
  if (!extended.is_object() || !extended.value("run", Json()).is_string())
    file_error(path, "extends must be an object with the path of a run, got {}",
               printable(extended.dump(), longest_value));
  if (!config.contains("format")) return;
  const int64_t format =
      of_file(path, [&] { return whole_number(config["format"], 1, largest_count); });
  if (format > config_format)
    file_error(path, "has format {} of a newer program; this one reads format {}", format,
               config_format);
}

Json checksums(const RunData& data) {
  const auto text = [](const data::Dataset& dataset) {
    return fmt::format("{:016x}", dataset.checksum());
  };
  return {{"train", text(data.train)},
          {"validation", data.validation ? Json(text(*data.validation)) : Json()},
          {"test", text(data.test)}};
}

void require_same_data(const std::string& path, const Json& config, const RunData& data) {
  if (!config.contains("checksums")) return;
  const Json now = checksums(data);
  if (!same_entries(config["checksums"], now))
    file_error(path, "the data set {} has changed: its checksums are {}, they were {}", data.name,
               now.dump(), config["checksums"].dump());
}

}  // namespace gradus::app
