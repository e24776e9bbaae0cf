#include "layers/norm/batch_norm.hpp"

#include "core/ops/norm/normalization.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {

static std::string shown_momentum(const std::optional<double>& momentum) {
  return momentum ? fmt::format("{}", *momentum) : "cumulative";
}

// `low` for `plain` steps, then linear up to `high` at step `end`.
static double ramp(int64_t step, int64_t plain, int64_t end, double low, double high) {
  if (step < plain) return low;
  if (step >= end) return high;
  return low + (high - low) * static_cast<double>(step - plain) / static_cast<double>(end - plain);
}

ChannelNorm::ChannelNorm(const char* operation, const char* name, int dimensions, int64_t channels,
                         const BatchNormLayerOptions& options,
                         const BatchNormLayerOptions& default_options)
    : operation_(operation),
      name_(name),
      dimensions_(dimensions),
      channels_(channels),
      options_(options),
      default_options_(default_options) {
  require_positive(operation, "channels", channels);
  require(options.eps > 0, operation, "eps must be positive, got {}", options.eps);
  const double momentum = options.momentum.value_or(0);
  require(momentum >= 0 && momentum <= 1, operation, "momentum must be 0 to 1, got {}", momentum);
  if (options.affine) {
    weight = Parameter(Tensor::ones({channels}));
    bias = Parameter(Tensor::zeros({channels}));
  }
  if (options.track_running_stats) {
    running_mean = Buffer(Tensor::zeros({channels}));
    running_var = Buffer(Tensor::ones({channels}));
    num_batches_tracked = Buffer(Tensor::zeros({}, DType::i64));
  }
}

double ChannelNorm::weight_of_batch() const {
  if (!options_.momentum) return 1 / (num_batches_tracked.item() + 1);
  return options_.momentum_of == MomentumOf::batch ? *options_.momentum : 1 - *options_.momentum;
}

Tensor ChannelNorm::with_statistics(const Tensor& x,
                                    const std::function<Tensor(const Statistics&)>& normalize) {
  const bool fits = dimensions_ == 2 ? x.rank() == 4 : x.rank() == 2 || x.rank() == 3;
  require(fits && x.size(1) == channels_, operation_, "input must be {} with {} channels, got {}",
          dimensions_ == 1 ? "(N, C) or (N, C, L)" : "(N, C, H, W)", channels_, x.shape());
  const bool by_input = is_training() || !running_mean.defined();
  const bool update = is_training() && running_mean.defined() && updating_;
  Tensor y = normalize({by_input, update, update ? weight_of_batch() : 0});
  if (update) num_batches_tracked.fill(num_batches_tracked.item() + 1);
  return y;
}

void ChannelNorm::members(Members& members) {
  members.parameter("weight", weight, Role::gain);
  members.parameter("bias", bias, Role::bias);
  members.buffer("running_mean", running_mean);
  members.buffer("running_var", running_var);
  members.buffer("num_batches_tracked", num_batches_tracked, Role::iterate);
}

std::string ChannelNorm::description() const {
  return fmt::format("{}({}{}{}{}{}{})", kind(), channels_,
                     shown("eps", options_.eps, default_options_.eps),
                     options_.momentum == default_options_.momentum
                         ? ""
                         : ", momentum=" + shown_momentum(options_.momentum),
                     options_.momentum_of == default_options_.momentum_of ? "" : " of running",
                     shown("affine", options_.affine, default_options_.affine),
                     shown("track_running_stats", options_.track_running_stats,
                           default_options_.track_running_stats));
}

std::string ChannelNorm::axes(const char* before) const {
  return fmt::format("({}{})", before, dimensions_ == 2 ? "H, W" : "L");
}

std::string ChannelNorm::formula(const char* normalized) const {
  std::string text = fmt::format("y = {}{}", fmt::format(fmt::runtime(normalized), options_.eps),
                                 options_.affine ? "·γ + β" : "");
  if (!running_mean.defined()) return text;
  if (!options_.momentum) return text + "; running = mean of all batches so far";
  const double momentum = *options_.momentum;
  const bool of_batch = options_.momentum_of == MomentumOf::batch;
  return text + fmt::format("; running ← {:.6g}·running + {:.6g}·batch",
                            of_batch ? 1 - momentum : momentum, of_batch ? momentum : 1 - momentum);
}

Tensor BatchNorm::normalize(const Tensor& x, const Statistics& s) {
  return batch_norm(x, weight, bias, s.used(running_mean), s.used(running_var),
                    {.training = s.by_input, .momentum = s.momentum, .eps = options().eps});
}

Tensor BatchNorm::forward_with_next(const Tensor& x, const Module& next) {
  const PoolingOptions* const pooling = next.max_pooling();
  // Only valid pooling is fused, so that errors belong to the right layer.
  if (!pooling || pooling->kernel != Pair(2) || x.rank() != 4 || std::min(x.size(2), x.size(3)) < 2)
    return {};
  return with_statistics(x, [&](const Statistics& s) {
    return batch_norm_max_pool2d(
        x, weight, bias, s.used(running_mean), s.used(running_var),
        {.training = s.by_input, .momentum = s.momentum, .eps = options().eps}, *pooling);
  });
}

std::string BatchNorm::equation() const {
  return fmt::format("{}: over {} of each channel; {}", kind(), axes("N, "),
                     formula("(x − μ)/√(σ² + {})"));
}

InstanceNorm::InstanceNorm(int dimensions, int64_t channels,
                           const InstanceNormLayerOptions& options)
    : ChannelNorm("instance_norm", "InstanceNorm", dimensions, channels,
                  {.eps = options.eps,
                   .momentum = options.momentum,
                   .affine = options.affine,
                   .track_running_stats = options.track_running_stats},
                  {.affine = false, .track_running_stats = false}) {}

Tensor InstanceNorm::normalize(const Tensor& x, const Statistics& s) {
  return instance_norm(
      x, weight, bias, s.used(running_mean), s.used(running_var),
      {.use_input_stats = s.by_input, .momentum = s.momentum, .eps = options().eps});
}

std::string InstanceNorm::equation() const {
  return fmt::format("{}: over {} of each channel of each sample; {}", kind(), axes(""),
                     formula("(x − μ)/√(σ² + {})"));
}

BatchRenorm::BatchRenorm(int dimensions, int64_t channels, const BatchRenormLayerOptions& options)
    : ChannelNorm("batch_renorm", "BatchRenorm", dimensions, channels,
                  {.eps = options.eps, .momentum = options.momentum, .affine = options.affine},
                  {.momentum = BatchRenormLayerOptions().momentum}),
      limits_(options) {
  require(options.r_max >= 1, "batch_renorm", "r_max must be 1 or more, got {}", options.r_max);
  require(options.d_max >= 0, "batch_renorm", "d_max must be 0 or more, got {}", options.d_max);
  require(options.plain_steps >= 0, "batch_renorm", "plain_steps must be 0 or more, got {}",
          options.plain_steps);
  for (const auto& [name, steps] :
       {std::pair("r_steps", options.r_steps), std::pair("d_steps", options.d_steps)})
    require(steps >= options.plain_steps, "batch_renorm",
            "{} must be plain_steps, {}, or more, got {}", name, options.plain_steps, steps);
}

double BatchRenorm::r_max() const {
  return ramp(static_cast<int64_t>(num_batches_tracked.item()), limits_.plain_steps,
              limits_.r_steps, 1, limits_.r_max);
}

double BatchRenorm::d_max() const {
  return ramp(static_cast<int64_t>(num_batches_tracked.item()), limits_.plain_steps,
              limits_.d_steps, 0, limits_.d_max);
}

Tensor BatchRenorm::normalize(const Tensor& x, const Statistics& s) {
  return batch_renorm(x, weight, bias, running_mean, running_var,
                      {.training = s.by_input,
                       .update = s.update,
                       .momentum = s.momentum,
                       .eps = options().eps,
                       .r_max = r_max(),
                       .d_max = d_max()});
}

std::string BatchRenorm::description() const {
  const BatchRenormLayerOptions defaults;
  std::string text = ChannelNorm::description();
  text.pop_back();
  text += shown("r_max", limits_.r_max, defaults.r_max) +
          shown("d_max", limits_.d_max, defaults.d_max) +
          shown("plain_steps", limits_.plain_steps, defaults.plain_steps) +
          shown("r_steps", limits_.r_steps, defaults.r_steps) +
          shown("d_steps", limits_.d_steps, defaults.d_steps);
  return text + ")";
}

std::string BatchRenorm::equation() const {
  return fmt::format(
      "{}: over {} of each channel; {}; σ_B = √(σ² + {}), r = σ_B/σ_running within 1/r_max … "
      "r_max, d = (μ − μ_running)/σ_running within ±d_max; r_max 1 for {} steps, then to {} at "
      "step "
      "{}; d_max 0, then to {} at step {}",
      kind(), axes("N, "), formula(options().affine ? "((x − μ)/σ_B·r + d)" : "(x − μ)/σ_B·r + d"),
      options().eps, limits_.plain_steps, limits_.r_max, limits_.r_steps, limits_.d_max,
      limits_.d_steps);
}

}  // namespace gradus::layers
