#include "train/columns/row_explanation.hpp"

#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"

namespace gradus::train {
namespace {

constexpr const char* explain_name = "explain";

// Replaces a column's features in all rows of x (N, F) by `row` (F).
void replace_column(Tensor& x, const FeatureRange& column, std::span<const float> row) {
  for (int64_t i = 0; i < x.size(0); ++i)
    std::copy(row.begin() + column.first, row.begin() + column.second,
              x.mutable_data<float>() + i * x.size(1) + column.first);
}

// Copies a column's features from all rows of `from` to those of x, both (N, F).
void restore_column(Tensor& x, const FeatureRange& column, const Tensor& from) {
  for (int64_t i = 0; i < x.size(0); ++i)
    std::copy_n(from.data<float>() + i * x.size(1) + column.first, column.second - column.first,
                x.mutable_data<float>() + i * x.size(1) + column.first);
}

// probabilities (N, K) → (N, 1), of the class of each sample.
Tensor probability_of_classes(const Tensor& probabilities, const Tensor& classes) {
  Tensor result = Tensor::empty({classes.numel(), 1}, DType::f64);
  for (int64_t i = 0; i < classes.numel(); ++i)
    result.mutable_data<double>()[i] =
        probabilities.data<double>()[i * probabilities.size(1) + classes.data<int64_t>()[i]];
  return result;
}

}  // namespace

Tensor explain(layers::Module& model, const Tensor& samples, std::span<const FeatureRange> columns,
               std::span<const float> missing, const ExplainOptions& options) {
  require(samples.dtype() == DType::f32 && samples.rank() == 2 && samples.numel() > 0, explain_name,
          "samples must be f32 (N, F), got {} {}", to_string(samples.dtype()), samples.shape());
  const int64_t features = samples.size(1);
  require(std::ssize(missing) == features, explain_name,
          "the row of missing cells needs {} features, got {}", features, missing.size());
  require(!columns.empty(), explain_name, "at least one column is needed");
  detail::require_columns(explain_name, columns, features);

  const auto scope = model.evaluation_scope();
  const Task& task = task_of(options.kind);
  const Loss loss = options.loss ? options.loss : task.default_loss();
  const auto outputs_for = [&](const Tensor& x) {
    return detail::outputs_in_parts(model, options.normalization(x));
  };
  const Tensor outputs = outputs_for(samples);
  Tensor classes;
  if (options.kind == data::TargetKind::classes)
    classes = task.predictions(outputs, loss, options.scale);
  const auto predicted = [&](const Tensor& from) {
    const Tensor judged = cast(task.judged(from, loss, options.scale), DType::f64);
    return classes.defined() ? probability_of_classes(judged, classes) : judged;
  };
  const Tensor whole = predicted(outputs);
  Tensor changed = samples.clone();
  Tensors changes;
  for (const FeatureRange& column : columns) {
    replace_column(changed, column, missing);
    changes.push_back(whole - predicted(outputs_for(changed)));
    restore_column(changed, column, samples);
  }
  return stack(changes, 1);
}

Tensor explain(const TrainedModel& model, const Tensor& samples) {
  const ModelDescription& description = model.description();
  require(description.table.has_value(), explain_name, "the model wasn't trained on a table");
  const data::TableEncoding& encoding = description.table->encoding;
  const PredictedTargets& targets = description.targets;
  return explain(model.network(), samples, encoding.column_ranges(), encoding.missing_row(),
                 {.kind = targets.kind,
                  .loss = make_loss(targets.kind, targets.loss),
                  .scale = targets.scale});
}

}  // namespace gradus::train
