#include "layers/norm/weight_standardization.hpp"

#include "core/text/range.hpp"
#include "layers/shown.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {
WeightStandardization::WeightStandardization(const WeightStandardizationOptions& options)
    : Reparametrized(options.gain), eps_(options.eps) {
  range::positive.check("weight_standardization", "eps", eps_);
}

Tensor WeightStandardization::normalized(const Tensor& weight) const {
  return weight_standardization(weight, Tensor(), eps_);
}

std::string WeightStandardization::description() const {
  return called("WeightStandardization", {shown("eps", eps_, 1e-5), gain_shown()});
}

std::string WeightStandardization::equation(const Shape& weight) const {
  return fmt::format(
      "WeightStandardization: over each output's {} weights; w ← {}(w − μ)/√(σ² + {}){}",
      row_length(weight), gain_factor(), eps_, gain_note());
}

std::string CenteredWeightNorm::equation(const Shape& weight) const {
  return fmt::format("CenteredWeightNorm: over each output's {} weights; w ← {}(w − μ)/‖w − μ‖{}",
                     row_length(weight), gain_factor(), gain_note());
}

std::string CenteredWeightNorm::description() const {
  return called("CenteredWeightNorm", {gain_shown()});
}

WeightWhitening::WeightWhitening(const WeightWhiteningOptions& options)
    : Reparametrized(options.gain), eps_(options.eps), group_(options.group) {
  range::positive.check("weight_whitening", "eps", eps_);
  require(group_ >= 0, "weight_whitening", "group is 0 or more, got {}", group_);
}

Tensor WeightWhitening::normalized(const Tensor& weight) const {
  return weight_whitening(weight, eps_, group_);
}

std::string WeightWhitening::description() const {
  return called("WeightWhitening",
                {shown("eps", eps_, 1e-5), shown("group", group_, int64_t{0}), gain_shown()});
}

std::string WeightWhitening::equation(const Shape& weight) const {
  const int64_t outputs = weight[0];
  const bool grouped = group_ > 0 && group_ < outputs;
  return fmt::format(
      "WeightWhitening: over {} {} outputs with {} weights each; W ← {}(F Fᵀ + {}·I)^(−1/2)·F, F "
      "the rows of W minus their means{}",
      grouped ? fmt::format("groups of {} of the", group_) : "all", outputs, row_length(weight),
      gain_factor(), eps_, gain_note());
}

}  // namespace gradus::layers
