// Experiment: a claim from the literature and the function that tests it.
#pragma once

#include <functional>

#include "apps/pictures/chart.hpp"
#include "apps/pictures/table.hpp"

namespace gradus::lab {

using pictures::Chart;
using pictures::Column;
using pictures::Series;
using pictures::Table;
using pictures::TableCell;

/// Options of a run. Each experiment has its own defaults for those that are not set.
struct ExperimentOptions {
  std::string data = "digits";  ///< a data set of data::sources(), a folder or a file
  std::string data_dir = {};
  uint64_t seed = 0;                   ///< seed of the first run; the next one has seed + 1
  std::optional<int64_t> seeds = {};   ///< number of runs of everything random
  std::optional<int64_t> epochs = {};  ///< passes over the training set
  std::optional<int64_t> batch_size = {};
  std::optional<int64_t> limit = {};  ///< largest number of training samples
  std::string augment = {};           ///< augmentation text for data::augment()
  bool longer = false;                ///< the size of the paper instead of two minutes
  bool small = false;                 ///< the smallest size that shows the effect: seconds
  /// Called many times a second with the current task: "layer, seed 1, epoch 3". An exception
  /// that it throws ends the run.
  std::function<void(const std::string& now)> progress = {};

  void report(const std::string& now) const {
    if (progress) progress(now);
  }
};

/// What the runs say about a part of a claim.
enum class Finding {
  holds,
  fails,
  unclear,     ///< the 95 % interval contains both
  not_judged,  ///< this run didn't measure it
};

/// A part of a claim, judged by itself: see measure/parts.hpp.
struct Part {
  std::string says;  ///< a clause: "momentum is faster along the valley"
  Finding finding = Finding::not_judged;
  std::string numbers = {};  ///< those that decide
};

enum class Outcome { holds, in_part, fails, undecided };

/// The verdict on a claim, which follows from its parts.
struct Verdict {
  std::vector<Part> parts = {};
  std::string remark = {};      ///< sentences with what else was found
  std::string not_tested = {};  ///< what the claim doesn't say, but readers might conclude

  /// Holds if all parts hold; in part if some do. If none does: fails if one fails, else undecided.
  Outcome outcome() const;
};

/// "holds", "fails", "not clear", "not judged".
std::string to_string(Finding finding);
/// "holds", "holds in part", "doesn't hold", "isn't decided".
std::string to_string(Outcome outcome);
/// "holds: momentum is faster along the valley; -3.0 (95 % interval -5.9 to -0.1, 8 seeds)".
std::string to_string(const Part& part);
/// The remark and what wasn't tested, in sentences; empty if there is neither.
std::string remarks(const Verdict& verdict);

/// An SVG file beside the charts.
struct Image {
  std::string name;   ///< file name without ".svg"
  std::string title;  ///< a sentence about its content
  std::string svg;    ///< text of the file
};

/// The result of an experiment.
struct Report {
  Verdict verdict = {};
  std::string measured = {};  ///< what was measured and on which data, in a sentence or two
  std::vector<Table> tables = {};
  std::vector<std::vector<Chart>> charts = {};  ///< rows of them
  std::vector<Image> images = {};
};

struct Experiment {
  std::string name;     ///< its name on the command line
  std::string chapter;  ///< of the textbook: "Normalization"
  std::string title;    ///< "Invariance to scaling"
  std::string claim;    ///< a sentence that is true or false
  std::string source;   ///< its source: "Ba, Kiros and Hinton 2016"
  /// The options it supports besides the seed: "data, seeds, epochs, batch-size, limit, augment,
  /// long" or some of them. `data` includes data-dir.
  std::string options = {};
  Report (*run)(const ExperimentOptions& options) = nullptr;

  bool supports(std::string_view option) const;
};

/// The names of the chapters, in the order of the experiments.
std::vector<std::string> chapters(const std::vector<Experiment>& experiments);

}  // namespace gradus::lab
