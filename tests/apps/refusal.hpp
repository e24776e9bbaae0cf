// Command lines that can't be carried out.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

#include "tests/apps/program.hpp"

namespace gradus {

/// The words after "gradus", the exit code, and what follows "error: ".
using Refusals = std::vector<std::tuple<std::string, int, std::string>>;

/// Each says its error in one line, and nothing else.
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
