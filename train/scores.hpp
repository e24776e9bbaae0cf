// classification_scores, label_scores, regression_scores: scores of a model with their intervals;
// mcnemar, paired_bootstrap: whether two models differ. Errors: std::invalid_argument.
#pragma once

#include "core/statistics.hpp"
#include "core/text/registry.hpp"
#include "data/resampled_metric.hpp"
#include "data/targets.hpp"

namespace gradus::train {

/// How the interval of a score is computed.
enum class IntervalKind : uint8_t {
  wilson,     ///< wilson_interval(): for a fraction of the samples, if they have no weights
  bootstrap,  ///< percentiles of draws from the samples, with replacement
};

/// How one score is computed and judged: a row of scores().
struct ScoreRule {
  bool larger_is_better;   ///< false for losses and errors
  IntervalKind interval;   ///< of the score
  int64_t fewest_classes;  ///< with fewer classes the score says nothing and is left out
  /// The score of `targets` and `outputs`: of classes (N) and probabilities (N, K), of labels and
  /// probabilities (N, L), or of numbers.
  data::ResampledMetric (*metric)(const Tensor& targets, const Tensor& outputs);
};

/// The table of scores for one kind of targets. A name is that of report.json without "test_"; it
/// means the same for several kinds: `accuracy` is the fraction of the decisions that are right.
const Registry<ScoreRule>& scores(data::TargetKind kind);

/// The names of the scores of all kinds of targets, each once.
std::vector<std::string> score_names();

/// A score with its interval.
struct Score {
  std::string name;        ///< of a row of scores()
  double value = 0;        ///< of the samples; NaN where it is undefined
  Interval interval = {};  ///< of 95 %; NaN where the value is NaN
};

/// The number of draws of a bootstrap.
constexpr int64_t bootstrap_draws = 1000;

/// The scores of predicted classes, in the order of their table. `targets` are i64 (N), N ≥ 1,
/// `probabilities` f32 or f64 (N, K), 0 … 1 with sum 1; data::probabilities() computes them from
/// logits. All bootstrap intervals are from the same draws: the same for any number of threads.
///
/// A score that is undefined is NaN, and so is its interval: `auc` where all targets are of one
/// class. All scores are NaN if one of the probabilities is. `log_loss` is infinite where the
/// probability of a target is 0. A draw for which a score is undefined is left out of its interval;
/// a mean over the classes that occur is over those that occur in the draw. `calibration_error` is
/// larger in draws than in the samples, so that a small one can lie below its interval.
///
/// `weights` are f32 or f64 (N), finite, 0 or more and not all 0: how much each sample counts, in
/// the values and in the draws. Undefined means ones. With weights all intervals are bootstrap
/// intervals.
///
/// The time is proportional to N·K·draws: a third of a second for 10,000 samples of ten classes on
/// two processors.
std::vector<Score> classification_scores(const Tensor& targets, const Tensor& probabilities,
                                         const Rng& rng, int64_t draws = bootstrap_draws,
                                         const Tensor& weights = {});

/// The scores of predicted labels: `targets` and `probabilities` are f32 or f64 (N, L), N and L ≥
/// 1, of 0 or 1 and of 0 … 1. `auc` is NaN where each label has the same value for all samples,
/// `average_precision` where none is true; all scores are NaN if one of the probabilities is.
/// Weights are those of classification_scores().
std::vector<Score> label_scores(const Tensor& targets, const Tensor& probabilities, const Rng& rng,
                                int64_t draws = bootstrap_draws, const Tensor& weights = {});

/// The scores of predicted numbers: `targets` and `predictions` are f32 or f64, both (N) or both
/// (N, D), N ≥ 1. `r2` is NaN where all targets are equal, as for one sample. All scores are NaN if
/// one of the numbers is. Weights are those of classification_scores().
std::vector<Score> regression_scores(const Tensor& targets, const Tensor& predictions,
                                     const Rng& rng, int64_t draws = bootstrap_draws,
                                     const Tensor& weights = {});

/// The numbers of a window that token_scores() needs.
inline constexpr int64_t token_measures = 4;
/// The scores of predicted tokens. `measured` is f64 (N, 4), a row for each window of a text: Σ −ln
/// p(token) over its targets, their number, that of their characters, and how many of them were
/// predicted. The bootstrap draws windows: what is alike in neighbouring ones makes intervals too
/// narrow rather than too wide.
std::vector<Score> token_scores(const Tensor& measured, const Rng& rng,
                                int64_t draws = bootstrap_draws);

/// The result of mcnemar().
struct McNemar {
  int64_t only_a = 0;  ///< samples that only the first model has right
  int64_t only_b = 0;  ///< samples that only the second model has right
  double p_value = 1;  ///< see mcnemar_p_value()
};

/// McNemar's exact test of two models on the same samples, for their accuracy: all three are i64
/// (N), N ≥ 1. Samples that both have right, or both wrong, don't matter.
McNemar mcnemar(const Tensor& targets, const Tensor& predictions_a, const Tensor& predictions_b);

/// The result of paired_bootstrap().
struct ScoreDifference {
  double value = 0;        ///< the score of a minus that of b; NaN where one is undefined
  Interval interval = {};  ///< of 95 %; NaN where the value is NaN
  /// Whether the interval lies above or below 0.
  bool is_clear() const { return interval.low > 0 || interval.high < 0; }
};

/// The difference of two models' scores on the same samples: each draw is for both, so what they
/// have in common cancels out. The score is one for that kind of targets; `a` and `b` are
/// probabilities or numbers, as it needs them. See classification_scores(), label_scores() and
/// regression_scores() for what is undefined. Throws for an unknown score.
ScoreDifference paired_bootstrap(data::TargetKind kind, std::string_view score,
                                 const Tensor& targets, const Tensor& a, const Tensor& b,
                                 const Rng& rng, int64_t draws = bootstrap_draws);

}  // namespace gradus::train
