// predict_pictures, predict_table: print the predictions of models for images and for tables.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "data/picture/fit_image.hpp"
#include "train/prediction/trained_model.hpp"

namespace gradus::app {

/// The options of predict.
struct PredictOptions {
  std::string invert = "auto", show, out, header;
  bool no_fit = false, json = false, explain = false;
  int64_t top = 3, seed = 0;
  std::optional<int64_t> predictions, threads;
};

/// When black and white are exchanged, by name.
const Registry<data::Invert>& inversions();

/// The models of a run, or of the runs of several seeds or folds, which predict together.
using Models = std::vector<train::TrainedModel>;

/// Prints the classes of images.
void predict_pictures(const Models& models, const Arguments& images, const PredictOptions& options);

/// Prints or writes the predictions for the rows of a table; "-" is the standard input.
void predict_table(const Models& models, const std::string& path, const PredictOptions& options);

}  // namespace gradus::app
