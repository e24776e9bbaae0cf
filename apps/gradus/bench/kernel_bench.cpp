#include "apps/gradus/bench/kernel_bench.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <regex>

#include "apps/gradus/bench/kernel_rows.hpp"
#include "apps/gradus/bench/peak.hpp"
#include "apps/gradus/cli/errors.hpp"
#include "apps/pictures/table.hpp"
#include "core/kernels/gemm/openblas.hpp"
#include "core/parallel.hpp"

namespace gradus::app {
namespace {

constexpr int repetitions = 9;

std::vector<KernelRow> matching_rows(const std::string& pattern) {
  std::vector<KernelRow> rows = kernel_rows();
  try {
    const std::regex expression(pattern);
    std::erase_if(rows, [&](const KernelRow& row) { return !regex_search(row.name, expression); });
  } catch (const std::regex_error&) {
    throw UsageError(fmt::format("--kernels takes a regular expression; got '{}'", pattern));
  }
  if (rows.empty())
    throw UsageError(
        fmt::format("no kernel's name matches '{}'; --kernels alone times all", pattern));
  return rows;
}

// Keeps the median seconds of each benchmark, in the order they were registered in.
class Medians : public benchmark::BenchmarkReporter {
 public:
  explicit Medians(std::size_t count) : seconds_(count) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.aggregate_name == "median")
        seconds_[static_cast<std::size_t>(run.family_index)] =
            run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
  }
  double operator[](std::size_t index) const { return seconds_[index]; }

 private:
  std::vector<double> seconds_;
};

// The first call warms up: memory comes from the pool from then on.
void add_benchmark(const std::string& name, const std::function<Body()>& prepare, double seconds) {
  const auto run = [prepare](benchmark::State& state) {
    const Body body = prepare();
    body();
    for ([[maybe_unused]] auto iteration : state) body();
  };
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->MinTime(seconds)
      ->Repetitions(repetitions)
      ->UseRealTime();
}

// A kernel and what it stands beside come in turn at random, so that a busy moment hits both.
Medians time(const std::vector<KernelRow>& rows, double seconds) {
  std::string program = "gradus", interleaved = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {program.data(), interleaved.data(), nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);
  for (const KernelRow& row : rows) {
    add_benchmark(row.name, row.kernel, seconds);
    add_benchmark(row.name, row.beside, seconds);
  }
  Medians medians(2 * rows.size());
  benchmark::RunSpecifiedBenchmarks(&medians, nullptr, ".");
  return medians;
}

}  // namespace

void bench_kernels(const std::string& pattern, double seconds) {
  const std::vector<KernelRow> rows = matching_rows(pattern);
  const Medians medians = time(rows, seconds);
  const double peak = multiply_add_peak() / 1e9;

  pictures::Table table{
      .title = "",
      .columns = {
          "kernel", {"ms", 3}, {"rate", 1}, "", "of peak", "beside", {"rate", 1}, {"ratio", 2}}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool computes = rows[i].limit == Limit::arithmetic;
    const double own = medians[2 * i], other = medians[2 * i + 1], work = rows[i].work / 1e9;
    table.rows.push_back({rows[i].name, own * 1e3, work / own, computes ? "GFLOP/s" : "GB/s",
                          computes ? fmt::format("{:.0f} %", 100 * work / own / peak) : "",
                          computes ? "BLAS" : "copy", work / other, other / own});
  }
  fmt::print("{} threads, peak {:.1f} GFLOP/s; the BLAS is OpenBLAS for {}\n", num_threads(), peak,
             kernels::OpenBlas::instance().processor());
  fmt::print("{}", pictures::to_text(table));
}

}  // namespace gradus::app
