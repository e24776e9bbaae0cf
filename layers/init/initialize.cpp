#include "layers/init/initialize.hpp"

#include <algorithm>

#include "layers/init/initializers.hpp"
#include "layers/init/plain_layers.hpp"
#include "layers/init/pretrained.hpp"
#include "layers/init_functions.hpp"

namespace gradus::layers {
namespace {

enum class Type { all, dense, convolution, recurrent, bias };

struct TextPart {
  Type type = Type::all;
  std::string_view name, arguments;
};

TextPart parse_part(std::string_view text) {
  TextPart part;
  const std::size_t colon = std::min(text.find(':'), text.size());
  part.name = text.substr(0, colon);
  part.arguments = text.substr(std::min(colon + 1, text.size()));
  const std::size_t equals = part.name.find('=');
  if (equals == text.npos) return part;
  static const Registry<Type> types("type of layer", {{"dense", "", Type::dense},
                                                      {"conv", "", Type::convolution},
                                                      {"recurrent", "", Type::recurrent},
                                                      {"bias", "", Type::bias}});
  part.type = types.find(part.name.substr(0, equals));
  part.name.remove_prefix(equals + 1);
  return part;
}

// Where a part of the text at `start` ends: at a +. One in the path of a file is followed by no
// initializer.
std::size_t end_of_part(std::string_view text, std::size_t start) {
  const auto next = [&](std::size_t from) { return std::min(text.find('+', from), text.size()); };
  const auto begins_part = [&](std::size_t at) {
    std::string_view name = text.substr(at, next(at) - at);
    name = name.substr(0, name.find(':'));
    name.remove_prefix(name.find('=') + 1);
    return initializers().contains(name);
  };
  std::size_t end = next(start);
  if (!text.substr(start).starts_with("pretrained:")) return end;
  while (end < text.size() && !begins_part(end + 1)) end = next(end + 1);
  return end;
}

// Whether a part for `type` draws such layers, among those that plain_layers() gave for it.
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
  require(found, "initialize", "there is no {} layer to draw",
          type == Type::dense         ? "dense"
          : type == Type::convolution ? "convolution"
                                      : "recurrent");
}

void apply(Module& module, Type type, const Initialization& initialization, Rng& rng,
           const Tensor& batch) {
  const NoGrad no_grad;
  if (const auto* whole = std::get_if<ModuleInitializer>(&initialization))
    (*whole)(module, batch);
  else
    draw(module, type, std::get<LayerInitializer>(initialization), rng);
}

}  // namespace

void initialize(Module& module, std::string_view text, Rng& rng, const Tensor& batch,
                const std::function<void()>& normalize) {
  std::vector<std::pair<Type, Initialization>> steps;
  for (std::size_t start = 0, end; start <= text.size(); start = end + 1) {
    end = end_of_part(text, start);
    const auto [type, name, arguments] = parse_part(text.substr(start, end - start));
    steps.emplace_back(type, initializers().find(name)(arguments));
    require(type == Type::all || std::holds_alternative<LayerInitializer>(steps.back().second),
            "initialize", "{} is for the whole module and takes no type of layer", name);
    if (start == 0 && name == "lsuv")
      steps.insert(steps.begin(), {Type::all, initializers().find("orthogonal")("")});
  }
  std::vector<Initialization> of_normalized;
  for (const auto& [type, initialization] : steps) {
    try {
      apply(module, type, initialization, rng, batch);
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
