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
Experiment affine();
Experiment batch_normalization();
Experiment init_scale();
Experiment layer_normalization();
Experiment group_normalization();
Experiment cosine_normalization();
Experiment local_response();
Experiment whitening();
Experiment initialization();
Experiment symmetry();
Experiment valley();
Experiment bias_correction();
Experiment batch_size();
Experiment flat_minima();
Experiment weight_decay();
Experiment sparsity();
Experiment recurrent_dropout();
Experiment regularizers();
Experiment feature_scale();
Experiment criteria();
Experiment divergences();
Experiment clipping();
Experiment gradient_check();

}  // namespace gradus::lab
