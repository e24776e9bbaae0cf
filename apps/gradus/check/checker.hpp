// check: runs the trainings of a suite in parallel and compares them with what it expects; update:
// writes today's values into the suite; junit: the outcomes as XML.
#pragma once

#include <functional>

#include "apps/gradus/check/suite.hpp"

namespace gradus::app {

/// What became of a training.
struct TrainingOutcome {
  std::size_t training;  ///< its index in the suite
  std::string name;
  std::string folder;                   ///< of its run
  std::string failure = {};             ///< what differs, in one line; empty where nothing does
  std::string note = {};                ///< what could not be compared with this program
  Json report = {};                     ///< null if the training failed
  std::vector<std::string> steps = {};  ///< the lines of its steps.csv
  double seconds = 0;                   ///< from its start to its end
};

struct CheckOptions {
  std::string out;      ///< an existing folder for the runs
  int64_t jobs = 1;     ///< trainings at the same time
  int64_t threads = 1;  ///< of a training with a bound on a time, which runs alone; others have 1
  /// Called after each training.
  std::function<void(const TrainingOutcome&)> after = {};
  /// Called while trainings run, with the number of finished ones.
  std::function<void(std::size_t finished)> progress = {};
};

/// Runs the selected trainings of `suite`, those with a bound on a time after the others. Returns
/// early after a signal.
std::vector<TrainingOutcome> check(const Suite& suite, const CheckOptions& options);

/// Writes the values of the runs into the suite, where it has numbers, weights or losses; bounds
/// stay. Compares again and clears the failures of what it wrote. Returns a line for each change.
std::vector<std::string> update(Suite& suite, std::vector<TrainingOutcome>& outcomes);

/// The outcomes as JUnit's XML, which continuous integration servers read.
std::string junit(const std::vector<std::pair<std::string, std::vector<TrainingOutcome>>>& suites);

}  // namespace gradus::app
