#include "apps/gradus/teacher.hpp"

#include <memory>

#include "apps/gradus/errors.hpp"
#include "apps/gradus/run_folder.hpp"
#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"

namespace gradus::app {
namespace {

// Of f32, to broadcast over samples.
Tensor values(const std::vector<double>& numbers) {
  const std::vector<float> floats(numbers.begin(), numbers.end());
  return Tensor::from(floats, {static_cast<int64_t>(floats.size())});
}

// From the scale of `from` to that of `to`.
Tensor rescaled(const Tensor& images, const data::Normalization& from,
                const data::Normalization& to) {
  if (from == to) return images;
  const Tensor plain = images * values(from.deviation) + values(from.mean);
  return (plain - values(to.mean)) / values(to.deviation);
}

}  // namespace

Teacher load_teacher(const std::string& path, const data::Dataset& train) {
  const auto saved = std::make_shared<SavedModel>(RunFolder::open(path).load_model());
  const ModelDescription& description = saved->description;
  if (description.options.input != train.sample_shape() ||
      description.options.classes != train.classes())
    throw UsageError(
        fmt::format("--teacher {} takes samples {} in {} classes, the data has {} in {}", path,
                    description.options.input, description.options.classes, train.sample_shape(),
                    train.classes()));
  saved->model.evaluate();
  return [saved, scale = train.normalization()](const Tensor& images) {
    const NoGrad no_grad;
    return saved->model(rescaled(images, scale, saved->description.normalization));
  };
}

}  // namespace gradus::app
