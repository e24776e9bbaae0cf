// kernel_bench_test: gradus bench --kernels.
#include <regex>

#include "tests/apps/refusal.hpp"

using namespace gradus;

namespace {

void check_matches(const std::string& text, const std::string& expression) {
  CAPTURE(text);
  CHECK(std::regex_match(text, std::regex(expression)));
}

}  // namespace

TEST_CASE("bench --kernels prints a row for each kernel with the BLAS or a copy as baseline") {
  const TemporaryFolder folder;
  const Process::Result result =
      Process({GRADUS_PROGRAM, "bench", "--kernels", "dense 84-10|x10 both", "--min-time", "0.0001",
               "--threads", "1"},
              folder.path())
          .wait();
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == "");
  std::istringstream stream(result.out);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  REQUIRE(lines.size() == 6);
  check_matches(lines[0], R"(1 thread, peak [\d.]+ GFLOP/s; the BLAS is .+)");
  check_matches(lines[1], "kernel +ms +rate +of peak +baseline +rate +ratio");
  const std::string number = " +[0-9.]+";
  std::size_t line = 2;
  for (const std::string pass : {"forward", "by input", "by weight"})
    check_matches(lines[line++], "lenet dense 84-10 " + pass + number + number + " +GFLOP/s" +
                                     number + " % +BLAS" + number + number);
  check_matches(lines[line], "softmax cross-entropy 128x10 both ways" + number + number +
                                 " +GB/s +copy" + number + number);
}

TEST_CASE("Errors of bench --kernels") {
  const TemporaryFolder folder;
  check_refused(
      folder,
      {{"bench --kernels (", 2, "--kernels must be a regular expression, got '('"},
       {"bench --kernels warp", 2,
        "no name of a kernel matches 'warp'; --kernels alone measures all"},
       {"bench --kernels relu exp", 2,
        "bench takes at most one regular expression or ladder, got 2"},
       {"bench --kernels --steps 3", 2, "--steps cannot be combined with --kernels"},
       {"bench --min-time 1", 2, "--min-time needs --kernels"},
       {"bench --kernels --min-time 0", 2, "--min-time must be positive and finite, got '0'"},
       {"bench relu", 2,
        "unexpected 'relu': bench takes an argument only with --kernels or --scaling"}});
}
