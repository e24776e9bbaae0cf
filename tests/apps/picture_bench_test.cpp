// gradus bench --pictures: the rates of a folder, and errors.
#include "data/files/image.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;

TEST_CASE("bench --pictures prints the rates at which a folder is read") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("pictures"));
  Rng rng(1);
  data::write_png(folder.path("pictures/grey.png"), rand({1, 70, 80}, rng));
  data::write_png(folder.path("pictures/colours.png"), rand({3, 5, 6}, rng));
  const Process::Result result = run_gradus("bench --pictures pictures --threads 2", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const auto json = nlohmann::ordered_json::parse(result.out);
  CHECK(json.size() == 4);
  CHECK(json["pictures"] == 2);
  CHECK(json["threads"] == 2);
  CHECK(json["pictures_per_second"] > 0);
  CHECK(json["reduced_per_second"] > 0);
}

TEST_CASE("Errors of bench --pictures") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("empty"));
  std::filesystem::create_directory(folder.path("texts"));
  folder.write("texts/a.png", "no picture");
  check_refused(
      folder,
      {{"bench --pictures none", 1, "none: can't be read: No such file or directory"},
       {"bench --pictures empty", 1, "empty: there are no files in this folder"},
       {"bench --pictures texts", 1,
        "texts/a.png: is not a PNG, JPEG, WebP, BMP, PBM, PGM or PPM file"},
       {"bench --pictures texts --steps 3", 2, "--steps cannot be combined with --pictures"},
       {"bench --pictures texts --kernels", 2, "--pictures cannot be combined with --kernels"}});
}
