// lsuv: layer-sequential unit variance, scales weights by the outputs for a batch.
#pragma once

#include "core/tensor.hpp"

namespace gradus::layers {

class Module;

/// Options of lsuv().
struct LsuvOptions {
  double tolerance = 0.01;  ///< allowed difference of the variance from 1; positive
  int64_t iterations = 10;  ///< maximal number per layer; positive
};
/// Layer-sequential unit variance (Mishkin and Matas 2016): layer by layer, in the order of the
/// calls, divides the weight of each dense and convolution layer by the standard deviation of its
/// outputs for `batch`, in evaluation mode, until their variance is 1. Throws std::invalid_argument
/// for an undefined batch, for outputs without variance, and for layers whose weight is normalized.
void lsuv(Module& module, const Tensor& batch, const LsuvOptions& options = {});

}  // namespace gradus::layers
