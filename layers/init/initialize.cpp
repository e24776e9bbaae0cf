#include "layers/init/initialize.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/glob.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/safetensors.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/init.hpp"
#include "layers/init/initializers.hpp"
#include "layers/recurrent.hpp"

namespace gradus::layers {
namespace {

enum class Type { all, dense, convolution, recurrent, bias };

// What one part of a text says.
struct Part {
  Type type = Type::all;
  std::string_view name, arguments;
};

Part parse_part(std::string_view text) {
  Part part;
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
    const auto& entries = initializers().entries();
    return std::any_of(entries.begin(), entries.end(),
                       [&](const auto& entry) { return entry.name == name; });
  };
  std::size_t end = next(start);
  if (!text.substr(start).starts_with("pretrained:")) return end;
  while (end < text.size() && !begins_part(end + 1)) end = next(end + 1);
  return end;
}

// A file that has other tensors than the module.
struct PretrainedMisfit : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

template <class Layer>
void require_plain(const std::string& path, const Layer& layer) {
  require(!layer.reparametrization(), "initialize",
          "comes before the normalization of weights, but {} is {}", path, layer.description());
}

// The layers that have a weight to set, in the order of the calls.
std::vector<Weighted*> weighted_layers(Module& module) {
  std::vector<Weighted*> layers;
  const Members members(module);
  for (const auto& [path, below] : members.modules()) {
    auto* const layer = dynamic_cast<Weighted*>(below);
    if (!layer) continue;
    require_plain(path, *layer);
    layers.push_back(layer);
  }
  return layers;
}

int64_t groups_of(const Weighted& layer) {
  if (const auto* conv = dynamic_cast<const Conv2d*>(&layer)) return conv->options().groups;
  if (const auto* conv = dynamic_cast<const Conv1d*>(&layer)) return conv->options().groups;
  const auto* transposed = dynamic_cast<const ConvTranspose2d*>(&layer);
  return transposed ? transposed->options().groups : 1;
}

// Whether the layer is of the type.
bool draw(Weighted& layer, Type type, const LayerInitializer& initializer, Rng& rng) {
  const bool is_dense = dynamic_cast<const Dense*>(&layer) != nullptr;
  if (type == Type::bias) {
    if (layer.bias) initializer(layer.bias, rng, 1);
    return true;
  } else if (type == Type::all || is_dense == (type == Type::dense)) {
    Tensor weight = layer.outputs_first(layer.weight);
    initializer(weight, rng, groups_of(layer));
    layer.weight.copy_from(layer.outputs_first(weight));
    if (layer.bias) init::constant(layer.bias, 0);
    return true;
  }
  return false;
}

void draw_recurrent(Module& module, const LayerInitializer& initializer, Rng& rng) {
  bool found = false;
  const Members members(module);
  for (const auto& [path, below] : members.modules()) {
    auto* const layer = dynamic_cast<Recurrent*>(below);
    if (!layer) continue;
    require_plain(path, *layer);
    found = true;
    for (Tensor& weight : layer->gate_weights()) initializer(weight, rng, 1);
  }
  require(found, "initialize", "there is no recurrent layer to draw");
}

void apply(Module& module, Type type, const Initialization& initialization, Rng& rng,
           const Tensor& batch) {
  const NoGrad no_grad;
  if (const auto* whole = std::get_if<ModuleInitializer>(&initialization)) {
    (*whole)(module, batch);
    return;
  }
  if (type == Type::recurrent) {
    draw_recurrent(module, std::get<LayerInitializer>(initialization), rng);
    return;
  }
  bool found = type == Type::all || type == Type::bias;
  for (Weighted* layer : weighted_layers(module))
    found |= draw(*layer, type, std::get<LayerInitializer>(initialization), rng);
  require(found, "initialize", "there is no {} layer to draw",
          type == Type::dense ? "dense" : "convolution");
}

// The layers in the order in which `module` calls them for `batch`.
std::vector<std::pair<std::string, Weighted*>> called_layers(Module& module, const Tensor& batch) {
  std::vector<std::pair<std::string, Weighted*>> layers;
  const CallObserver observer([&](Module& called, const Tensor&, const Tensor&) {
    auto* const layer = dynamic_cast<Weighted*>(&called);
    const auto is_layer = [&](const auto& known) { return known.second == layer; };
    if (layer && std::none_of(layers.begin(), layers.end(), is_layer))
      layers.emplace_back(LayerScope::path(), layer);
  });
  module(batch);
  return layers;
}

double output_variance(Module& module, const Weighted& layer, const Tensor& batch) {
  double variance = 0;
  const CallObserver observer([&](Module& called, const Tensor&, const Tensor& output) {
    if (&called == &layer) variance = var(output, {}, false, false).item();
  });
  module(batch);
  return variance;
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

void lsuv(Module& module, const Tensor& batch, const LsuvOptions& options) {
  require(batch.defined(), "lsuv", "needs a batch of data");
  require(options.tolerance > 0, "lsuv", "tolerance is positive, got {}", options.tolerance);
  require(options.iterations > 0, "lsuv", "iterations is positive, got {}", options.iterations);
  weighted_layers(module);
  const EvaluationScope scope(module);
  for (const auto& [path, layer] : called_layers(module, batch)) {
    for (int64_t i = 0; i < options.iterations; ++i) {
      const double variance = output_variance(module, *layer, batch);
      require(variance > 0 && std::isfinite(variance), "lsuv",
              "the outputs of layer {} don't vary over the batch: variance {}", path, variance);
      if (std::abs(variance - 1) <= options.tolerance) break;
      layer->weight.copy_from(layer->weight / std::sqrt(variance));
    }
  }
}

void load_pretrained(Module& module, const std::string& path, std::string_view pattern) {
  const SafetensorsFile file = read_safetensors(path);
  std::map<std::string, Tensor> given;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors) {
    names.push_back(name);
    if (matches(pattern, name)) given.emplace(name, tensor);
  }
  if (given.empty()) {
    names = nearest_first(pattern, std::move(names));
    fail("pretrained", "no tensor of {} matches '{}'; it has {}", path, pattern,
         fmt::join(names, ", "));
  }
  NamedTensors state = module.state_dict();
  for (auto& [name, tensor] : state)
    if (const auto found = given.extract(name)) tensor = found.mapped();
  state.insert(state.end(), given.begin(), given.end());
  try {
    module.load_state_dict(state);
  } catch (const std::invalid_argument& error) {
    throw PretrainedMisfit(fmt::format("[pretrained] {} doesn't fit: {}", path, error.what()));
  }
}

}  // namespace gradus::layers
