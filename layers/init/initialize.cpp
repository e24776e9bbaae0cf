#include "layers/init/initialize.hpp"

#include <cmath>

#include "layers/init/initializers.hpp"
#include "layers/init/plain_layers.hpp"
#include "layers/init/pretrained.hpp"
#include "layers/init_functions.hpp"

namespace gradus::layers {
namespace {

enum class Type { all, dense, convolution, recurrent, bias };

Type type_of(const Spec& spec) {
  static const Registry<Type> types("type of layer", {{"dense", "", Type::dense},
                                                      {"conv", "", Type::convolution},
                                                      {"recurrent", "", Type::recurrent},
                                                      {"bias", "", Type::bias}});
  return spec.target ? types.find(*spec.target) : Type::all;
}

// A "+" in the path of a file is not followed by the name of an initializer.
bool ends_part(std::string_view before, std::string_view rest) {
  std::string_view name = rest.substr(1, rest.find_first_of("+:", 1) - 1);
  name.remove_prefix(name.find('=') + 1);
  return !trimmed(before).starts_with("pretrained:") || initializers().contains(trimmed(name));
}

// Whether a part for `type` draws layers of this kind, among those of plain_layers().
bool draws(Type type, WeightKind kind) {
  if (type == Type::dense) return kind == WeightKind::dense;
  return type != Type::convolution || kind == WeightKind::convolution;
}

void draw(Module& module, Type type, const LayerInitializer& initializer, Rng& rng) {
  bool found = type == Type::all || type == Type::bias;
  for (const auto& [path, named] : plain_layers(module, type == Type::recurrent)) {
    Reparametrizable& layer = *named;
    if (!draws(type, layer.weight_kind())) continue;
    found = true;
    NamedTensors biases = layer.tensors(Role::bias);
    if (type == Type::bias) {
      for (auto& [name, bias] : biases) initializer(bias, rng, 1);
      continue;
    }
    const auto drawn = [&](Tensor weight) {
      initializer(weight, rng, layer.groups());
      return weight;
    };
    layer.change_weights(drawn, true);
    if (type == Type::recurrent) continue;
    for (auto& [name, bias] : biases) init::constant(bias, 0);
  }
  constexpr const char* names[] = {"", "dense", "convolution", "recurrent"};
  require(found, "initialize", "the text initializes {} layers, but the network has none",
          names[static_cast<int>(type)]);
}

void apply(Module& module, Type type, const Initialization& initialization, Rng& rng,
           const Tensor& batch) {
  const NoGrad no_grad;
  if (const auto* whole = std::get_if<ModuleInitializer>(&initialization))
    (*whole)(module, batch);
  else
    draw(module, type, std::get<LayerInitializer>(initialization), rng);
}

// Throws for a parameter with an infinity or NaN; `text` is the initializer that was applied.
void check_finite(Module& module, const std::string& text) {
  for (const auto& [name, parameter] : module.named_parameters())
    dispatch_floating(
        "initialize", parameter.dtype(), [&, &path = name, &tensor = parameter]<class T>(T) {
          const std::span<const T> values(tensor.template data<T>(),
                                          static_cast<std::size_t>(tensor.numel()));
          const auto wrong = std::ranges::find_if(values, [](T x) { return !std::isfinite(x); });
          require(wrong == values.end(), "initialize",
                  "'{}' must give finite weights, got {} in {}", text,
                  wrong == values.end() ? T{} : *wrong, path);
        });
}

}  // namespace

void initialize(Module& module, std::string_view text, Rng& rng, const Tensor& batch,
                const std::function<void()>& normalize) {
  struct Step {
    Type type;
    Initialization initialization;
    std::string text;
  };
  std::vector<Step> steps;
  for (const Spec& spec :
       parse_specs(text, {.owner = "initialize", .has_targets = true, .ends = ends_part})) {
    steps.push_back({type_of(spec), initializers().make(spec), spec.text});
    const Initialization& made = steps.back().initialization;
    require(!spec.target || std::holds_alternative<LayerInitializer>(made), "initialize",
            "{} applies to the whole module and can't have a layer type", spec.name);
    if (steps.size() == 1 && spec.name == "lsuv")
      steps.insert(steps.begin(),
                   {Type::all, initializers().make({.name = "orthogonal"}), "orthogonal"});
  }
  std::vector<Initialization> of_normalized;
  for (const auto& [type, initialization, part] : steps) {
    try {
      apply(module, type, initialization, rng, batch);
      check_finite(module, part);
    } catch (const PretrainedMisfit&) {
      if (!normalize) throw;
      of_normalized.push_back(initialization);
    }
  }
  if (normalize) normalize();
  for (const Initialization& initialization : of_normalized)
    apply(module, Type::all, initialization, rng, batch);
}

void initialize(Module& module, const Initializer& initializer, Rng& rng) {
  const LayerInitializer any_groups = [&](Tensor& weight, Rng& generator, int64_t) {
    initializer(weight, generator);
  };
  apply(module, Type::all, any_groups, rng, {});
}

}  // namespace gradus::layers
