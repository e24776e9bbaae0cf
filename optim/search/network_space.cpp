#include "optim/search/network_space.hpp"

#include <fmt/format.h>

#include <map>

namespace gradus::optim {
namespace {

using Values = std::map<std::string, std::string>;

// Four poolings of 28×28 images leave one pixel.
constexpr int most_pools = 4;

std::string convolution(const Values& values, const std::string& block,
                        const std::string& filters) {
  const std::string& kernel = values.at(block + "kernel");
  return fmt::format("conv {} {}x{} pad {}{}", filters, kernel, kernel, kernel == "3" ? 1 : 2,
                     values.at(block + "norm") == "yes" ? ", norm" : "");
}

}  // namespace

std::string NetworkSpace::choices() const {
  std::string text;
  for (int64_t i = 1; i <= blocks; ++i)
    text += fmt::format(
        "{0}.layer=[{1}]\n"
        "{0}.filters=[8,16,32,64] if {0}.layer=conv\n"
        "{0}.kernel=[3,5] if {0}.layer=[{2}]\n"
        "{0}.norm=[yes,no] if {0}.layer=[{2}]\n"
        "{0}.pool=[yes,no] if {0}.layer=conv\n",
        fmt::format("{}.{}", name, i), i == 1 ? "conv" : "conv,residual,none",
        i == 1 ? "conv" : "conv,residual");
  return text + fmt::format(
                    "{0}.end=[flatten,globalpool]\n"
                    "{0}.dropout=[0,0.25,0.5]\n"
                    "{0}.dense=[0,64,128]\n",
                    name);
}

std::string NetworkSpace::network(const Configuration& configuration) const {
  const Values values(configuration.begin(), configuration.end());
  std::string text, filters;
  int pools = 0;
  for (int64_t i = 1; i <= blocks; ++i) {
    const std::string block = fmt::format("{}.{}.", name, i);
    const std::string& layer = values.at(block + "layer");
    if (layer == "residual")
      text += fmt::format("residual({}), relu, ", convolution(values, block, filters));
    if (layer != "conv") continue;
    filters = values.at(block + "filters");
    text += convolution(values, block, filters) + ", relu, ";
    if (values.at(block + "pool") == "yes" && pools++ < most_pools) text += "maxpool 2, ";
  }
  text += values.at(name + ".end");
  if (values.at(name + ".dropout") != "0") text += ", dropout " + values.at(name + ".dropout");
  if (values.at(name + ".dense") != "0")
    text += fmt::format(", dense {}, relu", values.at(name + ".dense"));
  return text + fmt::format(", dense {}", classes);
}

}  // namespace gradus::optim
