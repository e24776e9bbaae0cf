// What an experiment is: a claim of the literature, and a function that puts it to the test.
#pragma once

#include <functional>
#include <initializer_list>
#include <string_view>

#include "apps/pictures/chart.hpp"
#include "apps/pictures/table.hpp"

namespace gradus::lab {

using pictures::Chart;
using pictures::Column;
using pictures::Series;
using pictures::Table;
using pictures::TableCell;

/// What a run of an experiment is told. Each experiment has defaults of its own for what is left
/// out.
struct ExperimentOptions {
  std::string data = "digits";  ///< a data set of data::sources(), a folder or a file
  std::string data_dir = {};
  uint64_t seed = 0;                   ///< of the first run; the next has seed + 1
  std::optional<int64_t> seeds = {};   ///< how many runs there are of everything random
  std::optional<int64_t> epochs = {};  ///< passes over the training set
  std::optional<int64_t> batch_size = {};
  std::optional<int64_t> limit = {};  ///< training samples at most
  std::string augment = {};           ///< changes of images, as data::augment() reads them
  bool longer = false;                ///< the paper's size rather than two minutes
  bool small = false;                 ///< as small as shows the effect: seconds, for tests
  /// Called many times a second with what is being done: "layer, seed 1, epoch 3". What it throws
  /// ends the run.
  std::function<void(const std::string& now)> progress = {};

  void report(const std::string& now) const {
    if (progress) progress(now);
  }
};

enum class Outcome { holds, conditional, fails };

/// Of a claim of several parts: holds where all do, fails where none does, else under a condition.
Outcome outcome_of(std::initializer_list<bool> parts);
/// Of a claim that is nothing without `mainly`: then it holds, under a condition unless `always`.
Outcome outcome_of(bool mainly, bool always);

struct Verdict {
  Outcome outcome = Outcome::fails;
  std::string reason;          ///< a sentence with the numbers that decide
  std::string condition = {};  ///< completes "holds under the condition that"
};

/// "holds", "holds under the condition that …", "doesn't hold".
std::string to_string(const Verdict& verdict);

/// A PNG file beside the charts.
struct Image {
  std::string name;   ///< of the file, without ".png"
  std::string title;  ///< what it shows, in a sentence
  std::string png;    ///< the file's bytes
};

/// What came out.
struct Report {
  Verdict verdict = {};
  std::string measured = {};  ///< what was measured, on what, in a sentence or two
  std::vector<Table> tables = {};
  std::vector<std::vector<Chart>> charts = {};  ///< rows of them
  std::vector<Image> images = {};
};

struct Experiment {
  std::string name;     ///< as it is typed
  std::string chapter;  ///< of the textbook: "Normalization"
  std::string title;    ///< "What scaling leaves as it is"
  std::string claim;    ///< a sentence that can be true or false
  std::string source;   ///< who claims it: "Ba, Kiros and Hinton 2016"
  /// The options it heeds beside the seed: "data, seeds, epochs, batch-size, limit, augment, long"
  /// or some of them. With data it heeds data-dir.
  std::string options = {};
  Report (*run)(const ExperimentOptions& options) = nullptr;

  bool heeds(std::string_view option) const;
};

/// The names of the chapters, in the order in which the experiments come to them.
std::vector<std::string> chapters(const std::vector<Experiment>& experiments);

}  // namespace gradus::lab
