// What tables make of a spec: the first byte chooses the table.
#include <array>

#include "data/transform/augmentation.hpp"
#include "data/transform/preprocessing.hpp"
#include "layers/activation.hpp"
#include "layers/init/initializers.hpp"
#include "layers/norm/normalizations.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "optim/search/search_method.hpp"
#include "tests/fuzz/target.hpp"
#include "train/training_loss.hpp"

using namespace gradus;

namespace {

void initialize(std::string_view text) {
  const layers::Initialization made = layers::initializers().make(parse_spec(text));
  Tensor weight = Tensor::empty({3, 2, 3, 3});
  Rng rng(1);
  if (const auto* draw = std::get_if<layers::LayerInitializer>(&made)) (*draw)(weight, rng, 1);
}

void normalize(std::string_view text) {
  layers::AnyModule layer = layers::make_normalization(text, {4, 3, 3});
  layer->description();
  layer->forward(Tensor::zeros({2, 4, 3, 3}));
}

void augment(std::string_view text) {
  Tensor images = Tensor::zeros({1, 1, 5, 5});
  Rng rng(1);
  data::augment(text)(images, rng);
}

void preprocess(std::string_view text) {
  static const Tensor samples = [] {
    Rng rng(1);
    return randn({6, 3}, rng);
  }();
  data::fit(text, samples)(samples);
}

void schedule(std::string_view text) {
  const optim::Schedule rate = optim::make_schedule(text, 0.1, 100);
  for (const int64_t step : {0, 1, 50, 99})
    fuzz::require(rate(step) >= 0 && rate(step) <= 1e300, "a rate that is no number");
}

void optimize(std::string_view text) {
  const Spec spec = parse_spec(text);
  const optim::OptimizerFactory& factory = optim::optimizers().find(spec.name);
  Tensor weight = Tensor::full({2}, 1);
  weight.set_requires_grad(true);
  factory({{"weight", weight}}, 0.1, values_of(spec, factory.options));
}

void search(std::string_view text) {
  const Spec spec = parse_spec(text);
  const optim::SearchFactory& factory = optim::search_methods().find(spec.name);
  factory({.space = optim::SearchSpace("a=[1,2]"), .budget = 4, .epochs = 3, .seed = 1},
          values_of(spec, factory.options))
      ->propose();
}

constexpr std::array<void (*)(std::string_view), 11> tables = {
    [](std::string_view text) { layers::activations().find(text)()->description(); },
    normalize,
    [](std::string_view text) { layers::make_weight_normalization(text); },
    [](std::string_view text) { layers::NormText{text}; },
    initialize,
    augment,
    preprocess,
    schedule,
    optimize,
    search,
    [](std::string_view text) { train::make_loss(data::TargetKind::numbers, text); }};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size > 0)
    fuzz::accepts([&] { tables[data[0] % tables.size()](fuzz::text_of(data + 1, size - 1)); });
  return 0;
}
