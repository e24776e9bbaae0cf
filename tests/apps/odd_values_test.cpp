// odd_values_test: odd values of all options, and random texts of networks.
#include "tests/apps/odd_values.hpp"

#include "core/random.hpp"
#include "layers/network/models.hpp"
#include "layers/network/network_layers.hpp"
#include "layers/summary.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace fs = std::filesystem;

TEST_CASE("Odd values of every option are refused or accepted") {
  const TemporaryFolder folder;
  const std::vector<std::pair<app::Command (*)(), app::Arguments>> commands = {
      {app::train_command, {"--data=moons", "--model=mlp", "--epochs=1", "--quiet", "--out=new"}},
      {app::evaluate_command, {"run"}},
      {app::predict_command, {"run", "image.png"}},
      {app::replay_command, {"run", "--quiet"}},
      {app::runs_command, {"."}},
      {app::compare_command, {"run", "run"}},
      {app::inspect_command, {"--model=mlp"}}};
  check_survives(app::train_command(),
                 {"--data=moons", "--model=mlp", "--epochs=1", "--quiet", "--out=run"},
                 folder.path());
  REQUIRE(fs::exists(folder.path("run/report.json")));
  for (const auto& [make, base] : commands)
    check_survives_odd_values(make, base, folder.path(), [&] {
      for (const char* made : {"new", "runs", "schedule.svg", "compare.svg"})
        fs::remove_all(folder.path(made));
    });
}

TEST_CASE("Odd values of the options of search are refused or accepted") {
  const TemporaryFolder folder;
  const auto train = app::train_command(), search = app::search_command();
  for (const auto& option : search.options.all()) {
    if (train.options.find(option.name) || option.is_flag()) continue;
    for (const std::string value :
         {"", "nan", "-1", "1e308", "9223372036854775807", "((((", "\xff\x1b["}) {
      CAPTURE(option.name);
      CAPTURE(value);
      fs::remove_all(folder.path("s"));
      const Process::Result result =
          Process(
              {GRADUS_PROGRAM, "search", "--data=moons", "--model=mlp", "--epochs=1", "--budget=1",
               "--space=lr=log(1e-3,1)", "--quiet", "--out=s", "--" + option.name + "=" + value},
              folder.path())
              .wait();
      CHECK(result.code <= 2);
      CHECK((result.code == 0 || result.err.starts_with("error: ")));
    }
  }
}

TEST_CASE("Random texts of networks are refused or built") {
  Rng rng(17);
  const std::vector<std::string> numbers = {
      "0",   "1",          "2",    "3",   "7",
      "64",  "1000",       "9821", "-1",  "99999999999",
      "1e9", "1000000000", ".5",   "nan", "9223372036854775807"};
  const std::vector<std::string> words = {
      "stride",        "pad",     "same",       "dilation", "groups",  "bias", "no-bias", "layers",
      "bidirectional", "classes", "layer-norm", "batch",    "group:8", "|",    "(",       ")"};
  const auto any_of = [&](const std::vector<std::string>& list) {
    return list[static_cast<std::size_t>(rng.below(static_cast<int64_t>(list.size())))];
  };
  std::vector<std::string> names;
  for (const auto& entry : layers::network_layers().entries()) names.push_back(entry.name);
  int built = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (int64_t layers = rng.below(5); layers >= 0; --layers) {
      text += (text.empty() ? "" : ", ") + any_of(names);
      for (int64_t parts = rng.below(6); parts > 0; --parts) {
        const int64_t kind = rng.below(8);
        text += ' ';
        text += kind < 4   ? any_of(numbers)
                : kind < 6 ? any_of(numbers) + 'x' + any_of(numbers)
                : kind < 7 ? any_of(words)
                           : "(" + any_of(names) + " " + any_of(numbers) + ")";
      }
    }
    if (rng.below(2) == 0) text += ", dense classes";
    CAPTURE(text);
    const auto start = std::chrono::steady_clock::now();
    try {
      layers::Sequential model = layers::build(text, {.input = {1, 8, 7}, .classes = 3}, rng);
      CHECK(layers::summarize(model, {1, 8, 7}).back().output == Shape{3});
      ++built;
    } catch (const std::invalid_argument& error) {
      CHECK(std::string(error.what()).starts_with("["));
    }
    CHECK(std::chrono::steady_clock::now() - start < longest);
  }
  CHECK(built > 100);
}
