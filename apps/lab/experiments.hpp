// One function for each file of experiments/.
#pragma once

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

Experiment adadelta();
Experiment dropout();
Experiment invariance();
Experiment norms();
Experiment schedules();
Experiment lr_range();
Experiment augment();
Experiment search();

}  // namespace gradus::lab
