#include "train/saved_model.hpp"

#include <doctest/doctest.h>

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
