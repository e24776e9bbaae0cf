// Layer-sequential unit variance: weights scaled by what a batch makes of them.
#pragma once

#include "core/tensor.hpp"

namespace gradus::layers {

class Module;

/// Options of lsuv().
struct LsuvOptions {
  double tolerance = 0.01;  ///< by which the variance may miss 1; positive
  int64_t iterations = 10;  ///< at most, a layer; positive
};
/// Layer-sequential unit variance (Mishkin and Matas 2016): in the order in which the layers are
/// called, divides the weight of each dense and convolution layer by the standard deviation of its
/// outputs for `batch`, in evaluation mode, until their variance is 1. Throws std::invalid_argument
/// for an undefined batch, outputs that don't vary and layers whose weight is normalized.
void lsuv(Module& module, const Tensor& batch, const LsuvOptions& options = {});

}  // namespace gradus::layers
