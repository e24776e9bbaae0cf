#include "core/ops/normalization.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {

Family normalization() {
  return {"norm",
          {{"batch_norm",
            [](const Case& c) {
              const Tensor mean = c.input("running_mean"), var = c.input("running_var");
              const Tensor y =
                  batch_norm(c.input("x"), c.input("weight"), c.input("bias"), mean, var,
                             {.training = c.attr<bool>("training"),
                              .momentum = c.attr("momentum", 0.1),
                              .eps = c.attr("eps", 1e-5)});
              return Tensors{y, mean, var};
            }},
           {"layer_norm", [](const Case& c) {
              const Shape shape(c.attr<std::vector<int64_t>>("normalized_shape"));
              return Tensors{layer_norm(c.input("x"), shape, c.input("weight"), c.input("bias"),
                                        c.attr("eps", 1e-5))};
            }}}};
}

}  // namespace gradus::conformance
