#include "core/ops/norm/normalization.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

Tensors run_batch_norm(const Case& c) {
  const Tensor mean = c.input("running_mean"), var = c.input("running_var");
  const Tensor y = batch_norm(c.input("x"), c.input("weight"), c.input("bias"), mean, var,
                              {.training = c.attr<bool>("training"),
                               .momentum = c.attr("momentum", 0.1),
                               .eps = c.attr("eps", 1e-5)});
  return {y, mean, var};
}

Tensors run_instance_norm(const Case& c) {
  const Tensor mean = c.input("running_mean"), var = c.input("running_var");
  const Tensor y = instance_norm(c.input("x"), c.input("weight"), c.input("bias"), mean, var,
                                 {.use_input_stats = c.attr("use_input_stats", true),
                                  .momentum = c.attr("momentum", 0.1),
                                  .eps = c.attr("eps", 1e-5)});
  return {y, mean, var};
}

Tensors run_batch_renorm(const Case& c) {
  return {batch_renorm(c.input("x"), c.input("weight"), c.input("bias"), c.input("running_mean"),
                       c.input("running_var"),
                       {.eps = c.attr("eps", 1e-5),
                        .r_max = c.attr<double>("r_max"),
                        .d_max = c.attr<double>("d_max")})};
}

Shape normalized_shape(const Case& c) {
  return Shape(c.attr<std::vector<int64_t>>("normalized_shape"));
}

}  // namespace

Family normalization() {
  return {"norm",
          {{"batch_norm", run_batch_norm},
           {"batch_renorm", run_batch_renorm},
           {"layer_norm",
            [](const Case& c) {
              return Tensors{layer_norm(c.input("x"), normalized_shape(c), c.input("weight"),
                                        c.input("bias"), c.attr("eps", 1e-5))};
            }},
           {"rms_norm",
            [](const Case& c) {
              return Tensors{rms_norm(c.input("x"), normalized_shape(c), c.input("weight"),
                                      c.attr("eps", 1e-5))};
            }},
           {"group_norm",
            [](const Case& c) {
              return Tensors{group_norm(c.input("x"), c.attr<int64_t>("num_groups"),
                                        c.input("weight"), c.input("bias"), c.attr("eps", 1e-5))};
            }},
           {"instance_norm", [](const Case& c) { return Tensors{run_instance_norm(c)[0]}; }},
           {"instance_norm_running", run_instance_norm},
           {"local_response_norm", [](const Case& c) {
              return Tensors{local_response_norm(c.input("x"), {.size = c.attr<int64_t>("size"),
                                                                .alpha = c.attr("alpha", 1e-4),
                                                                .beta = c.attr("beta", 0.75),
                                                                .k = c.attr("k", 1.0)})};
            }}}};
}

}  // namespace gradus::conformance
