// cross_entropy, hinge_loss …: loss functions of classes; those of each element are in
// elementwise_loss.hpp. N is the batch size, C the number of classes, labels are i64 in 0 … C-1.
// Errors: std::invalid_argument; the error for a label out of range gives its position.
#pragma once

#include <functional>
#include <optional>

#include "core/ops/loss/elementwise_loss.hpp"

namespace gradus {

/// Options of cross_entropy().
struct CrossEntropyOptions {
  /// (C): a factor for each class; undefined means ones. With weights, the mean divides by the sum
  /// of the labels' weights instead of N.
  Tensor weight = {};
  Reduction reduction = Reduction::mean;  ///< of the rows' losses
  /// ε, 0 … 1 (Szegedy et al. 2016): the target is (1 − ε)·one-hot + ε/C.
  double label_smoothing = 0;
  /// The other convention: 1 − ε for the label and ε/(C − 1) for each wrong class.
  bool smooth_wrong_classes_only = false;
  /// Labels equal to it don't count: their loss is 0, and the mean is that of the others.
  std::optional<int64_t> ignore_index = {};
};

/// −log softmax(logits)[label] of each row: logits (N, C), labels (N); or of each place: logits
/// (N, C, …), labels (N, …).
Tensor cross_entropy(const Tensor& logits, const Tensor& labels,
                     const CrossEntropyOptions& options = {});

/// −Σ target·log softmax(logits) of each row: both (N, C), the targets' rows are probabilities. The
/// mean is over rows.
Tensor soft_cross_entropy(const Tensor& logits, const Tensor& target,
                          Reduction reduction = Reduction::mean);

/// Options of nll_loss().
struct NllOptions {
  Tensor weight = {};                     ///< (C), as in CrossEntropyOptions
  Reduction reduction = Reduction::mean;  ///< of the rows' losses
};

/// −log_probs[label] of each row: log_probs (N, C), labels (N).
Tensor nll_loss(const Tensor& log_probs, const Tensor& labels, const NllOptions& options = {});

/// Σⱼ max(0, margin − logits[label] + logits[j])/C over the wrong classes j (the multi-class margin
/// loss, Crammer and Singer 2001): logits (N, C), labels (N).
Tensor hinge_loss(const Tensor& logits, const Tensor& labels, double margin = 1,
                  Reduction reduction = Reduction::mean);

/// Options of focal_loss().
struct FocalOptions {
  double gamma = 2;                       ///< γ ≥ 0; 0 is cross-entropy
  Tensor alpha = {};                      ///< (C): a factor for each class; undefined means ones
  Reduction reduction = Reduction::mean;  ///< of the rows' losses
};

/// −α[label]·(1 − p)^γ·log p of each row, with p = softmax(logits)[label] (Lin et al. 2017, there
/// for two classes): rows that are classified correctly with high probability count less. The mean
/// divides by the number of rows, also with α. logits (N, C) with C ≥ 2, labels (N).
Tensor focal_loss(const Tensor& logits, const Tensor& labels, const FocalOptions& options = {});

/// Options of distillation_loss().
struct DistillationOptions {
  double temperature = 2;  ///< T > 0: larger values soften the teacher's probabilities
  double alpha = 0.5;      ///< weight of the labels, 0 … 1
};

/// α·cross_entropy(student, labels) + (1 − α)·T²·KL(softmax(teacher/T) ‖ softmax(student/T)), mean
/// over rows (Hinton et al. 2015): student, teacher (N, C), labels (N). No gradient flows to the
/// teacher.
Tensor distillation_loss(const Tensor& student, const Tensor& teacher, const Tensor& labels,
                         const DistillationOptions& options = {});

/// 1 − c where y is 1, max(0, c − margin) where it is −1, for the cosine c of each pair of rows
/// (PyTorch's CosineEmbeddingLoss): x1, x2 (N, D), y i64 (N), −1 ≤ margin ≤ 1. c = x1·x2 /
/// √((‖x1‖² + ε)(‖x2‖² + ε)) with ε = 1e-12, so that it is 0 for a row of zeros.
Tensor cosine_embedding_loss(const Tensor& x1, const Tensor& x2, const Tensor& y, double margin = 0,
                             Reduction reduction = Reduction::mean);

/// Options of triplet_margin_loss().
struct TripletMarginOptions {
  double margin = 1;  ///< how much farther the negative must be; positive
  double p = 2;       ///< of the norm; 1 or more, infinity too
  double eps = 1e-6;  ///< added to each difference: the derivative is defined for equal rows
  /// The distance of the negative is that of the nearer of anchor and positive (Balntas et al.
  /// 2016).
  bool swap = false;
  Reduction reduction = Reduction::mean;  ///< of the rows' losses
};

/// max(0, d(anchor, positive) − d(anchor, negative) + margin) of each row, with d(u, v) = ‖u − v +
/// eps‖ₚ along the last dimension (PyTorch's TripletMarginLoss): all three (…, D) → (…).
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginOptions& options = {});

/// A loss function of a batch: outputs (N, …) of a model and targets (N, …).
using LossFunction = std::function<Tensor(const Tensor& outputs, const Tensor& targets)>;

}  // namespace gradus
