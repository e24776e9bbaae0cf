#include "optim/parameters.hpp"

#include <fmt/ranges.h>

#include <set>

#include "core/state_dict.hpp"

namespace gradus::optim {

NamedTensors trainable(const std::string& owner, const NamedTensors& parameters) {
  std::set<std::string> names;
  NamedTensors result;
  for (const auto& [key, tensor] : parameters) {
    require(names.insert(key).second, owner, "names must differ: two parameters are named '{}'",
            key);
    require(tensor.defined(), owner, "parameters must be defined, '{}' isn't", key);
    require(tensor.is_leaf(), owner,
            "parameters must be leaves, '{}' is the result of an operation", key);
    for (const auto& [name, other] : result)
      require(!other.is_same(tensor), owner, "parameters '{}' and '{}' must not be the same tensor",
              name, key);
    if (tensor.requires_grad()) result.emplace_back(key, tensor);
  }
  require(!result.empty(), owner, "at least one parameter must require a gradient, none of {} does",
          parameters.size());
  return result;
}

void check_gradients(const std::string& owner, const std::vector<std::string_view>& missing,
                     std::string_view advice) {
  if (!missing.empty())
    misuse(owner, "parameters without a gradient: {}; {}", fmt::join(missing, ", "), advice);
}

void check_state(const std::string& owner, const NamedTensors& own, const NamedTensors& given) {
  const std::string wrong = differences(own, given);
  require(wrong.empty(), owner, "the state doesn't fit the optimizer: {}", wrong);
}

}  // namespace gradus::optim
