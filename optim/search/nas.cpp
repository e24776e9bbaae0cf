#include "optim/search/nas.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/recurrent/recurrent.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus::optim {

constexpr int64_t most_values = 1000;

static Tensor weights(const Shape& shape, double bound, Rng& rng) {
  Tensor result = Tensor::empty(shape);
  rng.fill_uniform(result, -bound, bound);
  return result.set_requires_grad();
}

static int64_t draw(const Tensor& log_probabilities, Rng& rng) {
  double rest = rng.uniform();
  const int64_t last = log_probabilities.numel() - 1;
  for (int64_t i = 0; i < last; ++i) {
    rest -= math::exp(static_cast<double>(log_probabilities.data<float>()[i]));
    if (rest < 0) return i;
  }
  return last;
}

Controller::Controller(const SearchSpace& space, const ControllerOptions& options, Rng rng)
    : space_(&space), options_(options) {
  range::count.check("nas", "units", options.units);
  range::not_negative.check("nas", "entropy", options.entropy);
  range::fraction.check("nas", "baseline_decay", options.baseline_decay);
  const int64_t units = options.units;
  const double bound = 1 / std::sqrt(static_cast<double>(units));
  int64_t embeddings = 1;
  NamedTensors parameters;
  for (const SearchParameter& parameter : space.parameters()) {
    const int64_t values = parameter.count().value_or(most_values + 1);
    require(values <= most_values, "nas",
            "only lists and whole numbers of up to {} values are supported, {} has more",
            most_values, parameter.name);
    first_embedding_.push_back(embeddings);
    embeddings += values;
    // Zeros: initially all values have equal probability.
    softmaxes_.push_back({Tensor::zeros({values, units}).set_requires_grad(),
                          Tensor::zeros({values}).set_requires_grad()});
    parameters.emplace_back("weight of " + parameter.name, softmaxes_.back().weight);
    parameters.emplace_back("bias of " + parameter.name, softmaxes_.back().bias);
  }
  parameters.emplace_back("embeddings", embeddings_ = weights({embeddings, units}, 1, rng));
  parameters.emplace_back("w_ih", w_ih_ = weights({4 * units, units}, bound, rng));
  parameters.emplace_back("w_hh", w_hh_ = weights({4 * units, units}, bound, rng));
  parameters.emplace_back("bias", bias_ = weights({4 * units}, bound, rng));
  // Inactive parameters of a configuration have no gradient.
  optimizer_ = std::make_unique<Adam>(
      parameters, AdamOptions{.lr = options.lr, .allow_missing_gradient = true});
}

Point Controller::walk(Point point, const Choose& choose) const {
  const int64_t units = options_.units;
  RecurrentState state;
  int64_t token = 0;
  for (std::size_t i = 0; i < space_->size(); ++i) {
    if (!space_->is_active(i, point)) continue;
    const Tensor input = reshape(embedding(Tensor::from({token}), embeddings_), {1, 1, units});
    state =
        recurrent(Cell::lstm, input, state, {.w_ih = w_ih_, .w_hh = w_hh_, .b_ih = bias_}).state;
    const Tensor logits = linear(state.h, softmaxes_[i].weight, softmaxes_[i].bias);
    const int64_t choice = choose(i, log_softmax(logits, 1));
    point[i] = space_->parameters()[i].middle(choice);
    token = first_embedding_[i] + choice;
  }
  return point;
}

Point Controller::sample(Rng& rng) const {
  const NoGrad no_grad;
  return walk(Point(space_->size(), 0.5), [&](std::size_t, const Tensor& log_probabilities) {
    return draw(log_probabilities, rng);
  });
}

double Controller::probability(const Point& point) const {
  const NoGrad no_grad;
  double logarithm = 0;
  walk(point, [&](std::size_t parameter, const Tensor& log_probabilities) {
    const int64_t choice = space_->parameters()[parameter].index(point[parameter]);
    logarithm += static_cast<double>(log_probabilities.data<float>()[choice]);
    return choice;
  });
  return math::exp(logarithm);
}

void Controller::learn(const Point& point, double reward) {
  const double advantage = has_learned_ ? reward - average_ : 0;
  if (!has_learned_) average_ = reward;
  has_learned_ = true;
  const double part = 1 - options_.baseline_decay;
  // The first squared deviation initializes the moving average.
  variance_ = variance_ == 0 ? advantage * advantage
                             : variance_ + part * (advantage * advantage - variance_);
  average_ += part * advantage;
  const double scaled = variance_ == 0 ? 0 : advantage / std::sqrt(variance_);

  Tensor loss = Tensor::scalar(0);
  walk(point, [&](std::size_t parameter, const Tensor& log_probabilities) {
    const int64_t choice = space_->parameters()[parameter].index(point[parameter]);
    const Tensor chosen =
        gather(log_probabilities, 1, Tensor::full({1, 1}, static_cast<double>(choice), DType::i64));
    const Tensor negative_entropy = sum(exp(log_probabilities) * log_probabilities);
    loss = loss - scaled * sum(chosen) + options_.entropy * negative_entropy;
    return choice;
  });
  optimizer_->zero_grad();
  loss.backward();
  optimizer_->step();
}

OptionTable<NasSearchOptions> NasSearchOptions::table() {
  return {{"controller_units", &NasSearchOptions::controller_units, range::count,
           "units of the recurrent controller"},
          {"controller_lr", &NasSearchOptions::controller_lr, range::positive,
           "learning rate of the controller"},
          {"entropy", &NasSearchOptions::entropy, range::not_negative,
           "weight of the entropy of its choices"}};
}

NasSearch::NasSearch(SearchTask given, const NasSearchOptions& options)
    : TrialSearch(std::move(given)),
      controller_(task().space,
                  {.units = options.controller_units,
                   .lr = options.controller_lr,
                   .entropy = options.entropy},
                  // A stream that trials don't use.
                  Rng(task().seed).fork(~uint64_t{0})) {}

std::optional<Point> NasSearch::suggest(int64_t draw) {
  Rng rng = next_rng(draw);
  return controller_.sample(rng);
}

void NasSearch::learn(int64_t trial) {
  double worst = std::numeric_limits<double>::infinity();
  for (const Trial& other : trials())
    if (other.value && std::isfinite(*other.value)) worst = std::min(worst, *other.value);
  if (!std::isfinite(worst)) return;
  const Trial& told = trials()[static_cast<std::size_t>(trial)];
  controller_.learn(told.point, std::isfinite(*told.value) ? *told.value : worst);
}

}  // namespace gradus::optim
