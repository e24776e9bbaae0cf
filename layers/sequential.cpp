#include "layers/sequential.hpp"

#include "layers/residual.hpp"

namespace gradus::layers {

Module& Sequential::operator[](std::size_t index) {
  require(index < size(), "sequential", "the index must be below the number of modules, {}, got {}",
          size(), index);
  return *modules_[index];
}

void Sequential::replace(std::size_t index, AnyModule module) {
  require(index < size(), "sequential", "the index must be below the number of modules, {}, got {}",
          size(), index);
  modules_[index] = std::move(module);
}

Tensor Sequential::forward(const Tensor& x) {
  Tensor y = x;
  for (std::size_t i = 0; i < size(); ++i) {
    const LayerScope scope(std::to_string(i));
    Module& module = *modules_[i];
    if (Tensor both = i + 1 < size() ? module.with_next(y, *modules_[i + 1]) : Tensor();
        both.defined()) {
      y = std::move(both);
      ++i;
    } else {
      y = module(y);
    }
  }
  return y;
}

Tensor Sequential::forward_next(const Tensor& x, StepMemory& memory) {
  Tensor y = x;
  for (AnyModule& module : modules_) y = module->forward_next(y, memory);
  return y;
}

void Sequential::members(Members& members) {
  for (std::size_t i = 0; i < size(); ++i) members.child(std::to_string(i), *modules_[i]);
}

void Sequential::fold_own() {
  for (std::size_t i = 1; i < size(); ++i)
    if (modules_[i - 1]->fold_next(*modules_[i])) modules_[i] = Identity();
}

std::string Sequential::description() const {
  std::string list;
  for (const AnyModule& module : modules_)
    list += (list.empty() ? "" : ", ") + module->description();
  return fmt::format("Sequential({})", list);
}

}  // namespace gradus::layers
