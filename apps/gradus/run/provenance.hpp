// Where a run comes from: what config.json holds besides the options' values.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "apps/gradus/run/run_data.hpp"

namespace gradus::app {

/// What a command line sets by name or file, under what it says itself.
struct ConfigLayer {
  Json values = Json::object();
  std::string source;  ///< "preset mnist-fast", "config FILE"; empty for none
};

/// Those of a preset.
ConfigLayer preset_base(const std::string& name);
/// Those of a run's config.json. Throws std::runtime_error "path: …" for a file that is none, and
/// for names that aren't options.
ConfigLayer config_base(const std::string& path);

/// `base` with what was given in `options` over it.
TrainConfig with_given(const ConfigLayer& base, const Options& options);

/// For each option of train: "flag" where it was given, else where it comes from, else "default".
Json origins(const ConfigLayer& base, const Options& options);

/// The versions of the program and its compiler, and the instructions it was compiled for.
Json versions();
/// How those of `config`, a run's, differ from the present ones; empty where they don't.
std::string changed_versions(const Json& config);

/// Of the values and labels, in hexadecimal digits, as "train", "validation" and "test".
Json checksums(const RunData& data);
/// Throws std::runtime_error "path: …" where `config`, a run's, has other ones than `data`. Runs of
/// old have none.
void require_same_data(const std::string& path, const Json& config, const RunData& data);

}  // namespace gradus::app
