#include "layers/norm/normalization.hpp"

#include "layers/activation.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/pooling.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

double first(const Tensor& tensor) {
  return cast(tensor, DType::f64).to_vector<double>()[0];
}

}  // namespace

TEST_CASE("normalizations keep their state under PyTorch's names") {
  using Names = std::vector<std::string>;
  const auto names = [](AnyModule module) { return names_of(module->state_dict()); };
  const Names tracked{"weight", "bias", "running_mean", "running_var", "num_batches_tracked"};
  CHECK(names(RMSNorm({4})) == Names{"weight"});
  CHECK(names(GroupNorm(2, 4)) == Names{"weight", "bias"});
  CHECK(names(GroupNorm(2, 4, {.affine = false})).empty());
  CHECK(names(InstanceNorm2d(4)).empty());
  CHECK(names(InstanceNorm1d(4, {.affine = true})) == Names{"weight", "bias"});
  CHECK(names(InstanceNorm2d(4, {.affine = true, .track_running_stats = true})) == tracked);
  CHECK(names(BatchRenorm2d(4)) == tracked);
  CHECK(names(LocalResponseNorm()).empty());
}

TEST_CASE("derivatives of every normalization layer, in training and in evaluation") {
  check_gradients(RMSNorm({4}), random_input({3, 4}));
  check_gradients(GroupNorm(2, 4), random_input({2, 4, 3}));
  check_gradients(GroupNorm(2, 6, {.affine = false}), random_input({3, 6}));
  check_gradients(LocalResponseNorm({.size = 3, .alpha = 0.5}), random_input({2, 4, 2, 2}));
  for (const bool training : {true, false}) {
    InstanceNorm1d sequences(3, {.affine = true});
    InstanceNorm2d images(2, {.affine = true, .track_running_stats = true});
    sequences.train(training);
    images.train(training);
    check_gradients(sequences, random_input({2, 3, 4}));
    check_gradients(images, random_input({2, 2, 3, 2}));
  }
  BatchRenorm1d evaluated(3);
  evaluated.evaluate();
  check_gradients(evaluated, random_input({5, 3}));
}

TEST_CASE("running statistics follow momentum in either convention, or every batch alike") {
  const auto batch = [](double low) { return reshape(Tensor::from({low, low + 2}), {2, 1}); };
  const auto mean_after = [&](const layers::BatchNormLayerOptions& options) {
    BatchNorm1d layer(1, options);
    layer.to(DType::f64);
    for (const double low : {0.0, 3.0, 9.0}) layer(batch(low));
    return first(layer.running_mean);
  };
  // Means 1, 4, 10.
  CHECK(mean_after({.momentum = 0.5}) == doctest::Approx(((0.5 * 1) * 0.5 + 2) * 0.5 + 5));
  CHECK(mean_after({.momentum = 0.9, .momentum_of = MomentumOf::running}) ==
        doctest::Approx(mean_after({.momentum = 0.1})));
  CHECK(mean_after({.momentum = std::nullopt}) == doctest::Approx(5));
}

TEST_CASE("instance norm tracks statistics in training, and only where told") {
  Rng rng(3);
  const Tensor x = randn({4, 2, 5, 5}, rng) + 3;
  InstanceNorm2d layer(2, {.affine = true, .track_running_stats = true}), plain(2);
  check_equal(layer(x), plain(x));
  const double mean = first(layer.running_mean);
  CHECK(mean == doctest::Approx(0.3).epsilon(0.1));
  layer.update_statistics(false);
  layer(x);
  CHECK(first(layer.running_mean) == mean);
  layer.update_statistics(true);
  layer.freeze();
  layer(x);
  CHECK(first(layer.running_mean) != mean);
  CHECK(layer.num_batches_tracked.item() == 2);
  const Tensor trained = plain(x);
  layer.evaluate();
  plain.evaluate();
  check_equal(plain(x), trained);
  CHECK(amax(abs(layer(x) - trained)).item() > 0.1);
  CHECK(layer.num_batches_tracked.item() == 2);
}

TEST_CASE("batch renormalization starts as batch norm and turns to the running statistics") {
  BatchRenorm1d layer(2, {.plain_steps = 2, .r_steps = 6, .d_steps = 4});
  BatchNorm1d plain(2, {.momentum = 0.01});
  Rng rng(4);
  std::vector<double> r, d;
  for (int step = 0; step < 7; ++step) {
    r.push_back(layer.r_max());
    d.push_back(layer.d_max());
    const Tensor x = randn({6, 2}, rng) + 2;
    const Tensor difference = layer(x) - plain(x);
    CHECK((amax(abs(difference)).item() < 1e-6) == (step <= 2));
    check_equal(layer.running_var, plain.running_var);
  }
  CHECK(r == std::vector<double>{1, 1, 1, 1.5, 2, 2.5, 3});
  CHECK(d == std::vector<double>{0, 0, 0, 2.5, 5, 5, 5});
  BatchRenorm1d sudden(2, {.plain_steps = 2, .r_steps = 2, .d_steps = 2});
  for (const double r_max : {1, 1, 3}) {
    CHECK(sudden.r_max() == r_max);
    CHECK(sudden.d_max() == (r_max == 1 ? 0 : 5));
    sudden(randn({6, 2}, rng));
  }
  layer.evaluate();
  plain.evaluate();
  const Tensor x = randn({1, 2}, rng);
  check_equal(layer(x), plain(x));
}

TEST_CASE("batch norm before a max-pool does the same whether it is watched or not") {
  Rng rng(6);
  const Tensor x = randn({3, 2, 6, 10}, rng);
  Sequential unwatched{BatchNorm2d(2), MaxPool2d(2), ReLU()};
  Sequential watched = unwatched;
  for (int step = 0; step < 2; ++step) {
    const Tensor y = unwatched(x);
    const CallObserver observer([](Module&, const Tensor&, const Tensor&) {});
    check_equal(watched(x), y);
  }
  unwatched.evaluate();
  watched.evaluate();
  check_equal(watched(x), unwatched(x));
  for (std::size_t i = 0; i < unwatched.state_dict().size(); ++i)
    check_equal(watched.state_dict()[i].second, unwatched.state_dict()[i].second);
  Sequential halves{BatchNorm2d(2), MaxPool2d(2)};
  for (const Shape& shape : {Shape{2, 2, 1, 9}, Shape{2, 2, 9, 1}})
    CHECK_THROWS_WITH_AS(halves(Tensor::ones(shape)),
                         "layer 1: [max_pool2d] the kernel must not be larger than the padded "
                         "image: kernel 2, image 1 (padding 0)",
                         std::invalid_argument);
  Sequential too_large{BatchNorm2d(2), MaxPool2d(3)};
  CHECK_THROWS_WITH_AS(too_large(Tensor::ones({2, 2, 2, 9})),
                       "layer 1: [max_pool2d] the kernel must not be larger than the padded image: "
                       "kernel 3, image 2 (padding 0)",
                       std::invalid_argument);
}

TEST_CASE("normalizations describe themselves and their equations") {
  CHECK(RMSNorm({3}, {.eps = 0.001}).description() == "RMSNorm((3), eps=0.001)");
  CHECK(GroupNorm(2, 4).description() == "GroupNorm(2, 4)");
  CHECK(InstanceNorm2d(4, {.affine = true}).description() == "InstanceNorm2d(4, affine=true)");
  CHECK(BatchNorm1d(4, {.momentum = std::nullopt}).description() ==
        "BatchNorm1d(4, momentum=cumulative)");
  CHECK(BatchRenorm2d(4, {.r_max = 2}).description() == "BatchRenorm2d(4, r_max=2)");
  CHECK(LocalResponseNorm({.mean = false}).description() ==
        "LocalResponseNorm(5, alpha=0.0001, beta=0.75, k=1, mean=false)");
  CHECK(BatchNorm2d(3).equation() ==
        "BatchNorm2d: over (N, H, W) of each channel; y = (x − μ)/√(σ² + 1e-05)·γ + β; running ← "
        "0.9·running + 0.1·batch");
  CHECK(InstanceNorm2d(3).equation() ==
        "InstanceNorm2d: over (H, W) of each channel of each sample; y = (x − μ)/√(σ² + 1e-05)");
  CHECK(GroupNorm(8, 32).equation() ==
        "GroupNorm: over (C/8, …) of each of 8 groups of channels of each sample; y = (x − μ)/√(σ² "
        "+ 1e-05)·γ + β, γ and β of each channel");
  CHECK(RMSNorm({3}).equation() ==
        "RMSNorm: over the last dimension of each sample; y = x/√(mean x² + 1e-05)·γ, γ of each "
        "element");
  CHECK(LocalResponseNorm().equation() ==
        "LocalResponseNorm: over 5 neighbouring channels of each pixel; y = x/(1 + 0.0001·Σ "
        "x²/5)^0.75");
}

TEST_CASE("a normalization's name may take an argument after a colon") {
  const auto made = [](const char* name, const Shape& features) {
    return make_normalization(name, features)->description();
  };
  CHECK(made("group:4", {32, 5, 5}) == "GroupNorm(4, 32)");
  CHECK(made("group", {32, 5, 5}) == "GroupNorm(8, 32)");
  CHECK(made("group:8", {6, 5, 5}) == "GroupNorm(6, 6)");
  CHECK(made("batch_renorm", {64}) == "BatchRenorm1d(64)");
  CHECK(made("instance", {64}) == "Identity()");
  CHECK(made("lrn", {64}) == "Identity()");
  check_refused([&] { made("group:0", {6}); },
                "[group] groups must be a whole number from 1 to 10^9, got '0' at character 7");
  check_refused([&] { made("group:x", {6}); },
                "[group] groups must be a whole number from 1 to 10^9, got 'x' at character 7");
  check_refused(
      [&] {
        made("group:7", {32, 5, 5});
      },
      "[group_norm] groups must divide the channels: 7 groups, 32 channels");
  check_refused([&] { made("batch:3", {6}); },
                "[batch] '3' is one argument too many at character 7; it takes no arguments");
}

TEST_CASE("normalization layers refuse options outside their ranges") {
  check_refused([] { GroupNorm(0, 4); }, "[group_norm] groups must be 1 or more, got 0");
  check_refused([] { GroupNorm(3, 4); },
                "[group_norm] groups must divide the channels: 3 groups, 4 channels");
  check_refused([] { GroupNorm(2, 4, {.eps = 0}); }, "[group_norm] eps must be positive, got 0");
  check_refused([] { RMSNorm({}); },
                "[rms_norm] normalized_shape must have at least one extent, all positive, got ()");
  check_refused([] { InstanceNorm2d(2, {.eps = 0}); },
                "[instance_norm] eps must be positive, got 0");
  check_refused([] { LocalResponseNorm({.size = 0}); },
                "[local_response_norm] size must be 1 or more, got 0");
  check_refused([] { BatchRenorm1d(2, {.r_max = 0}); },
                "[batch_renorm] r_max must be 1 or more, got 0");
  check_refused([] { BatchRenorm1d(2, {.d_steps = 4}); },
                "[batch_renorm] d_steps must be plain_steps, 5000, or more, got 4");
  check_refused(
      [] {
        GroupNorm(2, 4)(Tensor::zeros({2, 6}));
      },
      "[group_norm] input must be (N, C, …) with 4 channels, got (2, 6)");
}
