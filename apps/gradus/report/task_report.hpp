// JudgedModel: a model's predictions of a set and their scores; TaskReport: how report.json, the
// page and the terminal show them, for each task.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "apps/gradus/report/run_page.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/evaluate.hpp"

namespace gradus::app {

/// A model's predictions of a set and their scores.
struct JudgedModel {
  data::Dataset data;            ///< the set
  std::string set_name;          ///< "test" or "validation"
  train::Evaluation evaluation;  ///< of the model on the set
  Tensor judged;                 ///< Evaluation::measured
  std::vector<train::Score> scores;
  std::optional<pictures::Sheet> mistakes = {};  ///< misclassified images

  const train::Task& task() const { return train::task_of(data); }
  /// The score of the task that epochs report, with its interval.
  const train::Score& main_score() const;
  /// "accuracy 98.33 % (95 % interval 97.17 to 99.03), loss 0.0512".
  std::string summary() const;
};

/// Evaluates a model on a set and computes its scores, with intervals by `rng`.
JudgedModel judge(layers::Module& model, const data::Dataset& data, const std::string& set_name,
                  const train::Loss& loss, const Rng& rng);
/// The scores of `judged`, such as the mean probabilities of several views.
JudgedModel judge(const data::Dataset& data, const std::string& set_name,
                  train::Evaluation evaluation, const Tensor& judged, const Rng& rng);

/// What the program shows of a task besides its scores: a row for each task.
struct TaskReport {
  data::TargetKind kind;
  /// Adds what the task has to report.json and to `evaluate --json`.
  void (*add_to)(Json& json, const JudgedModel& model);
  /// Adds pictures and tables to the page.
  void (*draw)(RunPage& page, const JudgedModel& model);
  /// Lines for the terminal, at most `width` columns wide: after a training a short text, for
  /// evaluate the whole.
  std::string (*text)(const JudgedModel& model, std::size_t width, bool is_short);
};

/// The report of the task of these targets.
const TaskReport& report_of(data::TargetKind kind);

// One file each.
TaskReport report_of_classes();  ///< scores of each class, confusions, curves, misclassified images
TaskReport report_of_labels();   ///< scores of each label
TaskReport report_of_numbers();  ///< predictions over targets, residuals
TaskReport report_of_tokens();   ///< the passages that are predicted best and worst

}  // namespace gradus::app
