// The samples that a model takes for another class.
#pragma once

#include <optional>
#include <vector>

#include "apps/pictures/sheet.hpp"
#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::app {

struct Mistake {
  int64_t sample = 0, truth = 0, guess = 0;
  double probability = 0;  ///< of the guess, as the model sees it
};

/// The samples whose prediction (i64, of each) isn't their label, the most confident mistakes
/// first. Dropout is off; the model stays as it was.
std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions);

/// The images of the first of them, 40 at most, with truth, guess and probability; nothing where
/// there are no mistakes, or samples aren't images of one or three channels.
std::optional<pictures::Sheet> mistake_sheet(const data::Dataset& dataset,
                                             const std::vector<Mistake>& mistakes);

}  // namespace gradus::app
