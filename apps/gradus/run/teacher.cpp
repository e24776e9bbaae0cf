#include "apps/gradus/run/teacher.hpp"

#include <memory>

#include "apps/gradus/cli/errors.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "core/autograd.hpp"

namespace gradus::app {
Teacher load_teacher(const std::string& path, const data::Dataset& train) {
  const auto saved = std::make_shared<SavedModel>(RunFolder::open(path).load_model());
  const ModelDescription& description = saved->description;
  const Shape sample = train.normalized({}).sample_shape();
  if (description.sample != sample || description.options.classes != train.classes())
    throw UsageError(
        fmt::format("--teacher {} takes samples {} in {} classes, the data has {} in {}", path,
                    description.sample, description.options.classes, sample, train.classes()));
  saved->model.evaluate();
  return [saved](const Tensor& samples) {
    const NoGrad no_grad;
    return saved->model(saved->description.normalization(samples));
  };
}

}  // namespace gradus::app
