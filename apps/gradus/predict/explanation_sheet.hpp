// explanation_sheet: what decided the predictions of images, as a picture.
#pragma once

#include "apps/pictures/sheet.hpp"
#include "train/prediction/trained_model.hpp"

namespace gradus::app {

/// A class or number of an image.
struct ExplainedOutput {
  int64_t index;
  double prediction;  ///< its probability, or the number
};

/// An image, and what is explained of it.
struct ExplainedImage {
  std::string name;
  std::vector<ExplainedOutput> outputs;
};

/// A row of tiles for each image: the image as the network sees it, then for each of its outputs
/// the saliency (SmoothGrad) and, of a network with convolutions, Grad-CAM. `inputs` are the images
/// (N, C, H, W) before normalization, each with the same number of outputs.
pictures::Sheet explanation_sheet(const train::TrainedModel& model, const Tensor& inputs,
                                  const std::vector<ExplainedImage>& images, const Rng& rng);

}  // namespace gradus::app
