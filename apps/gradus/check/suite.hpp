// Suite: trainings and what each must reach, read from a JSON file.
#pragma once

#include <nlohmann/json.hpp>

#include "apps/gradus/run/expectation.hpp"

namespace gradus::app {

/// A training of a suite.
struct SuiteTraining {
  std::string name;
  Arguments words = {};            ///< the command line of train
  std::vector<Bound> bounds = {};  ///< on values of report.json
  std::string weights = {};        ///< a weights_hash(); empty without one
  /// The lines of a steps.csv, or "step,lr,loss" and rows without a rate; empty without losses.
  std::vector<std::string> losses = {};
  std::string losses_file = {};                  ///< the path, if the losses are in a file
  double tolerance = 1e-5;                       ///< of losses, and of values that must be equal
  bool has_weights = false, has_losses = false;  ///< also if they wait for an update
  bool is_selected = true;                       ///< by --filter
  /// Whether a bound is on a time: the training then runs alone, with all threads.
  bool is_timed() const;
};

/// A suite is a JSON object:
///
///     {"suite": "norms", "trainings": [
///       {"name": "batch norm", "train": ["--data", "digits", "--epochs", "2"],
///        "expect": {"test_accuracy": ">=.9", "epochs": 2},
///        "weights": "sha256:…", "losses": "batch-norm.csv", "tolerance": 1e-5}]}
///
/// `train` is an array of words, a command line, or an object of options as in config.json.
/// `expect` has bounds, or numbers that must be equal within the tolerance. `losses` are those of
/// the steps: an array, or a file beside the suite, a run's steps.csv. `weights` and `losses` that
/// are null, and files that don't exist, wait for an update.
struct Suite {
  std::string path;    ///< of the file
  std::string folder;  ///< in which its trainings run
  std::string name;
  Json json;  ///< the content
  std::vector<SuiteTraining> trainings;

  /// The number of selected trainings.
  std::ptrdiff_t selected() const;
};

/// Throws std::runtime_error "path: …" for a file that is no suite.
Suite read_suite(const std::string& path);
/// The suite that is part of the program: small trainings of each kind, on built-in data.
Suite built_in_suite();
/// Its text.
extern const char* const built_in_suite_text;

/// "sha256:…": the hash of the names, shapes and values of the tensors in a file of weights.
std::string weights_hash(const std::string& path);

/// JSON with an array or object that contains no other on one line.
std::string readable(const Json& json, int indentation = 0);

}  // namespace gradus::app
