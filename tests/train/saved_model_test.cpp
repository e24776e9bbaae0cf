#include "train/saved_model.hpp"

#include <doctest/doctest.h>

#include "core/io/file.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::train;

TEST_CASE("A framing lies within the images that it describes") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.safetensors");
  const auto read = [&](const data::Framing& framing) {
    ModelDescription description;
    description.model = "flatten";
    description.options.input = description.sample = {1, 8, 6};
    description.options.classes = 48;
    description.framing = framing;
    write_model(path, {}, description);
    return read_model(path).description.framing;
  };
  CHECK(read({.extent = 8, .row = 4, .column = 3.5, .stroke = 2})->column == 3.5);
  const auto refuses = [&](const data::Framing& framing, const std::string& text) {
    CHECK_THROWS_WITH_AS(read(framing), (path + ": " + text).c_str(), std::runtime_error);
  };
  refuses({.extent = 1000000000}, "must be a whole number from 1 to 8, got 1000000000");
  refuses({.extent = 0}, "must be a whole number from 1 to 8, got 0");
  refuses({.extent = 8, .row = 1e9},
          "the framing is damaged: row must be from -8 to 8, got 1000000000");
  refuses({.extent = 8, .stroke = -9},
          "the framing is damaged: stroke must be from -8 to 8, got -9");
}

TEST_CASE("A model is read as it was written, with every part of its description") {
  const TemporaryFolder folder;
  Rng rng(1);
  ModelDescription description{
      .model = "lenet",
      .options = {.input = {1, 16, 16},
                  .classes = 3,
                  .activation = "tanh",
                  .norm = "batch",
                  .dropout = 0.125,
                  .input_dropout = 0.25,
                  .channel_dropout = 0.375,
                  .drop_connect = 0.5},
      .normalization = {.mean = {0.75}, .deviation = {2}},
      .sample = {1, 8, 32},
      .framing =
          data::Framing{
              .ground = 1, .extent = 5, .by_mass = true, .row = 2, .column = 3, .stroke = 4},
      .temperature = 1.5};
  description.normalization.matrix = reshape(randn({256, 256}, rng), {256, 1, 16, 16});
  layers::Sequential model = layers::build(description.model, description.options, rng);
  write_model(folder.path("a"), model.state_dict(), description);
  SavedModel saved = read_model(folder.path("a"));
  write_model(folder.path("b"), model.state_dict(), saved.description);
  CHECK(read_file(folder.path("a")) == read_file(folder.path("b")));
  const Tensor x = randn({2, 1, 16, 16}, rng);
  model.evaluate();
  saved.model.evaluate();
  CHECK((saved.model(x) * 1.5).to_vector<float>()[0] ==
        doctest::Approx(model(x).to_vector<float>()[0]).epsilon(1e-6));
}

TEST_CASE("A temperature is positive") {
  const TemporaryFolder folder;
  for (const double temperature : {0.0, -2.0}) {
    write_model(folder.path("model"), {},
                {.model = "flatten",
                 .options = {.input = {1}, .classes = 1},
                 .normalization = {},
                 .temperature = temperature});
    CHECK_THROWS_WITH_AS(read_model(folder.path("model")),
                         fmt::format("{}: temperature must be positive and finite, got {:.1f}",
                                     folder.path("model"), temperature)
                             .c_str(),
                         std::runtime_error);
  }
}
