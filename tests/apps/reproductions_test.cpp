// reproductions_test: the commands in docs/reproductions.md.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <regex>

#include "tests/apps/program.hpp"

using namespace gradus;

TEST_CASE("The train commands in docs/reproductions.md run, here with few digits") {
  const TemporaryFolder folder;
  std::istringstream page(read_text(GRADUS_SOURCE "/docs/reproductions.md"));
  int commands = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("gradus train ")) continue;
    CAPTURE(line);
    const std::string options =
        std::regex_replace(line.substr(12), std::regex(" --(data|epochs) [^ ]+"), "");
    const std::string command = fmt::format(
        "{} train {} --data digits --limit 20 --val-split 0.5 --no-test --epochs 1 "
        "--out {}",
        GRADUS_PROGRAM, options, ++commands);
    const Process::Result result = Process({"/bin/sh", "-c", command}, folder.path()).wait();
    CHECK_MESSAGE(result.code == 0, result.err);
  }
  CHECK(commands > 10);
}
