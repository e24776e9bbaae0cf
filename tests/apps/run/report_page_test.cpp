// report.html: the pictures and the page of a finished run.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/apps/pictures/svg.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;
namespace fs = std::filesystem;

namespace {

// Whether the text refers to an address or another file; the name space of SVG is allowed.
bool loads_something(std::string text) {
  const std::string name = "xmlns=\"http://www.w3.org/2000/svg\"";
  for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.erase(at, name.size());
  for (const char* part : {"http://", "https://", "url(", "@import", "<script", "<link"})
    if (occurrences(text, part) > 0) return true;
  return false;
}

}  // namespace

TEST_CASE("A finished run on images has all pictures as files and on one page") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      "train --data digits --model lenet --epochs 3 --val-split 0.1 --watch-test --out run",
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const std::string run = folder.path("run");
  const std::string page = read_text(run + "/report.html");
  for (const char* name : {"confusion", "misclassified", "filters", "histograms"}) {
    CAPTURE(name);
    const std::string svg = read_text(run + "/" + name + ".svg");
    CHECK(malformed(svg) == "");
    CHECK_FALSE(loads_something(svg));
    CHECK(occurrences(page, svg) == 1);
  }
  CHECK(malformed(read_text(run + "/schedule.svg")) == "");
  CHECK(occurrences(page, "<svg ") == 7);  // also loss, accuracy and rate
  CHECK_FALSE(loads_something(page));
  CHECK(occurrences(page, "<td>--batch-size</td><td>128</td>") == 1);
  CHECK(occurrences(page, "<td>--model</td><td>lenet</td><td>flag</td>") == 1);

  const auto report = json_of_file(run + "/report.json");
  const std::string accuracy = fmt::format("{:.2f} %", 100 * report["test_accuracy"].get<double>());
  CHECK(page.find("<h1>lenet on digits: " + accuracy + "</h1>") != std::string::npos);
  int64_t wrong = 0;
  std::string most_frequent;
  for (std::size_t i = 0, most = 0; i < 10; ++i)
    for (std::size_t j = 0; j < 10; ++j) {
      const auto times = report["confusion_matrix"][i][j].get<std::size_t>();
      if (i == j) continue;
      wrong += static_cast<int64_t>(times);
      if (times <= most) continue;
      most = times;
      most_frequent = fmt::format("\n{} classified as {}: {}", i, j,
                                  most == 1 ? "once" : fmt::format("{} times", most));
    }
  const std::string misclassified = read_text(run + "/misclassified.svg");
  CHECK(occurrences(misclassified, "<image ") ==
        static_cast<std::size_t>(std::min<int64_t>(40, wrong)));
  CHECK(result.out.find(most_frequent) != std::string::npos);
  CHECK(result.out.find("┤████") != std::string::npos);
  CHECK(result.out.find("training loss      validation loss    test loss\n") != std::string::npos);
}

TEST_CASE("A run on features has no pictures of images") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      "train --data blobs --epochs 2 --val-split 0.2 --no-test --quiet --out run", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(occurrences(result.out, "\n") == 2);  // the result alone
  const std::string page = read_text(folder.path("run/report.html"));
  CHECK(occurrences(page, "<svg ") == 5);
  CHECK(occurrences(page, "<image ") == 0);
  CHECK(occurrences(page, "the best on the validation set") == 1);
  CHECK(occurrences(page, " validation samples, loss ") == 1);
  CHECK_FALSE(fs::exists(folder.path("run/misclassified.svg")));
  CHECK_FALSE(fs::exists(folder.path("run/filters.svg")));
  CHECK(fs::exists(folder.path("run/histograms.svg")));
}
