#include "optim/parameters.hpp"

#include <fmt/ranges.h>

#include <set>

#include "core/state_dict.hpp"

namespace gradus::optim {

NamedTensors trainable(const std::string& owner, const NamedTensors& parameters) {
  std::set<std::string> names;
  NamedTensors result;
  for (const auto& [key, tensor] : parameters) {
    require(names.insert(key).second, owner, "two parameters are named '{}'", key);
    require(tensor.defined(), owner, "parameter '{}' is undefined", key);
    require(tensor.is_leaf(), owner, "parameter '{}' is the result of an operation", key);
    for (const auto& [name, other] : result)
      require(!other.is_same(tensor), owner, "parameters '{}' and '{}' are one tensor", name, key);
    if (tensor.requires_grad()) result.emplace_back(key, tensor);
  }
  require(!result.empty(), owner, "none of {} parameters requires a gradient", parameters.size());
  return result;
}

void check_gradients(const std::string& owner, const std::vector<std::string_view>& missing,
                     std::string_view advice) {
  if (!missing.empty()) misuse(owner, "no gradient for {}: {}", fmt::join(missing, ", "), advice);
}

void check_state(const std::string& owner, const NamedTensors& own, const NamedTensors& given) {
  const std::string wrong = differences(own, given);
  require(wrong.empty(), owner, "the state doesn't fit: {}", wrong);
}

}  // namespace gradus::optim
