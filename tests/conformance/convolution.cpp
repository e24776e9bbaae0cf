#include "core/ops/convolution.hpp"

#include "conformance/runner.hpp"
#include "core/ops/pooling.hpp"

namespace gradus::conformance {
namespace {

// A number for both directions, or [height, width].
Pair pair(const Case& c, const char* name, int64_t fallback) {
  const auto it = c.attrs.find(name);
  if (it == c.attrs.end() || it->is_null()) return fallback;
  return it->is_array() ? Pair(it->at(0), it->at(1)) : Pair(it->get<int64_t>());
}

// A number, or a list of one.
int64_t single(const Case& c, const char* name, int64_t fallback) {
  const auto it = c.attrs.find(name);
  if (it == c.attrs.end()) return fallback;
  return it->is_array() ? it->at(0).get<int64_t>() : it->get<int64_t>();
}

ConvolutionOptions convolution_options(const Case& c) {
  return {.stride = pair(c, "stride", 1),
          .padding = pair(c, "padding", 0),
          .dilation = pair(c, "dilation", 1),
          .groups = c.attr<int64_t>("groups", 1)};
}

PoolingOptions pooling(const Case& c) {
  return {.kernel = pair(c, "kernel_size", 2),
          .stride = pair(c, "stride", 0),
          .padding = pair(c, "padding", 0),
          .ceil_mode = c.attr("ceil_mode", false),
          .count_include_pad = c.attr("count_include_pad", true)};
}

}  // namespace

Family convolution() {
  return {
      "conv",
      {{"conv2d",
        [](const Case& c) {
          return Tensors{
              conv2d(c.input("x"), c.input("weight"), c.input("bias"), convolution_options(c))};
        }},
       {"conv_transpose2d",
        [](const Case& c) {
          return Tensors{conv_transpose2d(c.input("x"), c.input("weight"), c.input("bias"),
                                          convolution_options(c), pair(c, "output_padding", 0))};
        }},
       {"conv1d",
        [](const Case& c) {
          return Tensors{conv1d(c.input("x"), c.input("weight"), c.input("bias"),
                                {.stride = single(c, "stride", 1),
                                 .padding = single(c, "padding", 0),
                                 .dilation = single(c, "dilation", 1),
                                 .groups = c.attr<int64_t>("groups", 1)})};
        }},
       {"max_pool2d", [](const Case& c) { return Tensors{max_pool2d(c.input("x"), pooling(c))}; }},
       {"avg_pool2d", [](const Case& c) { return Tensors{avg_pool2d(c.input("x"), pooling(c))}; }},
       {"adaptive_avg_pool2d", [](const Case& c) {
          return Tensors{adaptive_avg_pool2d(c.input("x"), pair(c, "output_size", 1))};
        }}}};
}

}  // namespace gradus::conformance
