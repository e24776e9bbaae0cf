// claims_test: statements of the help and documentation about the effects of options.
#include <doctest/doctest.h>

#include <cmath>

#include "core/io/safetensors.hpp"
#include "core/random.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;

namespace {

const std::string digits = "train --data digits --model mlp --limit 512 --quiet ";

nlohmann::json trained(const TemporaryFolder& folder, const std::string& line,
                       const std::string& run) {
  const Process::Result result = run_gradus(line + " --out " + run, folder);
  REQUIRE_MESSAGE(result.code == 0, line << ": " << result.err);
  return json_of_file(folder.path(run + "/report.json"));
}

// By power iteration.
double largest_singular_value(const Tensor& weight) {
  const int64_t rows = weight.size(0), columns = weight.numel() / rows;
  const std::vector<float> w = weight.to_vector<float>();
  std::vector<double> v(static_cast<std::size_t>(columns), 1), u(static_cast<std::size_t>(rows));
  double norm = 0;
  for (int step = 0; step < 200; ++step) {
    for (int64_t i = 0; i < rows; ++i) {
      u[i] = 0;
      for (int64_t j = 0; j < columns; ++j) u[i] += w[i * columns + j] * v[j];
    }
    std::fill(v.begin(), v.end(), 0);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) v[j] += w[i * columns + j] * u[i];
    norm = 0;
    for (const double x : v) norm += x * x;
    norm = std::sqrt(norm);
    for (double& x : v) x /= norm;
  }
  return std::sqrt(norm);
}

double dot(const std::vector<float>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// uᵀWv of a layer under spectral normalization.
double estimated_singular_value(const SafetensorsFile& file, const std::string& layer) {
  const Tensor& weight = file.at(layer + ".weight_orig");
  const std::vector<float> w = weight.to_vector<float>(),
                           u = file.at(layer + ".weight_u").to_vector<float>(),
                           v = file.at(layer + ".weight_v").to_vector<float>();
  std::vector<double> product(u.size());
  for (std::size_t i = 0; i < u.size(); ++i)
    for (std::size_t j = 0; j < v.size(); ++j)
      product[i] += static_cast<double>(w[i * v.size() + j]) * v[j];
  return dot(u, product);
}

}  // namespace

TEST_CASE("Averaged weights keep spectral normalization") {
  const TemporaryFolder folder;
  for (const std::string average : {"--swa 4", "--ema 0.97"}) {
    CAPTURE(average);
    const auto report =
        trained(folder, digits + "--limit 256 --norm spectral --epochs 6 " + average, "run");
    CHECK(report["test_loss"] < std::log(10));
    const SafetensorsFile best = read_safetensors(folder.path("run/best.safetensors"));
    for (const std::string layer : {"1", "3", "5"}) {
      const double exact = largest_singular_value(best.at(layer + ".weight_orig"));
      CHECK(estimated_singular_value(best, layer) == doctest::Approx(exact).epsilon(0.01));
    }
    std::filesystem::remove_all(folder.path("run"));
  }
}

TEST_CASE("The decay of --ema in the help also works for short trainings") {
  const TemporaryFolder folder;
  const std::string line = "train --data digits --model mlp --quiet --seed 1";
  const double plain = trained(folder, line, "plain")["test_accuracy"];
  for (const std::string decay : {"0.999", "0.9999"}) {
    CAPTURE(decay);
    const double averaged = trained(folder, line + " --ema " + decay, decay)["test_accuracy"];
    CHECK(averaged > plain - 0.02);
  }
}

TEST_CASE("With --swa only epochs with averaged weights count as best and for --patience") {
  const TemporaryFolder folder;
  // With this tiny rate, the weights hardly change.
  const std::string line =
      digits + "--epochs 8 --schedule constant --optimizer sgd --lr 1e-6 --val-split 0.25 ";
  const auto report = trained(folder, line + "--swa 6", "mean");
  CHECK(report["best_epoch"] >= 6);
  const auto stopped = trained(folder, line + "--swa 6 --patience 1 --min-delta 0.9", "patience");
  CHECK(stopped["epochs"] == 7);
  CHECK(stopped["best_epoch"] >= 6);
}

TEST_CASE("A teacher uses its own preprocessing") {
  const TemporaryFolder folder;
  // Two blobs with eight features of very different scales.
  std::string table;
  Rng rng(3);
  for (int row = 0; row < 400; ++row) {
    for (int i = 0; i < 8; ++i)
      table += fmt::format("{},", std::pow(10, i - 4) * (rng.normal() + (i + row % 2) % 3));
    table += fmt::format("{}\n", row % 2);
  }
  folder.write("table.csv", table);
  const std::string table_line = "train --data table.csv --model mlp --epochs 20 --quiet ";
  trained(folder, table_line + "--preprocess pca-whiten:5", "teacher");
  trained(folder, table_line, "plain");
  for (const std::string options :
       {"--teacher teacher", "--teacher plain --preprocess zca", "--teacher teacher --mixup 0.2",
        "--teacher plain --preprocess pca:4"}) {
    CAPTURE(options);
    // Four components of features with such scales are worth 0.8 without a teacher, too.
    const double least = options.ends_with("pca:4") ? 0.7 : 0.85;
    CHECK(trained(folder, table_line + options, "student")["test_accuracy"] > least);
    std::filesystem::remove_all(folder.path("student"));
  }
  trained(folder, digits + "--epochs 4 --preprocess zca:0.1", "images");
  CHECK(trained(folder, digits + "--epochs 6 --cutmix 1 --teacher images",
                "pupil")["test_accuracy"] > 0.75);
}

TEST_CASE("Decay and penalties don't change biases and gains") {
  const TemporaryFolder folder;
  // With this strong decay, one step brings decayed parameters almost to 0.
  for (const auto& [scheme, gain] : {std::pair<std::string, std::string>{"layer", "2.weight"},
                                     {"rms", "2.weight"},
                                     {"weight", "1.weight_g"}}) {
    const std::string norm = scheme;
    CAPTURE(norm);
    trained(folder,
            digits +
                "--epochs 1 --optimizer adamw --lr 0.01 --weight-decay 99 --schedule constant "
                "--no-decay-of-vectors --norm " +
                norm,
            norm);
    const SafetensorsFile best = read_safetensors(folder.path(norm + "/best.safetensors"));
    for (const float value : best.at(gain).to_vector<float>()) REQUIRE(std::abs(value) > 0.05f);
  }
  const std::string conv =
      "train --data digits --limit 256 --quiet --epochs 1 --l1 100 --proximal --schedule constant "
      "--optimizer sgd --lr 0.01 --norm layer --model ";
  trained(folder, conv + "cnn-bn", "images");
  const SafetensorsFile best = read_safetensors(folder.path("images/best.safetensors"));
  for (const auto& entry : best.tensors) {
    const auto& [name, tensor] = entry;
    CAPTURE(entry.first);
    const std::vector<float> values = tensor.to_vector<float>();
    const auto zeros = std::count(values.begin(), values.end(), 0.f);
    const bool is_normalization = name.starts_with("1.") || name.starts_with("5.");
    if (is_normalization && name.ends_with("weight"))
      CHECK(zeros == 0);
    else if (name.ends_with("weight"))
      CHECK(zeros == static_cast<std::ptrdiff_t>(values.size()));
  }
}

TEST_CASE("The proximal step uses the learning rate of each group") {
  const TemporaryFolder folder;
  trained(folder,
          digits +
              "--epochs 1 --l1 100 --proximal --optimizer sgd --lr 0.01 --group "
              "1.*:lr=0",
          "run");
  const SafetensorsFile best = read_safetensors(folder.path("run/best.safetensors"));
  const std::vector<float> still = best.at("1.weight").to_vector<float>(),
                           moved = best.at("3.weight").to_vector<float>();
  CHECK(std::count(still.begin(), still.end(), 0.f) == 0);
  CHECK(std::count(moved.begin(), moved.end(), 0.f) == static_cast<std::ptrdiff_t>(moved.size()));
}

TEST_CASE("A run's weights can be loaded with its own options, from any path") {
  const TemporaryFolder folder;
  for (const std::string norm : {"weight", "weight-std", "weight-centered", "weight-whiten",
                                 "spectral", "cosine", "none", "batch+weight-std"}) {
    CAPTURE(norm);
    const std::string run = "a+b/" + norm;
    trained(folder, digits + "--epochs 1 --norm " + norm, run);
    const std::string best = run + "/best.safetensors";
    // With this tiny rate, the final weights are the initial ones.
    trained(folder,
            digits + "--epochs 1 --optimizer sgd --lr 1e-30 --norm " + norm +
                " --init he-normal+pretrained:" + best,
            "again");
    const SafetensorsFile was = read_safetensors(folder.path(best)),
                          is = read_safetensors(folder.path("again/best.safetensors"));
    for (const auto& [name, tensor] : was.tensors)
      if (name.find("weight") != name.npos && !name.ends_with("_u") && !name.ends_with("_v"))
        CHECK(is.at(name).to_vector<float>() == tensor.to_vector<float>());
    std::filesystem::remove_all(folder.path("again"));
  }
}

TEST_CASE("The training accuracy of mixed samples counts each label by its weight") {
  const TemporaryFolder folder;
  const std::string line =
      "train --data digits --model mlp --quiet --epochs 6 --mixup 1 --watch-test --val-split 0.1 "
      "--out run";
  REQUIRE(run_gradus(line, folder).code == 0);
  const std::string last = metric_rows(folder.path("run")).back();
  std::vector<double> cells;
  std::istringstream stream(last);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(std::stod(cell));
  // λ is uniform: always predicting the label with the larger weight gives 0.75.
  CHECK(cells[4] > 0.6);
  CHECK(cells[4] < 0.85);
}

TEST_CASE("Options without an effect are refused") {
  const TemporaryFolder folder;
  check_refused(
      folder,
      {{"train --data digits --model lstm --activation gelu", 2,
        "[lstm] the network has no place for activation gelu"},
       {"train --data digits --no-decay-of-vectors", 2,
        "--no-decay-of-vectors needs --weight-decay"},
       {"train --data digits --batch-size 100 --accumulate 100 --drop-last", 2,
        "--drop-last leaves no batch: --batch-size 100 times --accumulate 100 is more than 1437 "
        "samples"},
       {"train --data digits --cutmix 1 --preprocess pca:50", 2,
        "--cutmix needs images, but --preprocess pca:50 turns them into vectors"},
       {"train --data digits --norm weight --l1 0.1 --proximal", 2,
        "--proximal cannot be combined with --norm weight: it may set all weights of an output to "
        "0, "
        "and their direction is then undefined"}});
}

TEST_CASE("Penalties are added before clipping, weight decay after it") {
  const TemporaryFolder folder;
  const std::string sgd =
      digits + "--epochs 1 --optimizer sgd --lr 0.1 --schedule constant --seed 3 ";
  const auto norm = [&](const std::string& options) {
    trained(folder, sgd + options, "run");
    double sum = 0;
    const SafetensorsFile best = read_safetensors(folder.path("run/best.safetensors"));
    for (const float w : best.at("1.weight").to_vector<float>()) sum += static_cast<double>(w) * w;
    std::filesystem::remove_all(folder.path("run"));
    return std::sqrt(sum);
  };
  const double plain = norm("--clip-norm 1e-6");
  CHECK(norm("--clip-norm 1e-6 --l2 0.5") == doctest::Approx(plain).epsilon(1e-5));
  // (1 − lr·λ) at each of 4 steps.
  CHECK(norm("--clip-norm 1e-6 --weight-decay 1") ==
        doctest::Approx(plain * std::pow(0.9, 4)).epsilon(1e-4));
}
