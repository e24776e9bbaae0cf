#include "layers/pooling.hpp"

#include "layers/shown.hpp"

namespace gradus::layers {

const PoolingOptions& detail::checked(const char* layer, const PoolingOptions& o) {
  require_positive(layer, "kernel", o.kernel);
  require_at_least(0, layer, "stride", o.stride);
  require_at_least(0, layer, "padding", o.padding);
  require(2 * o.padding.height <= o.kernel.height && 2 * o.padding.width <= o.kernel.width, layer,
          "padding must be at most half of the kernel {}, got {}", to_string(o.kernel),
          to_string(o.padding));
  return o;
}

std::string detail::described(const char* layer, const PoolingOptions& o) {
  const Pair stride{o.stride.height ? o.stride.height : o.kernel.height,
                    o.stride.width ? o.stride.width : o.kernel.width};
  return fmt::format("{}({}{}{}{}{})", layer, to_string(o.kernel),
                     shown("stride", stride, o.kernel), shown("padding", o.padding, 0),
                     o.ceil_mode ? ", ceil_mode=true" : "",
                     o.count_include_pad ? "" : ", count_include_pad=false");
}

}  // namespace gradus::layers
