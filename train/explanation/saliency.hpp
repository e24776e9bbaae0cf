// saliency, integrated_gradients: which values of an input decide the score of a class.
#pragma once

#include "core/random.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// Options of saliency().
struct SaliencyOptions {
  /// SmoothGrad: the number of noisy copies whose gradients are averaged; 0: none, the gradient at
  /// the input itself. 25 to 50 is usual.
  int64_t copies = 0;
  /// Standard deviation of the noise, as a part of the difference between a sample's largest and
  /// smallest value; 0 or more.
  double noise = 0.15;
  Rng rng = Rng(0);  ///< draws the noise; copy i draws from rng.fork(i)
};

/// The size of the gradient of a class's score S_c, the model's output before the softmax, by each
/// value of the input (Simonyan, Vedaldi and Zisserman 2014, "Deep inside convolutional networks"):
///
///     |∂S_c/∂x|, of images the largest over the channels.
///
/// With `copies` it is SmoothGrad (Smilkov et al. 2017): the size of the mean gradient over copies
/// of the input with normal noise, which is less grainy.
///
/// inputs f32 or f64 (N, C, H, W) → (N, H, W); any other (N, …) keeps its shape. classes i64 (N):
/// the class of each sample. Large where a small change of the input changes the score most, be it
/// up or down.
///
/// The model is in evaluation mode; its mode, its values and the gradients of its parameters stay
/// as they are. Throws std::invalid_argument for other inputs or classes, a model whose outputs
/// aren't (N, K), and options out of range.
Tensor saliency(layers::Module& model, const Tensor& inputs, const Tensor& classes,
                const SaliencyOptions& options = {});

/// Options of integrated_gradients().
struct IntegratedGradientsOptions {
  /// x′, where the path begins: of the shape of the inputs or of one sample; undefined: zeros,
  /// which is a black image.
  Tensor baseline = {};
  int64_t steps = 50;  ///< places on the path; 1 or more
};

/// What each value of the input adds to a class's score S_c on the way from a baseline x′
/// (Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks"):
///
///     (x − x′)·∫₀¹ ∂S_c(x′ + α(x − x′))/∂x dα
///
/// by the midpoint rule. Of the inputs' shape and type; negative where the value speaks against the
/// class. The sum over a sample's values is S_c(x) − S_c(x′), up to the error of the rule: more
/// steps make it smaller. Otherwise like saliency().
Tensor integrated_gradients(layers::Module& model, const Tensor& inputs, const Tensor& classes,
                            const IntegratedGradientsOptions& options = {});

}  // namespace gradus::train
