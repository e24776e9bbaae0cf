// make: the experiment of each file in experiments/, in a namespace of its own.
#pragma once

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

namespace adadelta_experiment {
Experiment make();
}
namespace dropout_experiment {
Experiment make();
}
namespace invariance_experiment {
Experiment make();
}
namespace norms_experiment {
Experiment make();
}
namespace schedules_experiment {
Experiment make();
}
namespace lr_range_experiment {
Experiment make();
}
namespace augment_experiment {
Experiment make();
}
namespace search_experiment {
Experiment make();
}
namespace affine_experiment {
Experiment make();
}
namespace batch_normalization_experiment {
Experiment make();
}
namespace init_scale_experiment {
Experiment make();
}
namespace layer_normalization_experiment {
Experiment make();
}
namespace group_normalization_experiment {
Experiment make();
}
namespace cosine_normalization_experiment {
Experiment make();
}
namespace local_response_experiment {
Experiment make();
}
namespace whitening_experiment {
Experiment make();
}
namespace initialization_experiment {
Experiment make();
}
namespace symmetry_experiment {
Experiment make();
}
namespace valley_experiment {
Experiment make();
}
namespace bias_correction_experiment {
Experiment make();
}
namespace batch_size_experiment {
Experiment make();
}
namespace flat_minima_experiment {
Experiment make();
}
namespace weight_decay_experiment {
Experiment make();
}
namespace sparsity_experiment {
Experiment make();
}
namespace recurrent_dropout_experiment {
Experiment make();
}
namespace regularizers_experiment {
Experiment make();
}
namespace feature_scale_experiment {
Experiment make();
}
namespace criteria_experiment {
Experiment make();
}
namespace divergences_experiment {
Experiment make();
}
namespace clipping_experiment {
Experiment make();
}
namespace gradient_check_experiment {
Experiment make();
}

}  // namespace gradus::lab
