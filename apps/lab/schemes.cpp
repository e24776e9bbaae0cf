#include "apps/lab/schemes.hpp"

#include "layers/norm/batch_norm.hpp"
#include "layers/norm/cosine_norm.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/norm/weight_standardization.hpp"
#include "layers/residual.hpp"

namespace gradus::lab {

using namespace gradus::layers;

std::vector<Scheme> schemes(double eps) {
  const Identity no;
  return {{"none", no, {}, "×λ, changes, ×λ, changes, same, no"},
          {"batch", BatchNorm2d(6, {eps}), {}, "same, changes, same, same, 1/λ, ⊥"},
          {"batch-renorm", BatchRenorm2d(6, {eps}), {}, "same, changes, same, same, 1/λ, ⊥"},
          {"layer", LayerNorm({6, 6, 6}, {eps}), {}, "same, changes, same, changes, 1/λ, ⊥"},
          {"rms", RMSNorm({6, 6, 6}, {eps}), {}, "same, changes, same, changes, 1/λ, ⊥"},
          {"group", GroupNorm(3, 6, {eps}), {}, "same, changes, same, changes, 1/λ, ⊥"},
          {"instance", InstanceNorm2d(6, {eps}), {}, "same, changes, same, same, 1/λ, ⊥"},
          {"lrn", LocalResponseNorm(), {}, "changes, changes, changes, changes, changes, no"},
          {"weight", no, WeightNorm(), "same, changes, ×λ, changes, 1/λ, ⊥"},
          {"weight-std", no, WeightStandardization({eps}), "same, same, ×λ, same, 1/λ, ⊥"},
          {"weight-centered", no, CenteredWeightNorm(), "same, same, ×λ, same, 1/λ, ⊥"},
          {"weight-whiten", no, WeightWhitening({eps}), "same, same, ×λ, same, 1/λ, ⊥"},
          {"spectral", no, SpectralNorm({500}), "same, changes, ×λ, changes, 1/λ, ⊥"},
          {"cosine", no, CosineNorm({false, eps}), "same, changes, same, changes, 1/λ, ⊥"},
          {"cosine-centered", no, CosineNorm({true, eps}), "same, same, same, same, 1/λ, ⊥"}};
}

}  // namespace gradus::lab
