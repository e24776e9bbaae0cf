#include "data/transform/mixing.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/parallel.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

// Sample i of class i, all its values i + 1.
Batch numbered(int64_t count, int64_t side) {
  Batch batch{Tensor::empty({count, 2, side, side}), Tensor::arange(count)};
  for (int64_t i = 0; i < batch.inputs.numel(); ++i)
    batch.inputs.mutable_data<float>()[i] = static_cast<float>(i / (2 * side * side) + 1);
  return batch;
}

}  // namespace

TEST_CASE("beta variates have the mean and variance of their distribution") {
  for (const double alpha : {0.1, 0.4, 1., 3.}) {
    CAPTURE(alpha);
    Rng rng(11);
    const int count = 20000;
    double sum = 0, square = 0;
    for (int i = 0; i < count; ++i) {
      const double x = draw_beta(alpha, rng);
      REQUIRE((x >= 0 && x <= 1));
      sum += x;
      square += x * x;
    }
    const double mean = sum / count, variance = 1 / (4 * (2 * alpha + 1));
    CHECK(std::abs(mean - 0.5) < 5 * std::sqrt(variance / count));
    CHECK(square / count - mean * mean == doctest::Approx(variance).epsilon(0.03));
  }
  Rng rng(0);
  for (const double alpha : {1e-4, 1e-320}) CHECK(std::isfinite(draw_beta(alpha, rng)));
}

TEST_CASE("targets of several numbers are mixed with those of the same partner") {
  Batch batch = numbered(6, 3);
  batch.targets = Tensor::empty({6, 2});
  for (int64_t i = 0; i < 12; ++i)
    batch.targets.mutable_data<float>()[i] = static_cast<float>(i / 2 + 1);
  for (const auto& mix : {mixup, cutmix}) {
    Rng rng(4);
    const MixedBatch mixed = mix(batch, 1, rng);
    REQUIRE(mixed.partners.shape() == Shape{6, 2});
    for (int64_t i = 0; i < 12; i += 2)
      CHECK(mixed.partners.data<float>()[i] == mixed.partners.data<float>()[i + 1]);
  }
  Rng rng(4);
  const MixedBatch mixed = mixup(batch, 1, rng);
  for (int64_t i = 0; i < 6; ++i) {
    const double own = mixed.targets.data<float>()[2 * i],
                 other = mixed.partners.data<float>()[2 * i];
    CHECK(mixed.inputs.data<float>()[i * 18] ==
          doctest::Approx(mixed.lambda * own + (1 - mixed.lambda) * other).epsilon(1e-5));
  }
}

TEST_CASE("mixup adds another sample to each sample, with the weights of the labels") {
  const Batch batch = numbered(6, 3);
  Rng rng(4);
  const MixedBatch mixed = mixup(batch, 1, rng);
  CHECK(mixed.targets.to_vector<int64_t>() == batch.targets.to_vector<int64_t>());
  const auto partners = mixed.partners.to_vector<int64_t>();
  CHECK(partners != batch.targets.to_vector<int64_t>());
  for (int64_t i = 0; i < mixed.inputs.numel(); ++i) {
    const int64_t sample = i / 18;
    const double want = mixed.lambda * static_cast<double>(sample + 1) +
                        (1 - mixed.lambda) * static_cast<double>(partners[sample] + 1);
    REQUIRE(mixed.inputs.data<float>()[i] == doctest::Approx(want).epsilon(1e-6));
  }
}

TEST_CASE("cutmix inserts a rectangle of another sample, and lambda is the remaining fraction") {
  const Batch batch = numbered(5, 8);
  Rng rng(9);
  for (int draw = 0; draw < 20; ++draw) {
    const MixedBatch mixed = cutmix(batch, 1, rng);
    const auto partners = mixed.partners.to_vector<int64_t>();
    int64_t own = 0;
    for (int64_t i = 0; i < mixed.inputs.numel(); ++i) {
      const int64_t sample = i / 128;
      const float value = mixed.inputs.data<float>()[i];
      const auto is = [&](int64_t other) { return value == static_cast<float>(other + 1); };
      REQUIRE((is(sample) || is(partners[sample])));
      // The rectangle is the same in every sample and channel.
      if (sample != partners[sample]) own += is(sample) - is(partners[sample]);
    }
    int64_t mixed_samples = 0;
    for (int64_t i = 0; i < 5; ++i) mixed_samples += partners[i] != i;
    const double difference = 2 * mixed.lambda - 1;
    CHECK(static_cast<double>(own) ==
          doctest::Approx(difference * static_cast<double>(mixed_samples * 128)));
  }
}

TEST_CASE("a loss of a mixture is that of the mixed targets") {
  const Batch batch = numbered(4, 2);
  Rng rng(2);
  const MixedBatch mixed = mixup(batch, 0.5, rng);
  const Tensor logits = randn({4, 4}, rng, DType::f64);
  Tensor target = Tensor::zeros({4, 4}, DType::f64);
  for (int64_t i = 0; i < 4; ++i) {
    target.mutable_data<double>()[4 * i + i] += mixed.lambda;
    target.mutable_data<double>()[4 * i + mixed.partners.data<int64_t>()[i]] += 1 - mixed.lambda;
  }
  const LossFunction loss = [](const Tensor& x, const Tensor& y) { return cross_entropy(x, y); };
  CHECK(mixed_loss(loss, logits, mixed).item() ==
        doctest::Approx(soft_cross_entropy(logits, target).item()).epsilon(1e-14));
}

TEST_CASE("mixtures are the same bits for a seed and any number of threads") {
  const Batch batch = numbered(64, 28);
  const int before = num_threads();
  const auto images = [&](auto mix, int threads) {
    set_num_threads(threads);
    Rng rng(3);
    return mix(batch, 0.4, rng).inputs.template to_vector<float>();
  };
  CHECK(images(mixup, 1) == images(mixup, 2));
  CHECK(images(cutmix, 1) == images(cutmix, 2));
  set_num_threads(before);
}

TEST_CASE("mixing refuses wrong inputs and options") {
  Rng rng(0);
  CHECK_THROWS_WITH(mixup(numbered(2, 2), 0, rng),
                    "[mixup] alpha must be 1e-06 or more and finite, got 0");
  CHECK_THROWS_WITH(cutmix(numbered(2, 2), NAN, rng),
                    "[cutmix] alpha must be 1e-06 or more and finite, got nan");
  const Batch points{Tensor::zeros({2, 3}), Tensor::arange(2)};
  CHECK_THROWS_WITH(cutmix(points, 1, rng), "[cutmix] images must be (N, C, H, W), got (2, 3)");
}
