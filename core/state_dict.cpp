#include "core/state_dict.hpp"

#include <fmt/ranges.h>

#include <map>

namespace gradus {

static std::string kind(const Tensor& tensor) {
  return fmt::format("{} {}", to_string(tensor.dtype()), tensor.shape());
}

NamedTensors joined(const std::vector<std::pair<std::string, NamedTensors>>& parts) {
  NamedTensors result;
  for (const auto& [prefix, tensors] : parts)
    for (const auto& [name, tensor] : tensors) result.emplace_back(prefix + "." + name, tensor);
  return result;
}

std::string differences(const NamedTensors& own, const NamedTensors& given) {
  std::vector<std::string> list, repeated;
  std::map<std::string, const Tensor*> left;
  for (const auto& [name, tensor] : given)
    if (!left.emplace(name, &tensor).second) repeated.push_back("repeated " + name);
  for (const auto& [name, tensor] : own) {
    const auto found = left.extract(name);
    if (!found)
      list.push_back("missing " + name);
    else if (!found.mapped()->defined())
      list.push_back(name + " is undefined");
    else if (kind(*found.mapped()) != kind(tensor))
      list.push_back(fmt::format("{} is {}, got {}", name, kind(tensor), kind(*found.mapped())));
  }
  for (const auto& [name, tensor] : left) list.push_back("unexpected " + name);
  list.insert(list.end(), repeated.begin(), repeated.end());
  return fmt::format("{}", fmt::join(list, "; "));
}

}  // namespace gradus
