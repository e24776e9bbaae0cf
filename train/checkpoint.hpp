// CheckpointFolder: writes and reads the checkpoints of a training.
#pragma once

#include "train/saved_model.hpp"
#include "train/training.hpp"

namespace gradus::train {

/// The model and configuration of a run; checkpoints of others are refused.
struct CheckpointOwner {
  std::optional<ModelDescription> model = {};  ///< saved too, so that read_model() can read it
  std::string config = "{}";                   ///< a JSON object whose values must be the same
};

/// The result of CheckpointFolder::read().
struct RestoredTraining {
  TrainingState state;  ///< from which training continues
  std::string note;     ///< why an older checkpoint was read; empty for the newest
};

/// A checkpoint contains the model, optimizer, average, best weights, random generators and state,
/// and a checksum of them. A resumed training gives the same bits as one without interruption.
/// Errors are std::runtime_error "path: …".
class CheckpointFolder {
 public:
  /// The names of the files, the newest checkpoint first.
  static const std::array<const char*, 3> files;

  /// `folder` must exist.
  CheckpointFolder(std::string folder, CheckpointOwner owner);

  /// Whether the folder contains a checkpoint.
  bool has_checkpoint() const;
  /// Writes checkpoint.safetensors. The file before it becomes checkpoint.previous.safetensors if
  /// it was undamaged. At any time one of them, or checkpoint.next.safetensors, is complete.
  void write(const Training& training, const TrainingState& state);
  /// Restores `training` from the newest checkpoint that can be read. Throws an error about the
  /// newest one if none can: damaged, or of another model, data set or configuration.
  RestoredTraining read(Training& training);

 private:
  std::string path(const char* file) const;

  std::string folder_;
  CheckpointOwner owner_;
  bool last_is_whole_ = false;  // the last file was written or read by this object
};

}  // namespace gradus::train
