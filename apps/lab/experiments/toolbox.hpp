// The common headers of experiments: Gradus, and the lab's functions to measure, train and draw.
#pragma once

#include <cmath>
#include <numbers>

#include "apps/lab/draw/lines.hpp"
#include "apps/lab/measure/parts.hpp"
#include "apps/lab/measure/tensors.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab {

using namespace gradus::layers;
using pictures::log_log;
using pictures::log_x;
using pictures::log_y;

}  // namespace gradus::lab
