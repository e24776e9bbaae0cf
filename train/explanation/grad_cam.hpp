// grad_cam: which places of an image decide the score of a class; convolutions.
#pragma once

#include "layers/module.hpp"

namespace gradus::train {

/// Options of grad_cam().
struct GradCamOptions {
  /// The path of the layer whose maps are used, such as "3", as in a state dict without ".weight";
  /// any layer that returns (N, K, h, w) will do. Empty: the last Conv2d that is called, of those
  /// with maps of more than one pixel if there are some.
  std::string layer = {};
};

/// The places whose features speak for a class, from the maps A_k (N, K, h, w) of a layer and the
/// class's score S_c, the model's output before the softmax (Selvaraju et al. 2017, "Grad-CAM"):
///
///     L = max(0, Σ_k α_k·A_k), α_k = mean over the places of ∂S_c/∂A_k.
///
/// inputs f32 or f64 (N, C, H, W), classes i64 (N) → (N, H, W): L in the size of the input by
/// bilinear interpolation. 0 or more; the scale is that of the score and differs between samples.
/// Coarser than saliency(), since the maps are, and of one class more than of the others.
///
/// The model is in evaluation mode; its mode, its values and the gradients of its parameters stay
/// as they are. Throws std::invalid_argument for other inputs or classes, a model whose outputs
/// aren't (N, K) or that has no convolution, and for a layer that the model doesn't have or that
/// doesn't return maps.
Tensor grad_cam(layers::Module& model, const Tensor& inputs, const Tensor& classes,
                const GradCamOptions& options = {});

/// The paths of the model's Conv2d layers, in the order of its members.
std::vector<std::string> convolutions(layers::Module& model);

}  // namespace gradus::train
