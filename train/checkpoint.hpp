// CheckpointFolder: keeps in a folder all that it takes to resume a training.
#pragma once

#include "train/saved_model.hpp"
#include "train/training.hpp"

namespace gradus::train {

/// What a checkpoint belongs to: one of something else is refused.
struct CheckpointOwner {
  std::optional<ModelDescription> model = {};  ///< kept too, so that read_model() reads it
  std::string config = "{}";                   ///< a JSON object whose values must be the same
};

/// A checkpoint that was read.
struct RestoredTraining {
  TrainingState state;  ///< to go on from
  std::string note;     ///< why it is the previous one; empty for the last
};

/// Model, optimizer, average, best weights, random generators and state, with a checksum over all
/// of it: a training that goes on from there gives the bits of one that was never interrupted.
/// Errors are std::runtime_error "path: …".
class CheckpointFolder {
 public:
  /// The names of its files, the newest checkpoint's first.
  static const std::array<const char*, 3> files;

  /// Of a folder that is there.
  CheckpointFolder(std::string folder, CheckpointOwner owner);

  /// Whether there is any.
  bool has_checkpoint() const;
  /// Writes checkpoint.safetensors; what it was is checkpoint.previous.safetensors afterwards, if
  /// it was whole. At every moment one of them, or checkpoint.next.safetensors, is whole.
  void write(const Training& training, const TrainingState& state);
  /// Puts the newest checkpoint that can be read back into `training`. Throws, naming the newest,
  /// where none can: it is damaged, or is of another model, data set or configuration.
  RestoredTraining read(Training& training);

 private:
  std::string path(const char* file) const;

  std::string folder_;
  CheckpointOwner owner_;
  bool last_is_whole_ = false;  // the last was written or read by this object
};

}  // namespace gradus::train
