#include "apps/gradus/bench/scaling_bench.hpp"

#include <cmath>
#include <deque>

#include "apps/gradus/bench/peak.hpp"
#include "apps/gradus/cli/options.hpp"
#include "core/io/file.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"
#include "layers/network/models.hpp"
#include "optim/algorithms/adam.hpp"
#include "train/step_timing.hpp"

namespace gradus::app {
namespace {

constexpr int64_t steps_a_turn = 20, classes = 10;

data::Batch random_batch(int64_t size, const Shape& input, Rng& rng) {
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < size; ++i) labels.push_back(rng.below(classes));
  return {randn(input.inserted(0, size), rng), Tensor::from(labels, {size})};
}

// A network that is trained and timed.
class Trainee {
 public:
  explicit Trainee(const ConvolutionNetwork& network)
      : input_{network.channels, network.side, network.side},
        model_(layers::build(
            fmt::format("repeat {} (conv {} 3x3 pad 1, relu), globalpool, dense classes",
                        network.layers, network.channels),
            {.input = input_, .classes = classes}, rng_)),
        optimizer_(model_.parameters()),
        batches_{random_batch(network.batch, input_, rng_)} {}

  void train(int64_t steps) {
    const std::vector<double> times = train::time_steps(model_, optimizer_, batches_, steps);
    times_.insert(times_.end(), times.begin(), times.end());
  }
  double gflop() {
    return 1e-9 * static_cast<double>(train::flops_per_image(model_, input_) *
                                      batches_[0].targets.numel());
  }
  double ms() const { return median(times_); }

 private:
  Rng rng_{1};
  Shape input_;
  layers::Sequential model_;
  optim::Adam optimizer_;
  std::vector<data::Batch> batches_;
  std::vector<double> times_;
};

// The networks are measured in turn, so that other load on the machine affects all of them. The
// result is the median: minima would favour short steps, which are more often undisturbed.
void measure(const std::string& name, const Ladder& ladder, int64_t steps,
             std::vector<ScalingRow>& rows) {
  std::deque<Trainee> trainees;
  for (const int64_t size : ladder.sizes) {
    ConvolutionNetwork network;
    network.*ladder.member = size;
    trainees.emplace_back(network);
  }
  for (int64_t done = 0; done < steps; done += steps_a_turn)
    for (Trainee& trainee : trainees) trainee.train(std::min(steps_a_turn, steps - done));
  for (std::size_t i = 0; i < trainees.size(); ++i)
    rows.push_back({name, ladder.sizes[i], trainees[i].gflop(), trainees[i].ms()});
}

}  // namespace

const Registry<Ladder>& ladders() {
  using Network = ConvolutionNetwork;
  static const Registry<Ladder> registry(
      "ladder", {{"batch", "images of a batch", {&Network::batch, {8, 16, 32, 64, 128, 256, 512}}},
                 {"channels",
                  "channels of each convolution; arithmetic grows with the square",
                  {&Network::channels, {16, 32, 64, 128}}},
                 {"side",
                  "pixels of an image's side; arithmetic grows with the square",
                  {&Network::side, {14, 28, 56, 112}}},
                 {"layers", "number of convolutions", {&Network::layers, {1, 2, 4, 8, 16}}}});
  return registry;
}

pictures::Table scaling_table(const std::vector<ScalingRow>& rows, double peak) {
  pictures::Table table{"",
                        {"ladder",
                         {"size", 0},
                         {"GFLOP", 3},
                         {"ms", 3},
                         {"GFLOP/s", 1},
                         "of peak",
                         {"× per arithmetic", 2}}};
  const ScalingRow* before = nullptr;
  for (const ScalingRow& row : rows) {
    const double rate = row.gflop / row.ms * 1e3;
    table.rows.push_back({row.ladder, static_cast<double>(row.size), row.gflop, row.ms, rate,
                          fmt::format("{:.0f} %", 100 * rate / peak), ""});
    if (before != nullptr && before->ladder == row.ladder)
      table.rows.back().back() = (row.ms / before->ms) / (row.gflop / before->gflop);
    before = &row;
  }
  return table;
}

pictures::Chart scaling_chart(const std::vector<ScalingRow>& rows, double peak) {
  pictures::Chart chart{.title = "Time of training steps over their arithmetic",
                        .x_label = "multiply-adds, each counted as 2 (GFLOP)",
                        .y_label = "time (ms)",
                        .scales = pictures::log_log};
  double least = INFINITY, largest = 0;
  for (const ScalingRow& row : rows) {
    if (chart.series.empty() || chart.series.back().name != row.ladder)
      chart.series.push_back({row.ladder});
    chart.series.back().add(row.gflop, row.ms);
    least = std::min(least, row.gflop);
    largest = std::max(largest, row.gflop);
  }
  chart.series.push_back({"peak", {least, largest}, {least / peak * 1e3, largest / peak * 1e3}});
  return chart;
}

void bench_scaling(const std::string& ladder, int64_t steps, const std::string& picture) {
  std::vector<ScalingRow> rows;
  if (!ladder.empty())
    measure(ladder, as_usage([&] { return ladders().find(ladder); }), steps, rows);
  else
    for (const auto& [name, help, each] : ladders().entries()) measure(name, each, steps, rows);
  const double peak = multiply_add_peak() / 1e9;
  fmt::print("{}, peak {:.1f} GFLOP/s\n", counted(num_threads(), "thread"), peak);
  fmt::print("{}", pictures::to_text(scaling_table(rows, peak)));
  if (picture.empty()) return;
  write_file_atomically(picture, pictures::render({scaling_chart(rows, peak)}));
  fmt::print("\nthe picture is in {}\n", picture);
}

}  // namespace gradus::app
