// How a training went, epoch by epoch.
#pragma once

#include <string>
#include <vector>

#include "apps/gradus/train/trainer.hpp"
#include "apps/pictures/chart.hpp"

namespace gradus::app {

/// A column of the history over its epochs, times `scale`.
pictures::Series series_of(const std::string& name, const std::vector<EpochRecord>& history,
                           double EpochRecord::*column, double scale);

/// Loss and accuracy over the epochs, in training and on what judges them, "test" or "held-out".
std::vector<pictures::Chart> curves(const std::vector<EpochRecord>& history,
                                    const std::string& judge);

/// The losses in block characters, at most `width` wide; empty for fewer than two epochs.
std::string loss_blocks(const std::vector<EpochRecord>& history, const std::string& judge,
                        std::size_t width);

}  // namespace gradus::app
