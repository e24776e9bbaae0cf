// gradus bench --scaling: table, chart and errors.
#include "apps/gradus/bench/scaling_bench.hpp"

#include "tests/apps/pictures/svg.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;

namespace {

const std::vector<app::ScalingRow> rows = {
    {"batch", 8, 1, 20}, {"batch", 16, 2, 44}, {"layers", 1, 1, 20}, {"layers", 4, 4, 60}};

}  // namespace

TEST_CASE("Time per arithmetic is relative to the row above in the same ladder") {
  CHECK(pictures::to_text(app::scaling_table(rows, 100)) ==
        "ladder  size  GFLOP      ms  GFLOP/s  of peak  × per arithmetic\n"
        "batch      8  1.000  20.000     50.0  50 %\n"
        "batch     16  2.000  44.000     45.5  45 %                 1.10\n"
        "layers     1  1.000  20.000     50.0  50 %\n"
        "layers     4  4.000  60.000     66.7  67 %                 0.75\n");
}

TEST_CASE("The chart of scaling has a line for each ladder and one for the peak") {
  const pictures::Chart chart = app::scaling_chart(rows, 100);
  REQUIRE(chart.series.size() == 3);
  CHECK(chart.series[0].name == "batch");
  CHECK(chart.series[1].name == "layers");
  CHECK(chart.series[1].x == std::vector<double>{1, 4});
  CHECK(chart.series[1].y == std::vector<double>{20, 60});
  CHECK(chart.series[2].name == "peak");
  CHECK(chart.series[2].x == std::vector<double>{1, 4});
  CHECK(chart.series[2].y == std::vector<double>{10, 40});
}

TEST_CASE("bench --scaling prints a row for each network of a ladder and draws them") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus("bench --scaling layers --steps 1 --threads 1 --out layers.svg", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == "");
  const std::string number = " +[0-9.]+";
  std::string expected = R"(1 thread, peak [\d.]+ GFLOP/s\n)"
                         "ladder +size +GFLOP +ms +GFLOP/s +of peak +× per arithmetic\n";
  for (const std::string size : {"1", "2", "4", "8", "16"})
    expected += "layers +" + size + number + number + number + number + " %" +
                (size == "1" ? "" : number) + "\n";
  CAPTURE(result.out);
  CHECK(std::regex_match(result.out, std::regex(expected + "\nthe picture is in layers.svg\n")));
  const std::string picture = read_text(folder.path("layers.svg"));
  CHECK(malformed(picture) == "");
  CHECK(occurrences(picture, "<polyline") == 4);  // two lines, also in the legend
  CHECK(occurrences(picture, "<title>layers: ") == 5);
}

TEST_CASE("bench --scaling prints the table even if the picture can't be written") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus("bench --scaling layers --steps 1 --threads 1 --out no/layers.svg", folder);
  CHECK(result.code == 1);
  CHECK(result.err == "error: no/layers.svg: can't write: No such file or directory\n");
  CHECK(result.out.find("\nlayers") != std::string::npos);
  CHECK(folder.files() == 0);
}

TEST_CASE("Errors of bench --scaling") {
  const TemporaryFolder folder;
  check_refused(
      folder,
      {{"bench --scaling depth", 2, "unknown ladder 'depth': one of batch, side, layers, channels"},
       {"bench --scaling side batch", 2,
        "bench takes at most one regular expression or ladder, got 2"},
       {"bench --scaling --model mlp", 2, "--model cannot be combined with --scaling"},
       {"bench --scaling --min-time 1", 2, "--min-time cannot be combined with --scaling"},
       {"bench --scaling --kernels", 2, "--scaling cannot be combined with --kernels"},
       {"bench --scaling --steps 0", 2, "--steps must be a whole number from 1 to 10^9, got '0'"},
       {"bench --out x.svg", 2, "--out needs --scaling"}});
}
