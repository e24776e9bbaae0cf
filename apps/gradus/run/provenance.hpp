// config_values, origins, versions, checksums: read and check the parts of config.json that aren't
// options.
#pragma once

#include "apps/gradus/cli/parse.hpp"
#include "apps/gradus/run/run_data.hpp"
#include "train/training.hpp"

namespace gradus::app {

/// The version of Gradus, from CMakeLists.txt.
extern const char* const version;
/// The version of the numerics: programs with the same version give the same bits
/// (docs/reproducibility.md).
///
///     1  programs without a version of the numerics
///     2  orthogonal weights, PCA and ZCA by Householder reflections
///     3  sums of more than 1024 values in parts, moments of rows, losses and activations at their
///        limits
///     4  Nadam's bias correction, normalizations of values far from 0, sums of f32 in double
///        precision, explicit fused multiply-adds, tanh
///     5  elementary functions of Gradus instead of the C library's; in evaluation a sample's
///        result doesn't depend on its batch
///     6  GELU of f32 computed in f32
inline constexpr int numerics = 6;

/// The values of options in a run's config.json; `path` is the file or the run's folder. Throws
/// std::runtime_error "path: …" for an invalid file and unknown options.
Json config_values(const std::string& path);

/// The history of a run with that config.json. In format 1 without --val-split, the columns of the
/// validation set are those of the test set.
train::History as_meant(train::History history, const Json& config);

/// The origin of each option of train: "flag" if it was given, or what loaded it, or "default".
Json origins(const CommandLine& words);

/// The versions of the program and its compiler, the instructions it was compiled for, and
/// "products" if OpenBLAS was chosen for them.
Json versions();
/// How the versions and numerics in a run's `config` differ from this program's; empty if they
/// don't.
std::string changed_versions(const Json& config);
/// Whether this program gives the same bits as the program that made the run: it has the same
/// numerics, and neither has products by OpenBLAS.
bool gives_same_bits(const Json& config);
/// Throws std::runtime_error "path: …" for a config.json of a newer format or with invalid origins.
void require_valid_config(const std::string& path, const Json& config);

/// The hexadecimal checksums of the data sets "train", "validation" and "test".
Json checksums(const RunData& data);
/// Throws std::runtime_error "path: …" if the checksums in a run's `config` aren't those of `data`.
/// Older runs have none.
void require_same_data(const std::string& path, const Json& config, const RunData& data);

}  // namespace gradus::app
