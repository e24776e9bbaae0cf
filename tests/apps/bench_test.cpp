// bench_test: gradus bench without --kernels and --scaling.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/apps/refusal.hpp"

using namespace gradus;

TEST_CASE("bench prints one JSON object with these keys and nothing else") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus("bench --model mlp --batch-size 16 --steps 3 --threads 2 --data digits", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const auto json = nlohmann::ordered_json::parse(result.out);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"model", "batch_size", "threads", "steps", "ms_per_step",
                                         "ms_median", "images_per_second", "gflops",
                                         "fraction_of_peak", "peak_rss_mb"});
  CHECK(json["model"] == "mlp");
  CHECK(json["batch_size"] == 16);
  CHECK(json["threads"] == 2);
  CHECK(json["steps"] == 3);
  const double step = json["ms_per_step"];
  CHECK(step > 0);
  CHECK(json["images_per_second"].get<double>() == doctest::Approx(16e3 / step));
  // Forward pass and both gradients, except that of the first layer's input: 2·(784·512·2 +
  // (512·256
  // + 256·10)·3) for each image.
  CHECK(json["gflops"].get<double>() == doctest::Approx(16 * 2407424e-6 / step));
  CHECK(json["fraction_of_peak"] > 0);
}

TEST_CASE("Errors of bench") {
  const TemporaryFolder folder;
  check_refused(folder,
                {{"bench --steps 0", 2, "--steps must be a whole number from 1 to 10^9, got '0'"}});
}
