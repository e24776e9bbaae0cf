#include "apps/gradus/fingerprint/fingerprint_table.hpp"

#include "core/error.hpp"
#include "core/text/split.hpp"

namespace gradus::app {
namespace {

// The place and the size of the rows in the page.
std::pair<std::size_t, std::size_t> rows_in(const std::string& page) {
  const std::string beginning = "\n```text\n";
  const std::size_t at = page.find(beginning), start = at + beginning.size();
  const std::size_t end = at == page.npos ? page.npos : page.find("```\n", start);
  if (end == page.npos)
    throw std::runtime_error("has no table of fingerprints, a block that begins with ```text");
  return {start, end - start};
}

}  // namespace

FingerprintTable table_of(const std::string& page) {
  const auto [start, size] = rows_in(page);
  FingerprintTable table;
  for (const std::string_view line : split(std::string_view(page).substr(start, size), '\n'))
    if (const std::size_t space = line.find(' '); space != line.npos)
      table.emplace(line.substr(0, space), line.substr(space + 1));
  return table;
}

FingerprintComparison compare_fingerprints(const Fingerprints& fingerprints, FingerprintTable table,
                                           bool all) {
  FingerprintComparison result;
  const auto compare = [&](const std::string& name, std::string_view expected,
                           std::string_view got) {
    if (expected == got)
      ++result.equal;
    else
      result.differences.push_back(fmt::format("{}: expected {}, got {}", name, expected, got));
  };
  for (const Fingerprint& fingerprint : fingerprints) {
    const auto row = table.extract(fingerprint.name);
    compare(fingerprint.name, row ? row.mapped() : "nothing", hash_of(fingerprint));
  }
  if (all)
    for (const auto& [name, expected] : table) compare(name, expected, "nothing");
  return result;
}

std::string with_rows(const std::string& page, const std::string& rows) {
  const auto [start, size] = rows_in(page);
  return std::string(page).replace(start, size, rows);
}

}  // namespace gradus::app
