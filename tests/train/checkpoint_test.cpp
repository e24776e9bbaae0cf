// CheckpointFolder.
#include "train/checkpoint.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "core/io/checksum.hpp"
#include "core/io/file.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/sgd.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::train;

namespace {

// A training of two samples, and a folder for its checkpoints.
struct Checkpointed {
  static constexpr const char *next = "checkpoint.next.safetensors",
                              *last = "checkpoint.safetensors",
                              *previous = "checkpoint.previous.safetensors";

  TemporaryFolder folder;
  Rng rng{1};
  layers::Sequential model{layers::Dense(1, 2, rng)};
  optim::SGD optimizer{model.parameters()};
  Training training{.model = model,
                    .optimizer = optimizer,
                    .loss = {},
                    .train = data::Dataset::of_features({0, 1}, 1, {0, 1}, 2),
                    .order = {}};

  CheckpointFolder checkpoints() const { return {folder.path(), {}}; }
  void write(CheckpointFolder& to, int64_t batches) {
    to.write(training, {.history = {}, .batches = batches});
  }
  bool has(const char* name) const { return std::filesystem::exists(folder.path(name)); }
  std::string bytes(const char* name) const { return read_file(folder.path(name)); }
};

}  // namespace

TEST_CASE("A checkpoint is kept until the next one is complete, if it is known to be undamaged") {
  Checkpointed f;
  CheckpointFolder first = f.checkpoints();
  f.write(first, 1);
  CHECK_FALSE(f.has(f.previous));
  const std::string one = f.bytes(f.last);
  f.write(first, 2);
  CHECK(f.bytes(f.previous) == one);
  CHECK_FALSE(f.has(f.next));
  // A folder that didn't read the last file doesn't know whether it is undamaged.
  CheckpointFolder unaware = f.checkpoints();
  f.write(unaware, 3);
  CHECK(f.bytes(f.previous) == one);

  CheckpointFolder resumed = f.checkpoints();
  const RestoredTraining restored = resumed.read(f.training);
  CHECK(restored.state.batches == 3);
  CHECK(restored.note.empty());
  const std::string three = f.bytes(f.last);
  f.write(resumed, 4);
  CHECK(f.bytes(f.previous) == three);

  f.folder.write(f.last, "damaged");
  CheckpointFolder repaired = f.checkpoints();
  CHECK(repaired.read(f.training).state.batches == 3);
  f.write(repaired, 5);
  CHECK(f.bytes(f.previous) == three);

  std::filesystem::rename(f.folder.path(f.last), f.folder.path(f.next));
  CheckpointFolder interrupted = f.checkpoints();
  CHECK(interrupted.read(f.training).state.batches == 5);
  CHECK(f.has(f.last));
  CHECK_FALSE(f.has(f.next));
}

TEST_CASE(
    "A checkpoint has the state as it was, with the loss of the first step if there was one") {
  Checkpointed f;
  for (const double first_loss : {2.5, double{NAN}}) {
    const EpochRecord record{.epoch = 1,
                             .step = 2,
                             .lr = 0.5,
                             .train_loss = 3,
                             .train_score = 0.25,
                             .val_loss = 4,
                             .val_score = 0.75,
                             .seconds = 5,
                             .test_loss = 6,
                             .test_score = 0.125};
    f.checkpoints().write(f.training, {.history = {record},
                                       .best = {{"w", Tensor::ones({2})}},
                                       .batches = 7,
                                       .samples = 8,
                                       .score_sum = 1.5,
                                       .loss_sum = 9,
                                       .seconds = 10,
                                       .first_loss = first_loss});
    const TrainingState state = f.checkpoints().read(f.training).state;
    REQUIRE(state.history.size() == 1);
    std::vector<double> fields;
    for_each_field(state.history[0],
                   [&](auto, auto value) { fields.push_back(static_cast<double>(value)); });
    CHECK(fields == std::vector<double>{1, 2, 0.5, 3, 0.25, 4, 0.75, 5, 6, 0.125});
    REQUIRE(state.best.size() == 1);
    CHECK(state.best[0].first == "w");
    CHECK(state.batches == 7);
    CHECK(state.samples == 8);
    CHECK(state.score_sum == 1.5);
    CHECK(state.loss_sum == 9);
    CHECK(state.seconds == 10);
    CHECK((std::isnan(first_loss) ? std::isnan(state.first_loss) : state.first_loss == 2.5));
  }
}

TEST_CASE("A checkpoint isn't written through a link") {
  Checkpointed f;
  const std::string victim = f.folder.write("victim", "untouched");
  for (const char* name : CheckpointFolder::files)
    std::filesystem::create_symlink(victim, f.folder.path(name));
  CheckpointFolder checkpoints = f.checkpoints();
  for (int i = 0; i < 2; ++i) checkpoints.write(f.training, {});
  CHECK(f.bytes("victim") == "untouched");
  for (const char* name : {f.last, f.previous})
    CHECK_FALSE(std::filesystem::is_symlink(f.folder.path(name)));
}

TEST_CASE("A checkpoint has the checksum of its tensors and its state, so that old ones are read") {
  Checkpointed f;
  CheckpointFolder checkpoints = f.checkpoints();
  f.write(checkpoints, 1);
  const SafetensorsFile file = read_safetensors(f.folder.path(f.last));
  CHECK(file.metadata.at("gradus.checksum") ==
        fmt::format("{:016x}",
                    checksum(file.tensors) + checksum(file.metadata.at("gradus.training"))));
}
