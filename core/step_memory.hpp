// StepMemory: what the layers of a network remember of the steps of a sequence, to continue it.
#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <utility>

namespace gradus {

/// What the layers of a network remember of the steps so far: keys and values, or states. With it
/// each new step costs one step, not all of them:
///
///     StepMemory memory(1024);
///     Tensor y = network.next_steps(prompt, memory);   // (N, L, …)
///     y = network.next_steps(token, memory);           // (N, 1, …), of the step after these
class StepMemory {
 public:
  /// For up to `capacity` steps.
  explicit StepMemory(int64_t capacity) : capacity_(capacity) {}

  /// How many steps there is room for.
  int64_t capacity() const { return capacity_; }
  /// The number of steps so far: the place of the next one.
  int64_t length() const { return length_; }
  /// Counts steps that all layers have seen.
  void advance(int64_t steps) { length_ += steps; }
  /// What a layer remembers, at first T(initial…).
  template <class T, class Layer, class... Initial>
  T& of(const Layer& layer, Initial&&... initial) {
    std::any& memory = memories_[&layer];
    if (!memory.has_value()) memory.emplace<T>(std::forward<Initial>(initial)...);
    return *std::any_cast<T>(&memory);
  }

 private:
  int64_t capacity_, length_ = 0;
  std::map<const void*, std::any> memories_;
};

}  // namespace gradus
