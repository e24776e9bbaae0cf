// mistake_sheet: pictures of the samples that a model takes for another class.
#pragma once

#include <optional>
#include <vector>

#include "apps/pictures/sheet.hpp"
#include "data/dataset.hpp"
#include "train/mistakes.hpp"

namespace gradus::app {

/// The images of the first of them, 40 at most, with truth, guess and probability; nothing where
/// there are no mistakes, or samples aren't images of one or three channels.
std::optional<pictures::Sheet> mistake_sheet(const data::Dataset& dataset,
                                             const std::vector<train::Mistake>& mistakes);

}  // namespace gradus::app
