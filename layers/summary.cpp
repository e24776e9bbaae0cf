#include "layers/summary.hpp"

#include <ostream>
#include <set>

#include "core/text/counted.hpp"

namespace gradus::layers {

namespace {

// The direct children with their names.
Members::Named<Module> children_of(const Members& members) {
  Members::Named<Module> children;
  for (std::size_t i = 1; i < members.modules().size();) {
    children.push_back(members.modules()[i]);
    i += Members(*children.back().second).modules().size();
  }
  return children;
}

// The parameters that no child has.
Members::Named<Parameter> own_parameters(const Members& members) {
  std::set<const Parameter*> below;
  for (const auto& [name, child] : children_of(members)) {
    const Members of_child(*child);
    for (const auto& named : of_child.parameters()) below.insert(named.second);
  }
  Members::Named<Parameter> own = members.parameters();
  std::erase_if(own, [&](const auto& named) {
    return !named.second->defined() || below.contains(named.second);
  });
  return own;
}

// "TiedEmbedding(65, 128, …)": the description without those of the children.
std::string own_description(const Module& module, const Members& members) {
  std::string result = module.description();
  for (const auto& [name, child] : children_of(members)) {
    const std::string inner = child->description();
    if (const std::size_t place = result.find(inner); place != result.npos)
      result.replace(place, inner.size(), "…");
  }
  return result;
}

}  // namespace

std::vector<LayerSummary> summarize(Module& module, const Shape& input, DType dtype) {
  std::vector<LayerSummary> rows;
  const CallObserver observer([&](Module& layer, const Tensor& x, const Tensor& y) {
    const Members members(layer);
    const Shape in = x.shape().with(0, 1), out = y.shape().with(0, 1);
    LayerSummary row{LayerScope::path(),   own_description(layer, members),
                     out.without(0),       0,
                     layer.flops(in, out), layer.equation()};
    for (const auto& [name, parameter] : own_parameters(members))
      row.parameters += parameter->numel();
    const bool is_container = members.modules().size() > 1;
    if (!is_container || row.parameters > 0 || row.flops > 0) rows.push_back(std::move(row));
  });
  const EvaluationScope scope(module);
  module(Tensor::zeros(input.inserted(0, 0), dtype));  // only the shapes are needed
  return rows;
}

namespace {

// "16 parameters, frozen"; empty for none.
std::string count_of(const Members& members) {
  int64_t all = 0, frozen = 0;
  for (const auto& [name, parameter] : members.parameters()) {
    if (!parameter->defined()) continue;
    all += parameter->numel();
    if (!parameter->requires_grad()) frozen += parameter->numel();
  }
  if (all == 0) return "";
  return counted(all, "parameter") + (frozen == 0    ? ""
                                      : frozen < all ? fmt::format(", {} of them frozen", frozen)
                                                     : ", frozen");
}

// The texts that aren't empty.
std::string with_colons(std::initializer_list<std::string> texts) {
  std::string result;
  for (const std::string& text : texts)
    if (!text.empty()) result += (result.empty() ? "" : ": ") + text;
  return result;
}

std::string tree(Module& module, const std::string& indent) {
  const Members members(module);
  const std::string inner = indent + "  ";
  std::string children;
  for (const auto& [name, child] : children_of(members))
    children += fmt::format("{}({}): {}\n", inner, name, tree(*child, inner));
  std::string own;
  for (const auto& [name, parameter] : own_parameters(members))
    own += fmt::format("{}{} {}", own.empty() ? "" : ", ", name, parameter->shape());
  const std::string description = module.description(), count = count_of(members);
  if (children.empty()) return with_colons({description, own, count});
  // The descriptions of containers list their children.
  const std::string name = description.substr(0, description.find('('));
  if (!own.empty()) own = inner + own + '\n';
  return with_colons({fmt::format("{}(\n{}{}{})", name, own, children, indent), count});
}

}  // namespace

std::string to_string(const Module& module) {
  // Members are pointers for changes, but only read here.
  return tree(const_cast<Module&>(module), "");
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  return stream << to_string(module);
}

}  // namespace gradus::layers
