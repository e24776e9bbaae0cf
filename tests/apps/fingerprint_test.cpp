// fingerprint_test: gradus fingerprint, whose hashes are those of docs/reproducibility.md.
#include <set>
#include <sstream>

#include "apps/gradus/fingerprint/fingerprint_table.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;
using Differences = std::vector<std::string>;

namespace {

const std::string page_path = GRADUS_SOURCE "/docs/reproducibility.md";

// The rows of the page's table.
std::string rows_of(const std::string& page) {
  const std::string beginning = "\n```text\n";
  const std::size_t start = page.find(beginning) + beginning.size();
  return page.substr(start, page.find("```\n", start) - start);
}

}  // namespace

TEST_CASE("The hashes are those of the page, with any number of threads") {
  const TemporaryFolder folder;
  const std::string rows = rows_of(read_text(page_path));
  const std::string result = fmt::format("{} equal, 0 differ\n", std::ranges::count(rows, '\n'));
  for (const char* threads : {"1", "2", "5"}) {
    const Process::Result checked =
        run_gradus(fmt::format("fingerprint --check --threads {}", threads), folder);
    CHECK(checked.out == result);
    CHECK(checked.code == 0);
  }
  CHECK(run_gradus("fingerprint", folder).out == rows);
}

TEST_CASE("A sample's outputs have the same hash in batches of any size") {
  const TemporaryFolder folder;
  std::istringstream rows(run_gradus("fingerprint evaluate/*", folder).out);
  std::set<std::string> hashes;
  std::string name, hash;
  int count = 0;
  for (; rows >> name >> hash; ++count) hashes.insert(hash);
  CHECK(count == 3);
  CHECK(hashes.size() == 1);
}

TEST_CASE("Names choose fingerprints, and --list prints names") {
  const TemporaryFolder folder;
  CHECK(run_gradus("fingerprint layer/gru/f?? norm/*group/f64 --list", folder).out ==
        "layer/gru/f32\nlayer/gru/f64\nnorm/group/f64\n");
  CHECK(run_gradus("fingerprint layer/gru/* --check", folder).out == "2 equal, 0 differ\n");
  const std::string row = run_gradus("fingerprint random/uniform/f64", folder).out;
  CHECK(rows_of(read_text(page_path)).find("\n" + row) != std::string::npos);
}

TEST_CASE("A comparison names what differs, what is new and what is missing") {
  const app::Fingerprint one{"one", [](app::Digest& digest) { digest.add(1); }};
  const app::Fingerprint two{"two", [](app::Digest& digest) { digest.add(2); }};
  const std::string first = app::hash_of(one), second = app::hash_of(two);
  CHECK(first.size() == 16);
  CHECK(first != second);
  const app::FingerprintTable table{{"one", first}, {"three", "0"}, {"two", "1"}};
  const auto whole = app::compare_fingerprints({one, two}, table, true);
  CHECK(whole.equal == 1);
  CHECK(whole.differences ==
        Differences{"two: expected 1, got " + second, "three: expected 0, got nothing"});
  const auto part = app::compare_fingerprints({two}, {{"one", first}}, false);
  CHECK(part.equal == 0);
  CHECK(part.differences == Differences{"two: expected nothing, got " + second});
}

TEST_CASE("--update writes the table of a page and nothing else") {
  const TemporaryFolder folder;
  const std::string page = read_text(page_path), rows = rows_of(page);
  std::string other = page;
  other.replace(other.find(rows), rows.size(), "old 0123456789abcdef\n");
  folder.write("page.md", other);
  CHECK(run_gradus("fingerprint --update page.md", folder).out == "");
  CHECK(read_text(folder.path("page.md")) == page);
}

TEST_CASE("Errors of fingerprint") {
  const TemporaryFolder folder;
  folder.write("page.md", "# A page\n");
  check_refused(folder,
                {{"fingerprint layer/lstn/f32", 2,
                  "no fingerprint's name matches 'layer/lstn/f32'; --list prints the names"},
                 {"fingerprint --list --check", 2, "--list cannot be combined with --check"},
                 {"fingerprint norm/* --update page.md", 2,
                  "--update writes all fingerprints and takes no names"},
                 {"fingerprint --update page.md", 1,
                  "page.md: has no table of fingerprints, a block that begins with ```text"},
                 {"fingerprint --update none.md", 1, "none.md: No such file or directory"}});
  CHECK(read_text(folder.path("page.md")) == "# A page\n");
}
