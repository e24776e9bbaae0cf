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
  for (const char* name : {"confusion", "roc", "precision_recall", "reliability", "misclassified",
                           "filters", "histograms"}) {
    CAPTURE(name);
    const std::string svg = read_text(run + "/" + name + ".svg");
    CHECK(malformed(svg) == "");
    CHECK_FALSE(loads_something(svg));
    CHECK(occurrences(page, svg) == 1);
  }
  CHECK(malformed(read_text(run + "/schedule.svg")) == "");
  CHECK(occurrences(page, "<svg ") == 10);  // also loss, accuracy and rate
  CHECK_FALSE(fs::exists(run + "/boundary.svg"));
  CHECK(occurrences(read_text(run + "/curves.svg"), ">each step<") == 1);
  CHECK(occurrences(page, ">each step<") == 1);
  const std::string roc = read_text(run + "/roc.svg");
  CHECK(occurrences(roc, ">Receiver operating characteristic, mean AUC 0.") == 1);
  CHECK(occurrences(roc, "<text class=\"name\"") == 11);  // ten classes and chance
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
  CHECK(occurrences(page, "<svg ") == 9);
  const std::string boundary = read_text(folder.path("run/boundary.svg"));
  CHECK(malformed(boundary) == "");
  CHECK(occurrences(page, boundary) == 1);
  CHECK(occurrences(page, "<image ") == 3);  // initial weights, epoch 1, the result
  CHECK_FALSE(loads_something(page));
  CHECK(occurrences(page, "the best on the validation set") == 1);
  CHECK(occurrences(page, " validation samples, loss ") == 1);
  CHECK_FALSE(fs::exists(folder.path("run/misclassified.svg")));
  CHECK_FALSE(fs::exists(folder.path("run/filters.svg")));
  CHECK(fs::exists(folder.path("run/histograms.svg")));
}

TEST_CASE(
    "The title of the page has the name of the preset or model, never the text of a network") {
  const TemporaryFolder folder;
  const auto page_of = [&](const std::string& options, const std::string& model = "") {
    std::vector<std::string> words = gradus_arguments("train --quiet --out run " + options);
    if (!model.empty()) words.insert(words.end(), {"--model", model});
    const Process::Result result = Process(words, folder.path()).wait();
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const std::string page = read_text(folder.path("run/report.html"));
    fs::remove_all(folder.path("run"));
    return page;
  };
  std::string page = page_of("--data blobs --epochs 1", "dense 4, relu, dense classes");
  CHECK(occurrences(page, "<title>network on blobs: ") == 1);
  CHECK(occurrences(page, "<h1>network on blobs: ") == 1);
  CHECK(occurrences(page, "<p>The network: dense 4, relu, dense classes</p>") == 1);
  page = page_of("--preset digits --epochs 1 --limit 50");
  CHECK(occurrences(page, "<title>digits on digits: ") == 1);
  CHECK(occurrences(page, "<p>The network: conv ") == 1);
  page = page_of("--preset digits --model lenet --epochs 1 --limit 50");
  CHECK(occurrences(page, "<title>lenet on digits: ") == 1);
  CHECK(occurrences(page, "The network:") == 0);
}

TEST_CASE("Runs with little to draw have a page: no epochs, no test, few samples, one class") {
  const TemporaryFolder folder;
  folder.write("twelve.csv", [] {
    std::string rows;
    for (int i = 0; i < 240; ++i)
      rows += fmt::format("{},{},{},{}\n", i % 12, i % 7, i % 5, i % 12);
    return rows;
  }());
  folder.write("each.csv", "1,2,0\n1,3,1\n1,4,2\n4,4,0\n3,3,1\n3,5,2\n");
  folder.write("one.csv", "1,2,0\n1,3,0\n2,4,0\n4,4,0\n3,3,0\n3,5,0\n");
  struct Case {
    std::string options;
    bool curves, roc;
    std::size_t boundaries;
  };
  for (const Case& c : {Case{"--data moons --epochs 0", false, true, 1},
                        Case{"--data moons --epochs 1", true, true, 2},
                        Case{"--data moons --no-test --val-split 0.1 --epochs 9", true, true, 6},
                        Case{"--data twelve.csv --epochs 1", true, true, 0},
                        Case{"--data each.csv --epochs 1", true, false, 2},
                        Case{"--data one.csv --epochs 1", true, false, 2}}) {
    CAPTURE(c.options);
    const Process::Result result =
        run_gradus(fmt::format("train --model mlp --quiet --out run {}", c.options), folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const std::string page = read_text(folder.path("run/report.html"));
    CHECK(occurrences(page, "nan") == 0);
    CHECK(fs::exists(folder.path("run/curves.svg")) == c.curves);
    CHECK(fs::exists(folder.path("run/roc.svg")) == c.roc);
    CHECK(fs::exists(folder.path("run/precision_recall.svg")) == c.roc);
    CHECK(fs::exists(folder.path("run/reliability.svg")));
    CHECK(fs::exists(folder.path("run/boundary.svg")) == (c.boundaries > 0));
    CHECK(occurrences(page, "<image ") == c.boundaries);
    fs::remove_all(folder.path("run"));
  }
}

TEST_CASE(
    "A resumed run draws the steps before the interruption, and says which boundaries it lacks") {
  const TemporaryFolder folder;
  const char* options = "train --data moons --model mlp --epochs 10 --seed 3 --quiet --out";
  REQUIRE(run_gradus(fmt::format("{} whole", options), folder).code == 0);
  REQUIRE(run_gradus(fmt::format("{} run --until-epoch 5", options), folder).code == 0);
  REQUIRE(run_gradus("train --resume run --quiet", folder).code == 0);
  CHECK(read_text(folder.path("run/curves.svg")) == read_text(folder.path("whole/curves.svg")));
  const std::string boundary = read_text(folder.path("run/boundary.svg"));
  CHECK(occurrences(boundary, " since the run was resumed<") == 1);
  CHECK(occurrences(boundary, "<image ") == 3);  // epochs 6 and 8, the result
  CHECK(occurrences(read_text(folder.path("whole/boundary.svg")), "resumed") == 0);
}
