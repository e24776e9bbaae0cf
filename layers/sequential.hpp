// Sequential: calls modules one after the other.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// Calls its modules in order, each with the result of the previous one. Their names are 0, 1, …
///
///     Sequential model{Dense(784, 100, rng), ReLU(), Dense(100, 10, rng)};
class Sequential : public Layer<Sequential> {
 public:
  Sequential() = default;
  /// From any number of modules; a single Sequential is copied, not nested.
  template <class... Modules>
  requires(std::constructible_from<AnyModule, Modules>&&...) &&
      (!(sizeof...(Modules) == 1 && (std::same_as<std::remove_cvref_t<Modules>, Sequential> &&
                                     ...))) explicit Sequential(Modules&&... modules) {
    modules_.reserve(sizeof...(modules));
    (push_back(std::forward<Modules>(modules)), ...);
  }

  /// Appends a module.
  void push_back(AnyModule module) { modules_.push_back(std::move(module)); }
  /// The number of modules.
  std::size_t size() const { return modules_.size(); }
  /// The module at `index`. Throws std::invalid_argument unless index < size().
  Module& operator[](std::size_t index);
  /// Replaces the module at `index`. Throws std::invalid_argument unless index < size().
  void replace(std::size_t index, AnyModule module);

  Tensor forward(const Tensor& x) override;
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  void members(Members& members) override;
  void fold_own() override;
  std::string description() const override;

 private:
  std::vector<AnyModule> modules_;
};

}  // namespace gradus::layers
