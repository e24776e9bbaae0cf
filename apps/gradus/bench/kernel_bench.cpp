#include "apps/gradus/bench/kernel_bench.hpp"

#include <benchmark/benchmark.h>

#include <cstring>
#include <gradus.hpp>
#include <regex>

#include "apps/gradus/bench/peak.hpp"
#include "apps/gradus/cli/options.hpp"
#include "apps/pictures/table.hpp"
#include "core/kernels/gemm/gemm.hpp"

namespace gradus::app {
namespace {

// The function to measure.
using Body = std::function<void()>;

// The limit of a kernel: the multiply-adds of the processor (compared with a product of the BLAS),
// or the memory bandwidth (compared with a copy).
enum class Limit { arithmetic, memory };

struct KernelRow {
  std::string name;
  Limit limit;
  double work;  // floating-point operations, or the bytes that it must read and write
  // Makes the operands and returns a function that runs the kernel once.
  std::function<Body()> kernel;
  // The same for the BLAS or copy, with the same work.
  std::function<Body()> baseline;
};

using kernels::Matrix;

// `count` products of (m, k) and (k, n); the operands may be stored transposed.
struct Products {
  int64_t count, m, n, k;
  bool transposed_a, transposed_b;

  double flops() const { return 2.0 * static_cast<double>(count * m * n * k); }
};

// C ← A·B
void multiply(int64_t m, int64_t n, int64_t k, Matrix<float> a, Matrix<float> b, float* c,
              int64_t stride) {
  kernels::OpenBlas::instance().multiply(m, n, k, a, b, kernels::Update::replace, c, stride);
}

// Several small products in each chunk, so that the overhead of threads is small.
Body many(const Products& p, Matrix<float> a, Matrix<float> b) {
  constexpr int64_t least_work = 1 << 18;
  const int64_t grain = std::max<int64_t>(1, least_work / (p.m * p.n * p.k));
  return [=] {
    parallel_for(p.count, grain, [&](int64_t begin, int64_t end) {
      const Storage memory(static_cast<std::size_t>(p.m * p.n) * sizeof(float));
      float* c = reinterpret_cast<float*>(memory.data());
      for (int64_t i = begin; i < end; ++i) multiply(p.m, p.n, p.k, a, b, c, p.n);
    });
  };
}

Body one(const Products& p, Matrix<float> a, Matrix<float> b) {
  const auto memory =
      std::make_shared<Storage>(static_cast<std::size_t>(p.m * p.n) * sizeof(float));
  return [=, division = kernels::GemmDivision(p.m, p.n, p.k)] {
    float* c = reinterpret_cast<float*>(memory->data());
    parallel_for(division.length, division.grain, [&](int64_t begin, int64_t end) {
      if (division.by_columns)
        multiply(p.m, end - begin, p.k, a, b.from(0, begin), c + begin, p.n);
      else
        multiply(end - begin, p.n, p.k, a.from(begin, 0), b, c + begin * p.n, p.n);
    });
  };
}

// The products on all threads, where each call of OpenBLAS uses one thread. Several products are
// distributed over the threads, a single one is divided like in kernels::gemm. Several products
// have the same operands, which stay in the cache: an upper bound for convolution by products.
Body blas(const Products& p) {
  Rng rng(1);
  const Tensor a = randn({p.m, p.k}, rng), b = randn({p.k, p.n}, rng);
  const Matrix<float> left{a.data<float>(), p.transposed_a ? p.m : p.k, p.transposed_a};
  const Matrix<float> right{b.data<float>(), p.transposed_b ? p.k : p.n, p.transposed_b};
  return [a, b, body = p.count > 1 ? many(p, left, right) : one(p, left, right)] { body(); };
}

constexpr int64_t batch = 128;

// The three products of a layer: its result, and the gradients with respect to both factors.
enum class Pass { forward, by_input, by_weight };
constexpr std::pair<Pass, const char*> passes[] = {
    {Pass::forward, "forward"}, {Pass::by_input, "by input"}, {Pass::by_weight, "by weight"}};

// One pass of layer(x, weight). The graph for gradients is recorded once.
template <class Layer>
Body pass_of(const Layer& layer, const Shape& input, const Shape& weights, Pass pass) {
  Rng rng(1);
  Tensor x = randn(input, rng), weight = randn(weights, rng);
  if (pass == Pass::forward) return [=] { layer(x, weight); };
  const Tensor by = (pass == Pass::by_input ? x : weight).set_requires_grad();
  const Tensor y = layer(x, weight), upstream = randn(y.shape(), rng);
  return [=] { grad({y}, {by}, {.grad_outputs = {upstream}, .retain_graph = true}); };
}

struct DenseLayer {
  const char* model;
  int64_t in, out;

  Products products(Pass pass) const {
    if (pass == Pass::forward) return {1, batch, out, in, false, true};
    if (pass == Pass::by_input) return {1, batch, in, out, false, false};
    return {1, out, in, batch, true, false};
  }
  Body body(Pass pass) const {
    const auto layer = [](const Tensor& x, const Tensor& weight) { return linear(x, weight); };
    return pass_of(layer, {batch, in}, {out, in}, pass);
  }
  std::string name() const { return fmt::format("{} dense {}-{}", model, in, out); }
};
constexpr DenseLayer dense_layers[] = {
    {"mlp", 784, 512},   {"mlp", 512, 256},  {"mlp", 256, 10},
    {"lenet", 400, 120}, {"lenet", 120, 84}, {"lenet", 84, 10},
    {"cnn", 9216, 128},  {"cnn", 128, 10},   {"cnn-bn", 3136, 128}};

struct ConvolutionLayer {
  const char* model;
  int64_t kernel, channels, filters, pixels, padding;  // squares of kernel and pixels

  Products products(Pass pass) const {
    const int64_t extent = pixels + 2 * padding - kernel + 1;
    const int64_t outputs = extent * extent, window = channels * kernel * kernel;
    if (pass == Pass::forward) return {batch, filters, outputs, window, false, false};
    if (pass == Pass::by_input) return {batch, window, outputs, filters, true, false};
    return {batch, filters, window, outputs, false, true};
  }
  Body body(Pass pass) const {
    const auto layer = [options = ConvolutionOptions{.padding = padding}](const Tensor& x,
                                                                          const Tensor& weight) {
      return conv2d(x, weight, {}, options);
    };
    return pass_of(layer, {batch, channels, pixels, pixels}, {filters, channels, kernel, kernel},
                   pass);
  }
  std::string name() const {
    return fmt::format("{0} conv {1}x{1} {2}-{3} on {4}x{4}", model, kernel, channels, filters,
                       pixels);
  }
};
constexpr ConvolutionLayer convolution_layers[] = {
    {"lenet", 5, 1, 6, 28, 2},       {"lenet", 5, 6, 16, 14, 0},       {"cnn", 3, 1, 32, 28, 0},
    {"cnn", 3, 32, 64, 26, 0},       {"cnn-bn", 3, 1, 32, 28, 1},      {"cnn-bn", 3, 32, 64, 14, 1},
    {"mnist-fast", 5, 1, 24, 28, 0}, {"mnist-fast", 3, 24, 32, 12, 0}, {"other", 3, 64, 64, 14, 1},
    {"other", 3, 128, 128, 7, 1},    {"other", 1, 64, 128, 14, 0}};

template <class Layer>
void add_passes(const Layer& layer, std::vector<KernelRow>& rows) {
  for (const auto& [pass, name] : passes) {
    const Products products = layer.products(pass);
    rows.push_back({fmt::format("{} {}", layer.name(), name), Limit::arithmetic, products.flops(),
                    [layer, pass = pass] { return layer.body(pass); },
                    [products] { return blas(products); }});
  }
}

const Shape images{128, 32, 28, 28}, features{128, 512};

// Reads bytes/2 and writes bytes/2.
Body copy(double bytes) {
  const auto numbers = static_cast<int64_t>(bytes / 8);
  Tensor source = Tensor::ones({numbers}), target = Tensor::empty({numbers});
  return [source, target]() mutable {
    const float* from = source.data<float>();
    float* to = target.mutable_data<float>();
    parallel_for(source.numel(), 1 << 16, [&](int64_t begin, int64_t end) {
      std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin) * sizeof(float));
    });
  };
}

KernelRow memory_row(std::string name, double bytes, std::function<Body()> kernel) {
  return {std::move(name), Limit::memory, bytes, std::move(kernel),
          [bytes] { return copy(bytes); }};
}

std::string text(const Shape& shape) {
  return fmt::format("{}", fmt::join(shape.begin(), shape.end(), "x"));
}

using Unary = std::function<Tensor(const Tensor&)>;

// `streams`: the number of values read and written for each value of x, of 4 bytes each.
KernelRow forward(const char* name, double streams, const Unary& f) {
  return memory_row(fmt::format("{} {}", name, text(images)),
                    4 * streams * static_cast<double>(images.numel()), [f] {
                      Rng rng(1);
                      return [f, x = randn(images, rng)] { f(x); };
                    });
}

// `reads_and_writes`: the number of values that both passes read and write for each value of x.
KernelRow both_ways(const std::string& name, const Shape& shape, double reads_and_writes,
                    const Unary& f) {
  return memory_row(fmt::format("{} {} both ways", name, text(shape)),
                    4 * reads_and_writes * static_cast<double>(shape.numel()), [=] {
                      Rng rng(1);
                      Tensor x = randn(shape, rng).set_requires_grad();
                      return [f, x, upstream = randn(f(x).shape(), rng)]() mutable {
                        x.zero_grad();
                        f(x).backward(upstream);
                      };
                    });
}

void add_normalizations(std::vector<KernelRow>& rows) {
  for (const char* name : {"batch", "layer", "rms", "group:8", "instance", "lrn"})
    for (const Shape& shape : {images, features}) {
      layers::AnyModule layer = layers::make_normalization(name, shape.without(0));
      if (layer->equation().empty()) continue;
      // The forward pass reads x and writes y; the backward pass reads x and the gradient of y and
      // writes the gradient of x.
      rows.push_back(both_ways(fmt::format("norm {}", name), shape, 5,
                               [layer](const Tensor& x) mutable { return layer(x); }));
    }
  // y and its gradient have a quarter of the values of x.
  rows.push_back(both_ways("norm batch, max-pool 2x2", images, 3.5, [](const Tensor& x) {
    return batch_norm_max_pool2d(x, {}, {}, {}, {});
  }));
}

// The result has a quarter of the values of x, and as many positions of maxima.
void add_pooling(std::vector<KernelRow>& rows) {
  const Unary pool = [](const Tensor& x) { return max_pool2d(x); };
  rows.push_back(forward("max-pool 2x2", 1.5, pool));
  rows.push_back(memory_row(fmt::format("max-pool 2x2 {} gradient", text(images)),
                            6 * static_cast<double>(images.numel()), [pool] {
                              Rng rng(1);
                              const Tensor x = randn(images, rng).set_requires_grad();
                              const Tensor y = pool(x), upstream = randn(y.shape(), rng);
                              return [=] {
                                grad({y}, {x}, {.grad_outputs = {upstream}, .retain_graph = true});
                              };
                            }));
}

// The forward pass reads logits and writes probabilities; the backward pass reads these and writes
// the gradient.
KernelRow softmax_cross_entropy(int64_t rows, int64_t classes) {
  const Tensor labels = Tensor::full({rows}, 3, DType::i64);
  return both_ways("softmax cross-entropy", {rows, classes}, 4,
                   [labels](const Tensor& x) { return cross_entropy(x, labels); });
}

// Reads the gradient, the parameter and two moments, and writes the parameter and the moments.
KernelRow adam() {
  constexpr int64_t parameters = 535818;
  return memory_row(fmt::format("adam {} parameters", parameters), 28.0 * parameters, [] {
    Rng rng(1);
    Tensor parameter = randn({parameters}, rng);
    parameter.set_requires_grad().set_grad(randn({parameters}, rng));
    const auto optimizer = std::make_shared<optim::Adam>(NamedTensors{{"weight", parameter}});
    return [optimizer] { optimizer->step(); };
  });
}

// Products and convolutions of the named models, other convolutions of common sizes, and operations
// that are limited by memory.
std::vector<KernelRow> kernel_rows() {
  std::vector<KernelRow> rows;
  for (const DenseLayer& layer : dense_layers) add_passes(layer, rows);
  for (const ConvolutionLayer& layer : convolution_layers) add_passes(layer, rows);
  rows.push_back(forward("relu", 2, [](const Tensor& x) { return relu(x); }));
  rows.push_back(forward("exp", 2, [](const Tensor& x) { return exp(x); }));
  add_pooling(rows);
  add_normalizations(rows);
  rows.push_back(softmax_cross_entropy(128, 10));
  rows.push_back(softmax_cross_entropy(1024, 1000));
  rows.push_back(adam());
  return rows;
}

constexpr int repetitions = 9;

std::vector<KernelRow> matching_rows(const std::string& pattern) {
  std::vector<KernelRow> rows = kernel_rows();
  try {
    const std::regex expression(pattern);
    std::erase_if(rows, [&](const KernelRow& row) { return !regex_search(row.name, expression); });
  } catch (const std::regex_error&) {
    throw UsageError("--kernels must be a regular expression, got '{}'", pattern);
  }
  if (rows.empty())
    throw UsageError("no name of a kernel matches '{}'; --kernels alone measures all", pattern);
  return rows;
}

// Keeps the median seconds of each benchmark, in the order of registration.
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

// The first call is a warm-up: after it, memory comes from the pool.
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

// Kernels and baselines run in random order, so that other load on the machine affects both.
Medians time(const std::vector<KernelRow>& rows, double seconds) {
  std::string program = "gradus", interleaved = "--benchmark_enable_random_interleaving=true";
  char* arguments[] = {program.data(), interleaved.data(), nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);
  for (const KernelRow& row : rows) {
    add_benchmark(row.name, row.kernel, seconds);
    add_benchmark(row.name, row.baseline, seconds);
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
      "", {"kernel", {"ms", 3}, {"rate", 1}, "", "of peak", "baseline", {"rate", 1}, {"ratio", 2}}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool computes = rows[i].limit == Limit::arithmetic;
    const double own = medians[2 * i], other = medians[2 * i + 1], work = rows[i].work / 1e9;
    table.rows.push_back({rows[i].name, own * 1e3, work / own, computes ? "GFLOP/s" : "GB/s",
                          computes ? fmt::format("{:.0f} %", 100 * work / own / peak) : "",
                          computes ? "BLAS" : "copy", work / other, other / own});
  }
  fmt::print("{}, peak {:.1f} GFLOP/s; the BLAS is OpenBLAS for {}\n",
             counted(num_threads(), "thread"), peak, kernels::OpenBlas::instance().processor());
  fmt::print("{}", pictures::to_text(table));
}

}  // namespace gradus::app
