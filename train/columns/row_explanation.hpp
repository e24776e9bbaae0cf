// explain: what each cell of a row contributes to a model's prediction.
#pragma once

#include "train/columns/column_importance.hpp"
#include "train/prediction/trained_model.hpp"

namespace gradus::train {

/// Options of explain(): how the model's inputs and outputs are read.
struct ExplainOptions {
  data::Normalization normalization = {};             ///< of the samples; default: none
  data::TargetKind kind = data::TargetKind::classes;  ///< what is predicted
  Loss loss = {};                                     ///< default: that of the kind's task
  data::TargetScale scale = {};                       ///< of numbers; default: none
};

/// How the prediction of each sample changes by each of its cells: the prediction as it is, minus
/// that with the column's features replaced by those of a missing cell,
///
///     f(x) − f(x with the features of column j from `missing`).
///
/// samples f32 (N, F), encoded but not normalized; missing (F), as of TableEncoding::missing_row()
/// → f64 (N, columns, O). For classes O is 1: the probability of the class that is predicted for
/// the sample as it is. For labels it is the probability of each label, and for numbers each
/// number, without their scale. Positive: the cell raises it. 0 for a cell that is missing, since
/// nothing is replaced. The contributions of a row needn't sum to its prediction.
///
/// The model is in evaluation mode without gradients, and doesn't change; it predicts each sample
/// once for each column. Throws std::invalid_argument for other samples, another number of
/// features in `missing`, or no columns or such of other features.
Tensor explain(layers::Module& model, const Tensor& samples, std::span<const FeatureRange> columns,
               std::span<const float> missing, const ExplainOptions& options = {});

/// The same for a model that was trained on a table, whose encoding has its columns and the row of
/// missing cells: samples as of TableEncoding::encode(), f32 (N, F). Also throws
/// std::invalid_argument for a model of other data.
Tensor explain(const TrainedModel& model, const Tensor& samples);

}  // namespace gradus::train
