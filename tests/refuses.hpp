// refuses: checks the error of a call that must fail.
#pragma once

#include <doctest/doctest.h>

#include <stdexcept>

namespace gradus::testing {

/// The body throws std::invalid_argument with exactly this text.
template <class Body>
void refuses(Body body, const char* text) {
  CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
}

}  // namespace gradus::testing
