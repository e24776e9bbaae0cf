#include "data/dataset.hpp"

#include <cmath>
#include <numeric>

#include "core/autograd.hpp"
#include "core/io/checksum.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"

namespace gradus::data {

// Holds either bytes, what reads them, features or tokens.
struct Dataset::Samples {
  Shape shape;
  std::vector<uint8_t> bytes;
  std::vector<float> features;
  Targets targets;
  std::vector<int32_t> tokens = {};         // of the whole text
  std::vector<int64_t> token_lengths = {};  // in characters
  std::function<void(int64_t, uint8_t*)> reader = {};

  bool are_bytes() const { return !bytes.empty() || reader; }
  // The bytes of sample i; `space` holds them where they are read.
  const uint8_t* bytes_of(int64_t i, std::vector<uint8_t>& space) const {
    if (!reader) return bytes.data() + i * shape.numel();
    space.resize(static_cast<std::size_t>(shape.numel()));
    reader(i, space.data());
    return space.data();
  }
  bool are_windows() const { return targets.kind == TargetKind::tokens; }
  int64_t size() const {
    return are_windows() ? (std::ssize(tokens) - 2) / shape[0] + 1 : targets.values.size(0);
  }
  // The places where windows may begin.
  int64_t starts() const { return std::ssize(tokens) - shape[0]; }
  // Where the window of sample i begins.
  int64_t start_of(int64_t i) const { return std::min(i * shape[0], starts() - 1); }
  // The number of its first targets that those of the sample before are, too.
  int64_t shared_of(int64_t i) const { return i * shape[0] - start_of(i); }
};

namespace {

void check_samples(std::size_t values, const Shape& sample, const Targets& targets) {
  const int64_t count = targets.values.defined() ? targets.values.size(0) : 0;
  require(count > 0 && sample.numel() > 0, "dataset",
          "at least one sample with one value is needed, got {} samples of shape {}", count,
          sample);
  require(values == static_cast<std::size_t>(count) * static_cast<std::size_t>(sample.numel()),
          "dataset", "one target per sample is needed, got {} and {} of samples of shape {}",
          counted(count, "target"), counted(static_cast<int64_t>(values), "value"), sample);
  require(targets.names.empty() || std::ssize(targets.names) == targets.count, "dataset",
          "{} targets need as many names, got {}", targets.count, targets.names.size());
}

void check_classes(const Targets& targets) {
  require(targets.values.dtype() == DType::i64 && targets.values.rank() == 1, "dataset",
          "classes must be i64 (N), got {} {}", to_string(targets.values.dtype()),
          targets.values.shape());
  const int64_t* classes = targets.values.data<int64_t>();
  for (int64_t i = 0; i < targets.values.numel(); ++i)
    require(classes[i] >= 0 && classes[i] < targets.count, "dataset",
            "labels of {} classes must be 0 to {}: label {} is {}", targets.count,
            targets.count - 1, i, classes[i]);
}

void check_numbers(const Targets& targets) {
  require(targets.values.dtype() == DType::f32 && targets.count >= 1 &&
              targets.values.shape() == Shape{targets.values.size(0), targets.count},
          "dataset", "targets of {} must be f32 (N, {}), got {} {}",
          counted(targets.count, targets.kind == TargetKind::labels ? "label" : "number"),
          targets.count, to_string(targets.values.dtype()), targets.values.shape());
  const float* values = targets.values.data<float>();
  for (int64_t i = 0; i < targets.values.numel(); ++i)
    require(targets.kind == TargetKind::labels ? values[i] == 0 || values[i] == 1
                                               : std::isfinite(values[i]),
            "dataset", "{}: number {} of sample {} is {}",
            targets.kind == TargetKind::labels ? "labels must be 0 or 1"
                                               : "targets must be finite numbers",
            i % targets.count, i / targets.count, values[i]);
}

// The targets as given; throws if they don't fit their kind.
Targets checked(Targets targets, std::size_t values, const Shape& sample) {
  check_samples(values, sample, targets);
  (targets.kind == TargetKind::classes ? check_classes : check_numbers)(targets);
  targets.values = targets.values.detach();
  return targets;
}

Targets of_classes(const std::vector<int64_t>& labels, int64_t classes) {
  return {TargetKind::classes, Tensor::from(labels, {std::ssize(labels)}), classes};
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
template <class BytesOf>
SampleMoments moments_of_bytes(const std::vector<int64_t>& samples, int64_t sample_size,
                               const BytesOf& bytes_of) {
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
        std::vector<uint8_t> space;
        for (int64_t i = begin; i < end; ++i) {
          const uint8_t* values = bytes_of(samples[static_cast<std::size_t>(i)], space);
          for (int64_t j = 0; j < sample_size; ++j) {
            const uint32_t value = values[j];
            part.sum += value;
            part.squares += value * value;
          }
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

// targets (N, count), in place.
void scale_targets(Tensor& targets, const TargetScale& scale) {
  float* values = targets.mutable_data<float>();
  for (int64_t i = 0; i < targets.numel(); ++i) {
    const auto number = static_cast<std::size_t>(i) % scale.mean.size();
    values[i] = static_cast<float>((values[i] - scale.mean[number]) / scale.deviation[number]);
  }
}

Tensor weights_of(const std::vector<float>& all, std::span<const int64_t> samples) {
  Tensor result = Tensor::empty({std::ssize(samples)});
  std::ranges::transform(samples, result.mutable_data<float>(),
                         [&](int64_t i) { return all[static_cast<std::size_t>(i)]; });
  return result;
}

std::vector<int64_t> range(int64_t first, int64_t count) {
  std::vector<int64_t> indices(static_cast<std::size_t>(std::max<int64_t>(0, count)));
  std::iota(indices.begin(), indices.end(), first);
  return indices;
}

}  // namespace

std::string target_name(const std::vector<std::string>& names, int64_t index) {
  return names.empty() ? fmt::to_string(index) : names.at(static_cast<std::size_t>(index));
}

Tensor TargetScale::restored(const Tensor& scaled) const {
  if (mean.empty()) return scaled;
  const NoGrad no_grad;
  const auto count = static_cast<int64_t>(mean.size());
  const auto as_tensor = [&](const std::vector<double>& values) {
    return cast(Tensor::from(values, {count}), scaled.dtype());
  };
  return scaled * as_tensor(deviation) + as_tensor(mean);
}

Dataset::Dataset(Samples samples)
    : samples_(std::make_shared<const Samples>(std::move(samples))),
      normalization_(std::make_shared<const Normalization>()),
      scale_(std::make_shared<const TargetScale>()) {
  indices_ = std::make_shared<const std::vector<int64_t>>(range(0, samples_->size()));
}

Dataset Dataset::of_bytes(std::vector<uint8_t> values, const Shape& sample, Targets targets) {
  targets = checked(std::move(targets), values.size(), sample);
  return Dataset({sample, std::move(values), {}, std::move(targets)});
}

Dataset Dataset::of_bytes(std::vector<uint8_t> values, const Shape& sample,
                          std::vector<int64_t> labels, int64_t classes) {
  return of_bytes(std::move(values), sample, of_classes(labels, classes));
}

Dataset Dataset::of_reader(std::function<void(int64_t i, uint8_t* to)> read, const Shape& sample,
                           Targets targets) {
  const int64_t count = targets.values.defined() ? targets.values.size(0) : 0;
  targets = checked(std::move(targets), static_cast<std::size_t>(count * sample.numel()), sample);
  return Dataset({.shape = sample,
                  .bytes = {},
                  .features = {},
                  .targets = std::move(targets),
                  .reader = std::move(read)});
}

bool Dataset::is_read_again() const {
  return static_cast<bool>(samples_->reader);
}

Dataset Dataset::of_features(std::vector<float> values, int64_t features, Targets targets) {
  return of_values(std::move(values), {features}, std::move(targets));
}

Dataset Dataset::of_features(std::vector<float> values, int64_t features,
                             std::vector<int64_t> labels, int64_t classes) {
  return of_features(std::move(values), features, of_classes(labels, classes));
}

Dataset Dataset::of_values(std::vector<float> values, const Shape& sample, Targets targets) {
  targets = checked(std::move(targets), values.size(), sample);
  return Dataset({sample, {}, std::move(values), std::move(targets)});
}

Dataset Dataset::of_tensors(const Tensor& inputs, const Tensor& targets) {
  const bool are_classes = targets.dtype() == DType::i64;
  require(is_floating(inputs.dtype()) && inputs.rank() >= 2 && targets.rank() >= 1 &&
              targets.rank() <= (are_classes ? 1 : 2) && targets.size(0) == inputs.size(0) &&
              targets.numel() > 0,
          "dataset",
          "inputs must be f32 or f64 (N, …), targets i64 (N), or f32 or f64 (N) or (N, D), got {} "
          "{} and {} {}",
          to_string(inputs.dtype()), inputs.shape(), to_string(targets.dtype()), targets.shape());
  Targets given{are_classes ? TargetKind::classes : TargetKind::numbers, targets.clone(), 1};
  if (are_classes) {
    const int64_t* classes = targets.data<int64_t>();
    given.count = *std::max_element(classes, classes + targets.numel()) + 1;
  } else {
    given.count = targets.numel() / targets.size(0);
    given.values = reshape(cast(given.values, DType::f32), {targets.size(0), given.count});
  }
  std::vector<float> values = cast(inputs, DType::f32).to_vector<float>();
  const Shape sample = inputs.shape().without(0);
  given = checked(std::move(given), values.size(), sample);
  return Dataset({sample, {}, std::move(values), std::move(given)});
}

Dataset Dataset::of_tokens(std::span<const int64_t> tokens, int64_t context,
                           const Tokenizer& tokenizer) {
  require(context >= 1 && context < std::ssize(tokens), "dataset",
          "a context of {} needs more than as many tokens, got {}", context, tokens.size());
  Samples samples{.shape = {context},
                  .bytes = {},
                  .features = {},
                  .targets = {TargetKind::tokens, {}, tokenizer.size(), tokenizer.texts()}};
  for (const int64_t token : tokens) {
    require(token >= 0 && token < tokenizer.size(), "dataset", "tokens must be 0 to {}, got {}",
            tokenizer.size() - 1, token);
    samples.tokens.push_back(static_cast<int32_t>(token));
  }
  samples.token_lengths = tokenizer.lengths();
  std::vector<float> weights(static_cast<std::size_t>(samples.size()), 1);
  const int64_t shared = samples.shared_of(samples.size() - 1);
  weights.back() = static_cast<float>(context - shared) / static_cast<float>(context);
  const Dataset result(std::move(samples));
  return shared == 0 ? result : result.weighted(weights);
}

TargetKind Dataset::target_kind() const {
  return samples_->targets.kind;
}

int64_t Dataset::target_count() const {
  return samples_->targets.count;
}

const std::vector<std::string>& Dataset::target_names() const {
  return samples_->targets.names;
}

std::string Dataset::target_name(int64_t index) const {
  return data::target_name(target_names(), index);
}

int64_t Dataset::classes() const {
  constexpr const char* kinds[] = {"classes", "labels", "numbers", "tokens"};
  require(target_kind() == TargetKind::classes, "dataset", "the targets are {}, not classes",
          kinds[static_cast<int>(target_kind())]);
  return target_count();
}

Shape Dataset::sample_shape() const {
  return normalization_->result_shape(samples_->shape);
}

// The targets of samples in samples_.
Tensor Dataset::targets_of(std::span<const int64_t> samples) const {
  if (samples_->are_windows()) return read_windows(samples).targets;
  const Tensor& all = samples_->targets.values;
  Tensor result = Tensor::empty(all.shape().with(0, std::ssize(samples)), all.dtype());
  dispatch(all.dtype(), [&]<class T>(T) {
    const int64_t width = all.numel() / all.size(0);
    T* to = result.mutable_data<T>();
    for (const int64_t sample : samples) {
      std::copy_n(all.data<T>() + sample * width, width, to);
      to += width;
    }
  });
  return result;
}

Tensor Dataset::targets() const {
  return targets_of(*indices_);
}

Tensor Dataset::labels() const {
  classes();  // throws for other targets
  return targets();
}

const std::vector<int64_t>& Dataset::token_lengths() const {
  require(samples_->are_windows(), "dataset", "only tokens have a number of characters");
  return samples_->token_lengths;
}

int64_t Dataset::window_starts() const {
  return samples_->are_windows() && size() == samples_->size() ? samples_->starts() : 0;
}

Batch Dataset::windows(std::span<const int64_t> starts) const {
  const int64_t length = samples_->shape.numel();
  Batch batch{Tensor::empty({std::ssize(starts), length}, DType::i64),
              Tensor::empty({std::ssize(starts), length}, DType::i64)};
  int64_t *inputs = batch.inputs.mutable_data<int64_t>(),
          *targets = batch.targets.mutable_data<int64_t>();
  for (const int64_t start : starts) {
    require(samples_->are_windows() && start >= 0 && start < samples_->starts(), "dataset",
            "windows of the text begin at 0 to {}, got {}", samples_->starts() - 1, start);
    const int32_t* const tokens = samples_->tokens.data() + start;
    inputs = std::copy_n(tokens, length, inputs);
    targets = std::copy_n(tokens + 1, length, targets);
  }
  return batch;
}

// The windows of samples in samples_.
Batch Dataset::read_windows(std::span<const int64_t> samples) const {
  std::vector<int64_t> starts(samples.size());
  std::ranges::transform(samples, starts.begin(), [&](int64_t i) { return samples_->start_of(i); });
  Batch batch = windows(starts);
  for (std::size_t i = 0; i < samples.size(); ++i)
    std::fill_n(
        batch.targets.mutable_data<int64_t>() + static_cast<int64_t>(i) * samples_->shape[0],
        samples_->shared_of(samples[i]), not_scored);
  return batch;
}

// Calls visit(bytes) for the values and the targets of a sample in samples_.
template <class Visit>
void Dataset::visit_bytes(int64_t index, Visit visit) const {
  const auto add = [&]<class T>(const T* values, int64_t width) {
    visit(std::string_view(reinterpret_cast<const char*>(values + index * width),
                           static_cast<std::size_t>(width) * sizeof(T)));
  };
  const int64_t n = samples_->shape.numel();
  if (samples_->are_windows()) {
    const int64_t start = samples_->start_of(index);
    const auto bytes = std::as_bytes(std::span(samples_->tokens))
                           .subspan(static_cast<std::size_t>(start) * sizeof(int32_t),
                                    static_cast<std::size_t>(n + 1) * sizeof(int32_t));
    return visit(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  if (samples_->are_bytes()) {
    std::vector<uint8_t> space;
    const uint8_t* values = samples_->bytes_of(index, space);
    visit(std::string_view(reinterpret_cast<const char*>(values), static_cast<std::size_t>(n)));
  } else {
    add(samples_->features.data(), n);
  }
  const Tensor& targets = samples_->targets.values;
  dispatch(targets.dtype(),
           [&]<class T>(T) { add(targets.data<T>(), targets.numel() / targets.size(0)); });
}

uint64_t Dataset::checksum() const {
  Checksum sum;
  for (const int64_t index : *indices_)
    visit_bytes(index, [&](std::string_view bytes) { sum.add(bytes); });
  return sum.value();
}

std::vector<uint64_t> Dataset::sample_checksums() const {
  std::vector<uint64_t> result;
  for (const int64_t index : *indices_) {
    Checksum sum;
    visit_bytes(index, [&](std::string_view bytes) { sum.add(bytes); });
    result.push_back(sum.value());
  }
  return result;
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
  std::vector<int64_t> samples(indices.size());
  std::ranges::transform(indices, samples.begin(), [&](int64_t index) { return sample_at(index); });
  if (samples_->are_windows()) {
    Batch windows = read_windows(samples);
    if (weights_) windows.weights = weights_of(*weights_, samples);
    return windows;
  }
  Batch batch{Tensor::empty(shape.inserted(0, count)), targets_of(samples)};
  float* inputs = batch.inputs.mutable_data<float>();
  parallel_for(count, std::max<int64_t>(1, values_at_once / n), [&](int64_t begin, int64_t end) {
    std::vector<uint8_t> space;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t sample = samples[static_cast<std::size_t>(i)];
      if (samples_->are_bytes())
        normalize(samples_->bytes_of(sample, space), inputs + i * n, n, normalization, 1 / white);
      else
        normalize(samples_->features.data() + sample * n, inputs + i * n, n, normalization, 1);
    }
  });
  if (!scale_->mean.empty()) scale_targets(batch.targets, *scale_);
  if (weights_) batch.weights = weights_of(*weights_, samples);
  return batch;
}

Batch Dataset::batch(std::span<const int64_t> indices) const {
  Batch batch = read(indices, *normalization_);
  if (normalization_->matrix.defined()) batch.inputs = normalization_->product(batch.inputs);
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
  Normalization result{{}, {}};
  if (samples_->are_windows()) return {};
  const auto add = [&](const SampleMoments& moments) {
    result.mean.push_back(moments.mean);
    result.deviation.push_back(divisor(moments));
  };
  if (samples_->are_bytes()) {
    add(moments_of_bytes(*indices_, n, [this](int64_t i, std::vector<uint8_t>& space) {
      return samples_->bytes_of(i, space);
    }));
  } else {
    std::vector<const float*> samples(indices_->size());
    std::ranges::transform(*indices_, samples.begin(),
                           [&](int64_t i) { return samples_->features.data() + i * n; });
    for (int64_t feature = 0; feature < n; ++feature) {
      const bool is_quantity =
          !are_quantities_ || (*are_quantities_)[static_cast<std::size_t>(feature)];
      add(is_quantity ? moments_of_feature(samples, feature) : SampleMoments{0, 1});
    }
  }
  return result;
}

Dataset Dataset::normalized(Normalization normalization) const {
  require(!samples_->are_windows() || normalization == Normalization(), "dataset",
          "tokens can't be normalized");
  normalization.check(samples_->shape);
  if (normalization.matrix.defined()) normalization.matrix = cast(normalization.matrix, DType::f32);
  Dataset result = *this;
  result.normalization_ = std::make_shared<const Normalization>(std::move(normalization));
  return result;
}

Dataset Dataset::with_quantities(std::vector<bool> are_quantities) const {
  require(std::ssize(are_quantities) == samples_->shape.numel(), "dataset",
          "{} need as many marks of quantities, got {}",
          counted(samples_->shape.numel(), "feature"), are_quantities.size());
  Dataset result = *this;
  result.are_quantities_ = std::make_shared<const std::vector<bool>>(std::move(are_quantities));
  return result;
}

TargetScale Dataset::target_statistics() const {
  require(target_kind() == TargetKind::numbers, "dataset", "only numbers as targets have a scale");
  const float* values = samples_->targets.values.data<float>();
  std::vector<const float*> samples(indices_->size());
  std::ranges::transform(*indices_, samples.begin(),
                         [&](int64_t i) { return values + i * target_count(); });
  TargetScale result;
  for (int64_t number = 0; number < target_count(); ++number) {
    const SampleMoments moments = moments_of_feature(samples, number);
    result.mean.push_back(moments.mean);
    result.deviation.push_back(divisor(moments));
  }
  return result;
}

Dataset Dataset::scaled(TargetScale scale) const {
  require(target_kind() == TargetKind::numbers && scale.mean.size() == scale.deviation.size() &&
              (scale.mean.empty() || std::ssize(scale.mean) == target_count()),
          "dataset", "a scale needs a mean and a deviation for each of {}, got {} and {}",
          counted(target_count(), "number"), scale.mean.size(), scale.deviation.size());
  for (const double deviation : scale.deviation)
    require(deviation > 0, "dataset", "deviations must be positive, got {}", deviation);
  Dataset result = *this;
  result.scale_ = std::make_shared<const TargetScale>(std::move(scale));
  return result;
}

Dataset Dataset::weighted(std::span<const float> weights) const {
  require(std::ssize(weights) == size(), "dataset", "{} need as many weights, got {}",
          counted(size(), "sample"), weights.size());
  double sum = 0;
  for (const float weight : weights) {
    require(weight >= 0 && std::isfinite(weight), "dataset",
            "weights must be finite and 0 or more, got {}", weight);
    sum += weight;
  }
  require(sum > 0, "dataset", "one of the weights must be above 0");
  std::vector<float> all(static_cast<std::size_t>(samples_->size()));
  for (std::size_t i = 0; i < weights.size(); ++i)
    all[static_cast<std::size_t>((*indices_)[i])] = weights[i];
  Dataset result = *this;
  result.weights_ = std::make_shared<const std::vector<float>>(std::move(all));
  return result;
}

Tensor Dataset::weights() const {
  return weights_ ? weights_of(*weights_, *indices_) : Tensor();
}

Split normalized_by_train(const Split& split) {
  const Normalization normalization = split.train.statistics();
  Split result{split.train.normalized(normalization), split.test.normalized(normalization)};
  if (split.train.target_kind() != TargetKind::numbers) return result;
  const TargetScale scale = split.train.target_statistics();
  return {result.train.scaled(scale), result.test.scaled(scale)};
}

void for_each_batch(const Dataset& dataset, int64_t batch_size,
                    const std::function<void(int64_t first, const Batch& batch)>& visit) {
  require(batch_size >= 1, "for_each_batch", "batch_size must be 1 or more, got {}", batch_size);
  for (int64_t first = 0; first < dataset.size(); first += batch_size)
    visit(first, dataset.batch(first, std::min(batch_size, dataset.size() - first)));
}

}  // namespace gradus::data
