#include "train/prediction/text_generator.hpp"

#include <cmath>
#include <numeric>

#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/shape.hpp"
#include "core/text/range.hpp"

namespace gradus::train {
namespace {

constexpr const char* generator_name = "text_generator";

std::vector<int64_t> prompt_tokens(const data::Tokenizer& tokenizer, std::string_view prompt) {
  if (!prompt.empty()) return tokenizer.encode(prompt);
  const auto line_break = std::ranges::find(tokenizer.texts(), "\n");
  return {line_break == tokenizer.texts().end() ? 0 : line_break - tokenizer.texts().begin()};
}

SavedModel checked(SavedModel model) {
  require(model.description.tokenizer.has_value(), generator_name,
          "needs a language model, but the model's task is {}",
          task_of(model.description.targets.kind).name);
  return model;
}

void check(const SamplingOptions& options) {
  range::not_negative.check("draw_token", "temperature", options.temperature);
  if (options.top_k) range::count.check("draw_token", "top_k", *options.top_k);
  require(options.top_p > 0 && options.top_p <= 1, "draw_token",
          "top_p must be above 0 and at most 1, got {}", options.top_p);
}

}  // namespace

int64_t draw_token(const Tensor& scores, const SamplingOptions& options, Rng& rng) {
  check(options);
  require(scores.rank() == 1 && scores.numel() > 0, "draw_token", "scores must be (K), got {}",
          scores.shape());
  const std::vector<double> values = cast(scores.detach(), DType::f64).to_vector<double>();
  std::vector<int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto value = [&](int64_t token) { return values[static_cast<std::size_t>(token)]; };
  for (const double score : values)
    require(score < std::numeric_limits<double>::infinity(), "draw_token",
            "scores must be numbers below infinity, got {}", score);
  std::ranges::stable_sort(order, std::ranges::greater(), value);
  if (options.temperature == 0) return order[0];

  if (options.top_k && *options.top_k < std::ssize(order))
    order.resize(static_cast<std::size_t>(*options.top_k));
  std::vector<double> weights;
  for (const int64_t token : order)
    weights.push_back(math::exp((value(token) - value(order[0])) / options.temperature));
  double rest = options.top_p * std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t kept = 0;
  while (kept < weights.size() && rest > 0) rest -= weights[kept++];
  weights.resize(kept);
  double place = rng.uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t drawn = 0;
  while (drawn + 1 < kept && place >= weights[drawn]) place -= weights[drawn++];
  return order[drawn];
}

TextGenerator::TextGenerator(SavedModel model, std::string_view prompt)
    : model_(checked(std::move(model))),
      context_(model_.description.sample.numel()),
      tokens_(prompt_tokens(*model_.description.tokenizer, prompt)) {
  if (continues_exactly()) memory_.emplace(context_);
}

Tensor TextGenerator::window(std::size_t first) const {
  const std::vector<int64_t> part(tokens_.begin() + static_cast<std::ptrdiff_t>(first),
                                  tokens_.end());
  return Tensor::from(part, {1, std::ssize(part)});
}

// Tries a few tokens: a layer that mixes steps in another way gives other scores.
bool TextGenerator::continues_exactly() {
  constexpr double tolerance = 1e-4;
  const auto tokens = static_cast<double>(model_.description.tokenizer->size());
  const int64_t steps = std::min<int64_t>(4, context_);
  std::vector<int64_t> values;
  for (int64_t i = 0; i < steps; ++i)
    values.push_back(static_cast<int64_t>(tokens * static_cast<double>(i) / 4));
  const Tensor trial = Tensor::from(values, {1, steps});
  try {
    const auto scope = model_.model.evaluation_scope();
    const Tensor whole = model_.model(trial);
    StepMemory memory(context_);
    for (int64_t i = 0; i < steps; ++i) {
      const Tensor step = model_.model.next_steps(slice(trial, 1, i, i + 1), memory);
      const Tensor expected = slice(whole, 1, i, i + 1);
      if (step.shape() != expected.shape() ||
          !allclose(step, expected, {.rtol = tolerance, .atol = tolerance}))
        return false;
    }
    return true;
  } catch (const std::logic_error&) {  // or std::invalid_argument, which is one
    return false;
  }
}

Tensor TextGenerator::scores() {
  if (scores_.defined()) return scores_;
  Tensor all;
  if (memory_ && length() <= context_) {
    const auto seen = static_cast<std::size_t>(memory_->length());
    all = model_.model.next_steps(window(seen), *memory_);
  } else {
    const auto scope = model_.model.evaluation_scope();
    all = model_.model(window(static_cast<std::size_t>(std::max<int64_t>(0, length() - context_))));
  }
  return scores_ = all(0, -1);
}

std::string TextGenerator::next(const SamplingOptions& options, Rng& rng) {
  const int64_t token = draw_token(scores(), options, rng);
  tokens_.push_back(token);
  scores_ = {};
  return model_.description.tokenizer->texts()[static_cast<std::size_t>(token)];
}

}  // namespace gradus::train
