#include "layers/pooling.hpp"

#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

const PoolingOptions& checked(const char* layer, const PoolingOptions& o) {
  require_positive(layer, "kernel", o.kernel);
  require_at_least(0, layer, "stride", o.stride);
  require_at_least(0, layer, "padding", o.padding);
  require(2 * o.padding.height <= o.kernel.height && 2 * o.padding.width <= o.kernel.width, layer,
          "padding is at most half of the kernel {}, got {}", to_string(o.kernel),
          to_string(o.padding));
  return o;
}

std::string describe(const char* layer, const PoolingOptions& o) {
  const Pair stride{o.stride.height ? o.stride.height : o.kernel.height,
                    o.stride.width ? o.stride.width : o.kernel.width};
  return fmt::format("{}({}{}{}{}{})", layer, to_string(o.kernel),
                     shown("stride", stride, o.kernel), shown("padding", o.padding, 0),
                     o.ceil_mode ? ", ceil_mode=true" : "",
                     o.count_include_pad ? "" : ", count_include_pad=false");
}

}  // namespace

MaxPool2d::MaxPool2d(const PoolingOptions& options) : options_(checked("max_pool2d", options)) {}

std::string MaxPool2d::description() const {
  return describe("MaxPool2d", options_);
}

AvgPool2d::AvgPool2d(const PoolingOptions& options) : options_(checked("avg_pool2d", options)) {}

std::string AvgPool2d::description() const {
  return describe("AvgPool2d", options_);
}

}  // namespace gradus::layers
