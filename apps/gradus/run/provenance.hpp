// Where a run comes from: what config.json holds besides the options' values.
#pragma once

#include "apps/gradus/cli/parse.hpp"
#include "apps/gradus/run/run_data.hpp"

namespace gradus::app {

/// The number of this Gradus, as CMakeLists.txt has it.
extern const char* const version;
/// The number of the form that config.json has; runs of programs that knew none have no number.
inline constexpr int config_format = 1;
/// The number of the numerics: programs with the same one, of the same compiler and instructions,
/// give the same bits.
///
///     1  programs that knew no number
///     2  orthogonal weights, PCA and ZCA by Householder reflections
inline constexpr int numerics = 2;

/// The values of options in a run's config.json. Throws std::runtime_error "path: …" for a file
/// that is none, and for names that aren't options.
Json config_values(const std::string& path);

/// For each option of train: "flag" where it was given, else where it comes from, else "default".
Json origins(const CommandLine& words);

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
