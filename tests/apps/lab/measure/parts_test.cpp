#include "apps/lab/measure/parts.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus::lab;
using gradus::Estimate;

namespace {

constexpr Finding holds = Finding::holds, fails = Finding::fails, unclear = Finding::unclear,
                  not_judged = Finding::not_judged;

Outcome outcome_of(const std::vector<Finding>& findings) {
  Verdict verdict;
  for (const Finding finding : findings) verdict.parts.push_back({"", finding});
  return verdict.outcome();
}

}  // namespace

TEST_CASE("The verdict follows from the parts of a claim") {
  CHECK(to_string(outcome_of({holds, holds})) == "holds");
  for (const Finding other : {fails, unclear, not_judged})
    CHECK(to_string(outcome_of({other, holds})) == "holds in part");
  for (const Finding other : {fails, unclear, not_judged})
    CHECK(to_string(outcome_of({other, fails})) == "doesn't hold");
  CHECK(to_string(outcome_of({unclear, not_judged})) == "isn't decided");
  CHECK(to_string(outcome_of({})) == "isn't decided");
}

TEST_CASE("A part says its finding, what it is about and the numbers") {
  CHECK(to_string(fact("n > 2", true, "3")) == "holds: n > 2; 3");
  CHECK(to_string(fact("n > 2", false)) == "fails: n > 2");
  CHECK(to_string(Part{"n > 2"}) == "not judged: n > 2");
}

TEST_CASE("A comparison holds, fails or is unclear by the 95 % interval of the difference") {
  const Estimate low{10, 3, 9}, high{13, 4, 16};
  CHECK(to_string(lower("fewer", low, high, 1)) ==
        "holds: fewer; 10.0 ± 3.0 against 13.0 ± 4.0, difference -3.0 (95 % interval -5.9 to -0.1, "
        "9 and 16 seeds)");
  CHECK(lower("", high, low, 1).finding == fails);
  CHECK(higher("", low, high, 1).finding == fails);
  CHECK(to_string(higher("more", high, low, 0)) ==
        "holds: more; 13 ± 4 against 10 ± 3, difference 3 (95 % interval 0 to 6, 16 and 9 seeds)");
  const Estimate near{12.8, 4, 16};
  CHECK(lower("", low, near, 1).finding == unclear);
  CHECK(higher("", near, low, 1).finding == unclear);
  CHECK(to_string(lower("fewer", {1, NAN, 1}, {2, NAN, 1}, 0)) ==
        "not clear: fewer; 1 against 2, difference -1 (1 seed)");
}

TEST_CASE("Differences of pairs are compared with 0") {
  const Estimate below{-2, 1, 4}, near{-1, 1, 4};  // ± 1.59
  CHECK(to_string(negative("less", below, 1)) ==
        "holds: less; -2.0 (95 % interval -3.6 to -0.4, 4 seeds)");
  CHECK(positive("", below, 1).finding == fails);
  CHECK(negative("", near, 1).finding == unclear);
  CHECK(positive("", near, 1).finding == unclear);
  CHECK(positive("", {2, 1, 4}, 1).finding == holds);
}

TEST_CASE("As good as means that the whole interval is below a margin") {
  const Estimate zero{0, 0, 4}, above{1, 1, 4};  // ± 1.59
  CHECK(to_string(within("as good", above, zero, 3, 1)) ==
        "holds: as good; 1.0 (95 % interval -0.6 to 2.6, 4 seeds)");
  CHECK(within("", above, zero, 2.5, 1).finding == unclear);
  CHECK(within("", above, zero, -1, 1).finding == fails);
}
