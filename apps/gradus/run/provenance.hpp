// Where a run comes from: what config.json holds besides the options' values.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "apps/gradus/run/run_data.hpp"

namespace gradus::app {

/// The number of the form that config.json has; runs of programs that knew none have no number.
inline constexpr int config_format = 1;
/// The number of the numerics: programs with the same one, of the same compiler and instructions,
/// give the same bits.
///
///     1  programs that knew no number
///     2  orthogonal weights, PCA and ZCA by Householder reflections
inline constexpr int numerics = 2;

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
/// How those of `config`, a run's, and its numerics differ from the present ones; empty where they
/// don't.
std::string changed_versions(const Json& config);
/// Whether this program gives the bits of the program that made the run: the same numerics,
/// compiler and instructions.
bool gives_same_bits(const Json& config);
/// Throws std::runtime_error "path: …" for a config.json of a form that newer programs write.
void require_known_format(const std::string& path, const Json& config);

/// Of the values and labels, in hexadecimal digits, as "train", "validation" and "test".
Json checksums(const RunData& data);
/// Throws std::runtime_error "path: …" where `config`, a run's, has other ones than `data`. Runs of
/// old have none.
void require_same_data(const std::string& path, const Json& config, const RunData& data);

}  // namespace gradus::app
