#include "data/dataset.hpp"

#include <cmath>
#include <numeric>

#include "core/io/checksum.hpp"
#include "core/ops/elementwise.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"

namespace gradus::data {

// Holds either bytes or features.
struct Dataset::Samples {
  Shape shape;
  std::vector<uint8_t> bytes;
  std::vector<float> features;
  std::vector<int64_t> labels;
  int64_t classes;

  bool are_bytes() const { return !bytes.empty(); }
};

namespace {

void check_samples(std::size_t values, const Shape& sample, const std::vector<int64_t>& labels,
                   int64_t classes) {
  const int64_t count = std::ssize(labels);
  require(count > 0 && sample.numel() > 0, "dataset",
          "at least one sample with one value is needed, got {} samples of shape {}", count,
          sample);
  require(values / static_cast<std::size_t>(sample.numel()) == labels.size() &&
              values % static_cast<std::size_t>(sample.numel()) == 0,
          "dataset", "one label per sample is needed, got {} and {} of samples of shape {}",
          counted(count, "label"), counted(static_cast<int64_t>(values), "value"), sample);
  for (std::size_t i = 0; i < labels.size(); ++i)
    require(labels[i] >= 0 && labels[i] < classes, "dataset",
            "labels of {} classes must be 0 to {}: label {} is {}", classes, classes - 1, i,
            labels[i]);
}

// The normalization of a value as scale·x + shift.
struct SampleLine {
  float scale, shift;
};

SampleLine line_of(const Normalization& normalization, std::size_t feature, double unit) {
  const double deviation = normalization.deviation[feature];
  return {static_cast<float>(unit / deviation),
          static_cast<float>(-normalization.mean[feature] / deviation)};
}

// from (n) → to (n), by one scale and shift for all values or one for each.
template <class T>
void normalize(const T* from, float* to, int64_t n, const Normalization& normalization,
               double unit) {
  if (normalization.mean.size() == 1) {
    const auto [scale, shift] = line_of(normalization, 0, unit);
    for (int64_t i = 0; i < n; ++i) to[i] = static_cast<float>(from[i]) * scale + shift;
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    // Centring first keeps the digits of a feature that is far from zero.
    const auto feature = static_cast<std::size_t>(i);
    to[i] = static_cast<float>((from[i] * unit - normalization.mean[feature]) /
                               normalization.deviation[feature]);
  }
}

constexpr double white = 255;
constexpr int64_t values_at_once = 1 << 14;

struct SampleMoments {
  double mean, deviation;
};

// Sums of integers are exact, in any order.
SampleMoments moments_of_bytes(const std::vector<const uint8_t*>& samples, int64_t sample_size) {
  struct SampleSums {
    uint64_t sum = 0, squares = 0;
    SampleSums& operator+=(const SampleSums& other) {
      sum += other.sum;
      squares += other.squares;
      return *this;
    }
  };
  const int64_t grain = std::max<int64_t>(1, values_at_once / sample_size);
  const SampleSums sums =
      parallel_sum<SampleSums>(std::ssize(samples), grain, [&](int64_t begin, int64_t end) {
        SampleSums part;
        for (int64_t i = begin; i < end; ++i)
          for (int64_t j = 0; j < sample_size; ++j) {
            const uint32_t value = samples[static_cast<std::size_t>(i)][j];
            part.sum += value;
            part.squares += value * value;
          }
        return part;
      });
  const double n = static_cast<double>(samples.size()) * static_cast<double>(sample_size);
  const double mean = static_cast<double>(sums.sum) / n;
  const double variance = static_cast<double>(sums.squares) / n - mean * mean;
  return {mean / white, std::sqrt(std::max(0.0, variance)) / white};
}

// Two passes: no cancellation if the mean is large.
SampleMoments moments_of_feature(const std::vector<const float*>& samples, int64_t feature) {
  const double n = static_cast<double>(samples.size());
  double sum = 0, squares = 0;
  for (const float* sample : samples) sum += sample[feature];
  const double mean = sum / n;
  for (const float* sample : samples)
    squares += (sample[feature] - mean) * (sample[feature] - mean);
  return {mean, std::sqrt(squares / n)};
}

// Rounding gives a large constant a deviation slightly above zero.
double divisor(const SampleMoments& moments) {
  return moments.deviation > 1e-12 * std::abs(moments.mean) ? moments.deviation : 1;
}

std::vector<int64_t> range(int64_t first, int64_t count) {
  std::vector<int64_t> indices(static_cast<std::size_t>(std::max<int64_t>(0, count)));
  std::iota(indices.begin(), indices.end(), first);
  return indices;
}

}  // namespace

Dataset::Dataset(Samples samples)
    : samples_(std::make_shared<const Samples>(std::move(samples))),
      normalization_(std::make_shared<const Normalization>()) {
  indices_ = std::make_shared<const std::vector<int64_t>>(range(0, std::ssize(samples_->labels)));
}

Dataset Dataset::of_bytes(std::vector<uint8_t> values, const Shape& sample,
                          std::vector<int64_t> labels, int64_t classes) {
  check_samples(values.size(), sample, labels, classes);
  return Dataset({sample, std::move(values), {}, std::move(labels), classes});
}

Dataset Dataset::of_features(std::vector<float> values, int64_t features,
                             std::vector<int64_t> labels, int64_t classes) {
  check_samples(values.size(), {features}, labels, classes);
  return Dataset({{features}, {}, std::move(values), std::move(labels), classes});
}

int64_t Dataset::classes() const {
  return samples_->classes;
}

Shape Dataset::sample_shape() const {
  return normalization_->result_shape(samples_->shape);
}

Tensor Dataset::labels() const {
  Tensor labels = Tensor::empty({size()}, DType::i64);
  std::ranges::transform(*indices_, labels.mutable_data<int64_t>(),
                         [&](int64_t i) { return samples_->labels[static_cast<std::size_t>(i)]; });
  return labels;
}

uint64_t Dataset::checksum() const {
  const auto n = static_cast<std::size_t>(samples_->shape.numel());
  Checksum sum;
  const auto add = [&]<class T>(const T* values, std::size_t count) {
    sum.add({reinterpret_cast<const char*>(values), count * sizeof(T)});
  };
  for (const int64_t index : *indices_) {
    const auto sample = static_cast<std::size_t>(index);
    if (samples_->are_bytes())
      add(samples_->bytes.data() + sample * n, n);
    else
      add(samples_->features.data() + sample * n, n);
    add(&samples_->labels[sample], 1);
  }
  return sum.value();
}

int64_t Dataset::sample_at(int64_t index) const {
  require(index >= 0 && index < size(), "dataset", "indices must be 0 to {}, got {}", size() - 1,
          index);
  return (*indices_)[static_cast<std::size_t>(index)];
}

// Scales the samples, but doesn't multiply them by the matrix.
Batch Dataset::read(std::span<const int64_t> indices, const Normalization& normalization) const {
  const Shape& shape = samples_->shape;
  const int64_t count = std::ssize(indices), n = shape.numel();
  Batch batch{Tensor::empty(shape.inserted(0, count)), Tensor::empty({count}, DType::i64)};
  float* images = batch.inputs.mutable_data<float>();
  int64_t* labels = batch.targets.mutable_data<int64_t>();
  parallel_for(count, std::max<int64_t>(1, values_at_once / n), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t sample = sample_at(indices[static_cast<std::size_t>(i)]);
      if (samples_->are_bytes())
        normalize(samples_->bytes.data() + sample * n, images + i * n, n, normalization, 1 / white);
      else
        normalize(samples_->features.data() + sample * n, images + i * n, n, normalization, 1);
      labels[i] = samples_->labels[static_cast<std::size_t>(sample)];
    }
  });
  return batch;
}

Batch Dataset::batch(std::span<const int64_t> indices) const {
  Batch batch = read(indices, *normalization_);
  if (normalization_->matrix) batch.inputs = normalization_->product(batch.inputs);
  return batch;
}

Batch Dataset::batch(int64_t first, int64_t count) const {
  return batch(range(first, count));
}

Batch Dataset::raw_batch(std::span<const int64_t> indices) const {
  return read(indices, {});
}

Batch Dataset::raw_batch(int64_t first, int64_t count) const {
  return raw_batch(range(first, count));
}

Dataset Dataset::subset(std::span<const int64_t> indices) const {
  require(!indices.empty(), "dataset", "a subset needs at least one index");
  std::vector<int64_t> chosen(indices.size());
  std::ranges::transform(indices, chosen.begin(), [&](int64_t index) { return sample_at(index); });
  Dataset result = *this;
  result.indices_ = std::make_shared<const std::vector<int64_t>>(std::move(chosen));
  return result;
}

Dataset Dataset::first(int64_t n) const {
  require(n >= 1, "dataset", "the number of first samples must be 1 or more, got {}", n);
  return subset(range(0, std::min(n, size())));
}

int64_t held_out_samples(const char* operation, int64_t size, double fraction) {
  require(fraction > 0 && fraction < 1, operation,
          "the fraction of held-out samples must be above 0 and below 1, got {}", fraction);
  const auto held_out = static_cast<int64_t>(std::llround(fraction * static_cast<double>(size)));
  require(held_out >= 1 && held_out < size, operation,
          "both parts must have at least one sample: fraction {} of {}", fraction,
          counted(size, "sample"));
  return held_out;
}

Split Dataset::split(double fraction, Rng& rng) const {
  const int64_t held_out = held_out_samples("split", size(), fraction);
  const std::vector<int64_t> order = rng.permutation(size());
  const auto parts = std::span<const int64_t>(order);
  return {subset(parts.subspan(static_cast<std::size_t>(held_out))),
          subset(parts.first(static_cast<std::size_t>(held_out)))};
}

Split Dataset::split(const Fold& fold) const {
  return normalized_by_train({subset(fold.train), subset(fold.test)});
}

Normalization Dataset::statistics() const {
  const int64_t n = samples_->shape.numel();
  const auto pointers = [&]<class T>(const std::vector<T>& values) {
    std::vector<const T*> samples(indices_->size());
    std::ranges::transform(*indices_, samples.begin(),
                           [&](int64_t i) { return values.data() + i * n; });
    return samples;
  };
  Normalization result{{}, {}};
  const auto add = [&](const SampleMoments& moments) {
    result.mean.push_back(moments.mean);
    result.deviation.push_back(divisor(moments));
  };
  if (samples_->are_bytes()) {
    add(moments_of_bytes(pointers(samples_->bytes), n));
  } else {
    const auto samples = pointers(samples_->features);
    for (int64_t feature = 0; feature < n; ++feature) add(moments_of_feature(samples, feature));
  }
  return result;
}

Dataset Dataset::normalized(Normalization normalization) const {
  normalization.check(samples_->shape);
  if (normalization.matrix) normalization.matrix = cast(normalization.matrix, DType::f32);
  Dataset result = *this;
  result.normalization_ = std::make_shared<const Normalization>(std::move(normalization));
  return result;
}

Split normalized_by_train(const Split& split) {
  const Normalization normalization = split.train.statistics();
  return {split.train.normalized(normalization), split.test.normalized(normalization)};
}

void for_each_batch(const Dataset& dataset, int64_t batch_size,
                    const std::function<void(int64_t first, const Batch& batch)>& visit) {
  require(batch_size >= 1, "for_each_batch", "batch_size must be 1 or more, got {}", batch_size);
  for (int64_t first = 0; first < dataset.size(); first += batch_size)
    visit(first, dataset.batch(first, std::min(batch_size, dataset.size() - first)));
}

}  // namespace gradus::data
