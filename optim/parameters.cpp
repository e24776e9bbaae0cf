#include "optim/parameters.hpp"

#include <fmt/ranges.h>

#include <map>
#include <set>

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
  const std::map<std::string, Tensor> values(given.begin(), given.end()),
      known(own.begin(), own.end());
  require(values.size() == given.size(), owner, "the state has a name twice");
  std::vector<std::string> problems;
  for (const auto& [key, tensor] : own) {
    const auto found = values.find(key);
    if (found == values.end())
      problems.push_back("missing " + key);
    else if (const Tensor& other = found->second;
             other.shape() != tensor.shape() || other.dtype() != tensor.dtype())
      problems.push_back(fmt::format("{} is {} of {} instead of {} of {}", key, other.shape(),
                                     to_string(other.dtype()), tensor.shape(),
                                     to_string(tensor.dtype())));
  }
  for (const auto& [key, tensor] : given)
    if (!known.contains(key)) problems.push_back("unexpected " + key);
  require(problems.empty(), owner, "the state doesn't fit: {}", fmt::join(problems, "; "));
}

}  // namespace gradus::optim
