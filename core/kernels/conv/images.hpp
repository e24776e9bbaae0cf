// image_convolution: convolutions of many small images; vectors run along images.
#pragma once

#include "core/kernels/conv/plan.hpp"
#include "core/kernels/gemm/tiles.hpp"

namespace gradus::kernels {

/// The vectors of images that are convolved at once.
template <class T>
int64_t image_vectors() {
  return std::clamp<int64_t>(16 / tiles<T>().vector, 1, Tiles<T>::widest);
}

/// As convolution() in convolution.hpp; the plan is_direct().
template <class T>
void image_convolution(const ConvolutionPlan& plan, const T* x, const T* weight, const T* bias,
                       T* y);

}  // namespace gradus::kernels
