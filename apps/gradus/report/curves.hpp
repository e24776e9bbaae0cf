// How a training went, epoch by epoch.
#pragma once

#include <string>
#include <vector>

#include "apps/pictures/chart.hpp"
#include "train/fit.hpp"

namespace gradus::app {

/// A column of the history over its epochs, times `scale`.
pictures::Series series_of(const std::string& name, const train::History& history,
                           double train::EpochRecord::*column, double scale);

/// Loss and accuracy over the epochs, in training and on what judges them, "test" or "held-out".
std::vector<pictures::Chart> curves(const train::History& history, const std::string& judge);

/// The losses in block characters, at most `width` wide; empty for fewer than two epochs.
std::string loss_blocks(const train::History& history, const std::string& judge, std::size_t width);

}  // namespace gradus::app
