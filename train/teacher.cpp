#include "train/teacher.hpp"

namespace gradus::train {

Teacher make_teacher(SavedModel saved, const data::Dataset& train) {
  const ModelDescription& description = saved.description;
  const Shape sample = train.normalized({}).sample_shape();
  require(description.sample == sample && description.options.classes == train.classes(), "teacher",
          "the data must have samples {} in {} classes, got {} in {}", description.sample,
          description.options.classes, sample, train.classes());
  const auto teacher = std::make_shared<SavedModel>(std::move(saved));
  teacher->model.evaluate();
  return [teacher](const Tensor& samples) {
    const NoGrad no_grad;
    return teacher->model(teacher->description.normalization(samples));
  };
}

}  // namespace gradus::train
