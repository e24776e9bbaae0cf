#include "train/explanation/grad_cam.hpp"

#include <algorithm>

#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/image_operations.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "layers/convolution.hpp"
#include "train/explanation/chosen_scores.hpp"

namespace gradus::train {
namespace {

constexpr const char* grad_cam_name = "grad_cam";

bool is_convolution(const layers::Module& module) {
  return dynamic_cast<const layers::Conv2d*>(&module) != nullptr;
}

// The layer with that path, or null for an empty one.
const layers::Module* layer_at(layers::Module& model, const std::string& path) {
  const std::vector<std::string> all = convolutions(model);
  if (path.empty()) {
    require(!all.empty(), grad_cam_name, "the model has no convolution: {}", model.description());
    return nullptr;
  }
  const layers::Members members(model);
  const auto& modules = members.modules();
  const auto found =
      std::ranges::find_if(modules, [&](const auto& named) { return named.first == path; });
  require(found != modules.end(), grad_cam_name, "unknown layer '{}': the convolutions are {}",
          path, all.empty() ? "none" : fmt::format("{}", fmt::join(all, ", ")));
  return found->second;
}

// Keeps the maps of the layer while the model is called.
class MapsOfLayer {
 public:
  // Null: the last convolution.
  explicit MapsOfLayer(const layers::Module* layer)
      : observer_([this, layer](const layers::Module& module, const Tensor&, const Tensor& output) {
          if (layer ? &module == layer : is_better_default(module, output)) maps_ = output;
        }) {}

  const Tensor& maps() const { return maps_; }

 private:
  static bool has_places(const Tensor& maps) { return maps.size(2) * maps.size(3) > 1; }
  bool is_better_default(const layers::Module& module, const Tensor& output) const {
    return is_convolution(module) && (!maps_.defined() || has_places(output) || !has_places(maps_));
  }

  Tensor maps_;
  layers::CallObserver observer_;
};

}  // namespace

std::vector<std::string> convolutions(layers::Module& model) {
  std::vector<std::string> paths;
  const layers::Members members(model);
  for (const auto& [path, module] : members.modules())
    if (is_convolution(*module)) paths.push_back(path);
  return paths;
}

Tensor grad_cam(layers::Module& model, const Tensor& inputs, const Tensor& classes,
                const GradCamOptions& options) {
  detail::require_samples(grad_cam_name, inputs, classes);
  require(inputs.rank() == 4, grad_cam_name, "inputs must be images (N, C, H, W), got {}",
          inputs.shape());
  const layers::Module* const layer = layer_at(model, options.layer);
  const std::string name = options.layer.empty() ? "" : " " + options.layer;
  const int64_t height = inputs.size(2), width = inputs.size(3);
  const layers::EvaluationScope evaluation(model);
  return detail::in_parts(inputs.size(0), [&](int64_t first, int64_t count) {
    Tensor maps, weights;
    {
      const GradMode recording(true);
      const MapsOfLayer of_layer(layer);
      const Tensor outputs = model(detail::as_leaf(row_view(inputs, first, count)));
      maps = of_layer.maps();
      require(maps.defined(), grad_cam_name, "the model doesn't call layer{}", name);
      require(maps.rank() == 4 && maps.size(0) == count, grad_cam_name,
              "layer{} must return maps ({}, K, h, w), got {}", name, count, maps.shape());
      const Tensor scores =
          detail::chosen_scores(grad_cam_name, outputs, row_view(classes, first, count));
      const Tensor gradient = grad({sum(scores)}, {maps}, {.allow_unused = true})[0];
      weights = gradient.defined() ? gradient : Tensor::zeros(maps.shape(), maps.dtype());
    }
    const Tensor map = sum(mean(weights, {2, 3}, true) * maps.detach(), {1}, true);
    return reshape(
        interpolate(relu(map), {.size = {height, width}, .mode = Interpolation::bilinear}),
        {count, height, width});
  });
}

}  // namespace gradus::train
