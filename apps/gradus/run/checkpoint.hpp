// write_checkpoint, read_checkpoint: all that it takes to resume a training, as one file.
#pragma once

#include <string>

#include "apps/gradus/run/model_description.hpp"
#include "apps/gradus/train/trainer.hpp"

namespace gradus::app {

/// Model, optimizer, average, best weights, random generators and `state`, with a checksum over all
/// of it: a training that goes on from here gives the bits of one that was never interrupted.
/// `config`, the run's config.json, is kept too: the checkpoint belongs to it.
void write_checkpoint(const std::string& path, const Training& training, const TrainingState& state,
                      const ModelDescription& description, const Json& config);

/// Puts all of it back into `training`. Throws std::runtime_error "path: …" for a file that is
/// damaged, or is of another model, data set or configuration.
TrainingState read_checkpoint(const std::string& path, Training& training,
                              const ModelDescription& description, const Json& config);

}  // namespace gradus::app
