// inspect_test: gradus inspect, and the example programs.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <sstream>

#include "core/io/file.hpp"
#include "layers/network/network_layers.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

TEST_CASE("inspect lists layers, shapes, parameters and FLOPs") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("inspect --model lenet", folder);
  CHECK(result.code == 0);
  // 2·5·5·1·6·28·28 for the first convolution; 61,706 as in PyTorch.
  CHECK(result.out.find("(6, 28, 28)             156        235,200\n") != std::string::npos);
  CHECK(result.out.find("61,706        833,040\n") != std::string::npos);
}

TEST_CASE("inspect prints the axes and equation of each normalization once") {
  const TemporaryFolder folder;
  const Process::Result own = run_gradus("inspect --model cnn-bn", folder);
  const std::string equation =
      "\nBatchNorm2d: over (N, H, W) of each channel; y = (x − μ)/√(σ² + 1e-05)·γ + β; "
      "running ← 0.9·running + 0.1·batch\n";
  REQUIRE(own.out.find(equation) != std::string::npos);
  CHECK(own.out.find("over (N, H, W)", own.out.find(equation) + equation.size()) ==
        std::string::npos);
  for (const std::string model : {"mlp", "mlp-bn", "lenet", "cnn", "cnn-bn"})
    for (const std::string norm : {"group:8", "rms", "instance", "lrn", "batch-renorm", "none"}) {
      const Process::Result result =
          run_gradus("inspect --model " + model + " --norm " + norm, folder);
      CHECK_MESSAGE(result.code == 0, result.err);
      CHECK((result.out.find("GroupNorm: over") != std::string::npos) == (norm == "group:8"));
    }
}

TEST_CASE("inspect prints the equations of normalizations of activations and weights once") {
  const TemporaryFolder folder;
  const std::string out = run_gradus("inspect --model lenet --norm group:8+weight-std", folder).out;
  const std::size_t first =
      out.find("\n\nWeightStandardization: over each output's 25 weights; w ← ");
  REQUIRE(first != std::string::npos);
  std::vector<std::string> kinds;
  std::istringstream lines(out.substr(first + 2));
  for (std::string line; std::getline(lines, line);)
    kinds.push_back(line.substr(0, line.find(" weights;")));
  CHECK(kinds.size() == 6);
  CHECK(kinds[1].starts_with("GroupNorm: over (C/6, …) of each of 6 groups"));
  CHECK(kinds[2] == "WeightStandardization: over each output's 150");
  CHECK(kinds[4] == "WeightStandardization: over each output's 400");
  CHECK(kinds[5] == "WeightStandardization: over each output's 120");
  const std::string spectral = run_gradus("inspect --model mlp --norm spectral", folder).out;
  CHECK(spectral.find("\nSpectralNorm: over the whole weight of 512×784; W ← W/σ₁") !=
        std::string::npos);
  CHECK(spectral.find("\nSpectralNorm: over the whole weight of 10×256;") != std::string::npos);
}

TEST_CASE("The example programs run and learn") {
  const TemporaryFolder folder;
  const auto start = [&](const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), fmt::format("{}/{}", GRADUS_EXAMPLES, name));
    return Process(arguments, folder.path()).wait();
  };
  const auto example = [&](const std::string& name,
                           const std::vector<std::string>& arguments = {}) {
    const Process::Result result = start(name, arguments);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    return result.out;
  };
  CHECK(example("mnist_mlp").find("epoch 5: training loss 0.1") != std::string::npos);
  CHECK(example("mnist_cnn").find("saved and loaded: test accuracy 0.9") != std::string::npos);
  const std::string tour = example("autograd_tour");
  CHECK(tour.find("= 36, dy/dx = 3x^2 = [3, 12, 27]\n") != std::string::npos);
  CHECK(tour.find("second derivatives 6x = [6, 12, 18]\n") != std::string::npos);
  CHECK(tour.find("gradcheck of tanh(ab): true, of its derivatives: true\n") != std::string::npos);

  const std::string repeated = example("lecun_1989");
  CHECK(repeated.starts_with("9760 weights\npass 1\n"));
  const std::size_t last = repeated.find("pass 23\n");
  REQUIRE(last != std::string::npos);
  const std::size_t error = repeated.find("error ", repeated.find("test: ", last)) + 6;
  CHECK(std::stod(repeated.substr(error)) < 3);  // percent

  std::string sentence;
  for (int i = 0; i < 100; ++i) sentence += "a rose is a rose is a rose\n";
  write_file_atomically(folder.path("rose.txt"), sentence);
  const std::string rose = example("char_lm", {"rose.txt", "20"});
  CHECK(rose.starts_with("step 20: 0."));  // by chance it would be ln 8 = 2.079
  CHECK(rose.size() > 500);

  const std::string gpt = example("char_gpt", {"rose.txt", "20"});
  CHECK(gpt.starts_with("step 20: "));
  CHECK(std::stod(gpt.substr(9)) < 2);
  CHECK(gpt.size() > 500);

  const std::string translated = example("translate_dates", {"200"});
  const std::size_t right = translated.find(" of 1000 dates");
  REQUIRE(right != std::string::npos);
  CHECK(std::stoi(translated.substr(translated.rfind('\n', right) + 1)) > 400);
  CHECK(std::filesystem::exists(folder.path("translate_dates.svg")));

  const auto refused = [&](const std::string& name, const std::vector<std::string>& arguments) {
    const Process::Result result = start(name, arguments);
    CHECK(result.code == (result.err.starts_with("usage: ") ? 2 : 1));
    return result.err;
  };
  CHECK(refused("char_lm", {"none.txt"}) == "error: none.txt: the file is missing or too short\n");
  CHECK(refused("char_lm", {}) == "usage: char_lm FILE [STEPS]\n");
  CHECK(refused("char_lm", {"rose.txt", "many"}) == "usage: char_lm FILE [STEPS]\n");
  CHECK(refused("char_gpt", {"none.txt"}) == "error: none.txt: the file is missing or too short\n");
  CHECK(refused("char_gpt", {}) == "usage: char_gpt FILE [STEPS]\n");
  CHECK(refused("translate_dates", {"many"}) == "usage: translate_dates [STEPS [SEED]]\n");
  CHECK(refused("lecun_1989", {"none", "seven"}) == "usage: lecun_1989 [FOLDER [SEED]]\n");
}

TEST_CASE("gradus inspect --layers lists every layer for the text of a network") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("inspect --layers", folder);
  CHECK(result.code == 0);
  for (const auto& entry : layers::network_layers().entries())
    CHECK_MESSAGE(("\n" + result.out).find("\n  " + entry.name + ' ') != std::string::npos,
                  entry.name);
}
