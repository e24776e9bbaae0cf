#include "core/ops/loss/loss.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

Reduction reduction(const Case& c) {
  const std::string name = c.attr<std::string>("reduction", "mean");
  require(name == "mean" || name == "sum" || name == "none" || name == "batchmean", "loss",
          "unknown reduction '{}'", name);
  return name == "mean"   ? Reduction::mean
         : name == "sum"  ? Reduction::sum
         : name == "none" ? Reduction::none
                          : Reduction::batchmean;
}

Operation elementwise_loss(std::string name,
                           Tensor (*function)(const Tensor&, const Tensor&, Reduction)) {
  return {std::move(name), [=](const Case& c) {
            return Tensors{function(c.input("input"), c.input("target"), reduction(c))};
          }};
}

}  // namespace

Family loss() {
  return {
      "loss",
      {{"cross_entropy",
        [](const Case& c) {
          return Tensors{cross_entropy(c.input("logits"), c.input("target"),
                                       {.weight = c.input("weight"),
                                        .reduction = reduction(c),
                                        .label_smoothing = c.attr("label_smoothing", 0.0),
                                        .ignore_index = c.attr<int64_t>("ignore_index", -100)})};
        }},
       {"soft_cross_entropy",
        [](const Case& c) {
          return Tensors{soft_cross_entropy(c.input("logits"), c.input("target"), reduction(c))};
        }},
       {"nll_loss",
        [](const Case& c) {
          return Tensors{nll_loss(c.input("log_probs"), c.input("target"),
                                  {.weight = c.input("weight"), .reduction = reduction(c)})};
        }},
       {"hinge_loss",
        [](const Case& c) {
          return Tensors{hinge_loss(c.input("logits"), c.input("target"), c.attr("margin", 1.0),
                                    reduction(c))};
        }},
       {"distillation_loss",
        [](const Case& c) {
          return Tensors{distillation_loss(
              c.input("student"), c.input("teacher"), c.input("target"),
              {.temperature = c.attr<double>("temperature"), .alpha = c.attr<double>("alpha")})};
        }},
       {"huber_loss",
        [](const Case& c) {
          return Tensors{
              huber_loss(c.input("input"), c.input("target"), c.attr("delta", 1.0), reduction(c))};
        }},
       elementwise_loss("mse_loss", mse_loss),
       elementwise_loss("l1_loss", l1_loss),
       elementwise_loss("binary_cross_entropy", binary_cross_entropy),
       {"binary_cross_entropy_with_logits",
        [](const Case& c) {
          return Tensors{binary_cross_entropy_with_logits(c.input("input"), c.input("target"),
                                                          {.weight = c.input("weight"),
                                                           .pos_weight = c.input("pos_weight"),
                                                           .reduction = reduction(c)})};
        }},
       {"pinball_loss",
        [](const Case& c) {
          return Tensors{pinball_loss(c.input("input"), c.input("target"),
                                      c.attr<double>("quantile"), reduction(c))};
        }},
       {"gaussian_nll_loss",
        [](const Case& c) {
          return Tensors{gaussian_nll_loss(c.input("input"), c.input("target"), c.input("var"),
                                           {.full = c.attr<bool>("full"),
                                            .eps = c.attr<double>("eps"),
                                            .reduction = reduction(c)})};
        }},
       {"kl_div",
        [](const Case& c) {
          return Tensors{
              kl_div(c.input("input"), c.input("target"),
                     {.reduction = reduction(c), .log_target = c.attr<bool>("log_target")})};
        }},
       {"triplet_margin_loss",
        [](const Case& c) {
          return Tensors{triplet_margin_loss(c.input("anchor"), c.input("positive"),
                                             c.input("negative"),
                                             {.margin = c.attr<double>("margin"),
                                              .p = c.attr<double>("p"),
                                              .eps = c.attr<double>("eps"),
                                              .swap = c.attr<bool>("swap"),
                                              .reduction = reduction(c)})};
        }},
       {"poisson_nll_loss", [](const Case& c) {
          return Tensors{poisson_nll_loss(c.input("input"), c.input("target"),
                                          {.log_input = c.attr<bool>("log_input"),
                                           .full = c.attr<bool>("full"),
                                           .eps = c.attr<double>("eps"),
                                           .reduction = reduction(c)})};
        }}}};
}

}  // namespace gradus::conformance
