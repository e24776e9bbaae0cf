#include "layers/norm/norm_text.hpp"

#include <algorithm>

#include "layers/norm/named_scheme.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/weight_normalizations.hpp"

namespace gradus::layers {
namespace {

[[noreturn]] void unknown(const std::string& name) {
  std::vector<std::string> names = normalizations().names();
  const std::vector<std::string> more = weight_normalizations().names();
  names.insert(names.end(), more.begin(), more.end());
  detail::throw_unknown("normalization", name, std::move(names));
}

}  // namespace

NormText::NormText(std::string_view text) {
  std::string activation_part, weight_part;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    std::string part(text.substr(begin, end - begin));
    begin = end + 1;
    const std::string name = NamedScheme(part).name;
    const bool of_activations = normalizations().contains(name);
    if (!of_activations && !weight_normalizations().contains(name)) unknown(name);
    const std::string& known = of_activations ? normalizations().entry(name).name
                                              : weight_normalizations().entry(name).name;
    part.replace(0, name.size(), known);
    require(known != "none" || part.size() == text.size(), "normalization",
            "none stands alone, got '{}'", text);
    std::string& place = of_activations ? activation_part : weight_part;
    require(place.empty(), "normalization", "{} and {} are both of {}, which takes one: '{}'",
            place, part, of_activations ? "activations" : "weights", text);
    place = part;
  }
  if (!activation_part.empty()) activations = activation_part;
  weights = weight_part;
}

}  // namespace gradus::layers
