// check_refused: checks the exit codes and error messages of command lines.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

#include "tests/apps/program.hpp"

namespace gradus {

/// The words after "gradus", the exit code, and the text after "error: ".
using Refusals = std::vector<std::tuple<std::string, int, std::string>>;

/// Checks that each command line prints only this error, in one line.
inline void check_refused(const TemporaryFolder& folder, const Refusals& cases) {
  for (const auto& refusal : cases) {
    const auto& [line, code, error] = refusal;
    CAPTURE(std::get<0>(refusal));
    const Process::Result result = run_gradus(line, folder);
    CHECK(result.code == code);
    CHECK(result.out == "");
    CHECK(result.err == "error: " + error + "\n");
  }
}

}  // namespace gradus
