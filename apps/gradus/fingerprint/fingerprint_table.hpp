// FingerprintTable: the hashes that fingerprints must have, read from docs/reproducibility.md.
#pragma once

#include <map>

#include "apps/gradus/fingerprint/fingerprints.hpp"

namespace gradus::app {

/// The text of docs/reproducibility.md.
extern const char* const reproducibility_page;

/// Hashes by the names of fingerprints.
using FingerprintTable = std::map<std::string, std::string>;

/// The rows "NAME HASH" of a page's block of text, which begins with the line "```text". Throws
/// std::runtime_error for a page without it.
FingerprintTable table_of(const std::string& page);

/// The outcome of compare_fingerprints().
struct FingerprintComparison {
  int64_t equal = 0;
  std::vector<std::string> differences = {};  ///< "NAME: expected HASH, got HASH"
};

/// Computes the fingerprints and compares them with the table. If they are `all`, a row of the
/// table without a fingerprint is a difference too.
FingerprintComparison compare_fingerprints(const Fingerprints& fingerprints, FingerprintTable table,
                                           bool all);

/// The page with other rows in its block, each with a newline at its end. Throws like table_of().
std::string with_rows(const std::string& page, const std::string& rows);

}  // namespace gradus::app
