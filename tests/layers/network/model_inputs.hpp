// options_for, inputs_for: options and inputs that fit any named model.
#pragma once

#include "core/ops/creation.hpp"
#include "layers/network/models.hpp"

namespace gradus::layers {

/// The options `of_images`, or for a model of texts those of windows of six of as many tokens.
inline ModelOptions options_for(std::string_view model, ModelOptions of_images) {
  if (!model.starts_with("gpt")) return of_images;
  of_images.input = {6};
  of_images.tokens = of_images.classes;
  return of_images;
}

/// Random images, vectors, or tokens, (n, input…).
inline Tensor inputs_for(const ModelOptions& options, int64_t n, Rng& rng,
                         DType dtype = DType::f32) {
  const Shape shape = options.input.inserted(0, n);
  return options.tokens > 0 ? randint(0, options.tokens, shape, rng) : randn(shape, rng, dtype);
}

}  // namespace gradus::layers
