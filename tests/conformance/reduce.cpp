#include "core/ops/reduce.hpp"

#include "conformance/runner.hpp"
#include "core/ops/sort.hpp"

namespace gradus::conformance {
namespace {

// One dimension, several, or (left out or null) all.
Dims dims(const Case& c) {
  const auto it = c.attrs.find("dim");
  if (it == c.attrs.end() || it->is_null()) return {};
  return it->is_array() ? it->get<Dims>() : Dims{it->get<int>()};
}

bool keepdim(const Case& c) {
  return c.attr("keepdim", false);
}

Operation over(std::string name, Tensor (*function)(const Tensor&, const Dims&, bool)) {
  return {std::move(name),
          [=](const Case& c) { return Tensors{function(c.input("x"), dims(c), keepdim(c))}; }};
}

Operation choice(std::string name, Tensor (*function)(const Tensor&, int, bool)) {
  return {std::move(name), [=](const Case& c) {
            return Tensors{function(c.input("x"), c.attr<int>("dim"), keepdim(c))};
          }};
}

Operation along(std::string name, Tensor (*function)(const Tensor&, int)) {
  return {std::move(name),
          [=](const Case& c) { return Tensors{function(c.input("x"), c.attr<int>("dim"))}; }};
}

}  // namespace

Family reduce() {
  return {
      "reduce",
      {over("sum", sum),
       over("mean", mean),
       over("amax", amax),
       over("amin", amin),
       over("logsumexp", logsumexp),
       {"var",
        [](const Case& c) {
          return Tensors{var(c.input("x"), dims(c), keepdim(c), c.attr("unbiased", true))};
        }},
       {"std",
        [](const Case& c) {
          return Tensors{gradus::std(c.input("x"), dims(c), keepdim(c), c.attr("unbiased", true))};
        }},
       over("prod", prod),
       {"sort",
        [](const Case& c) {
          const Sorted sorted = sort(c.input("x"), c.attr<int>("dim"), c.attr<bool>("descending"));
          return Tensors{sorted.values, sorted.indices};
        }},
       {"topk",
        [](const Case& c) {
          const Sorted found =
              topk(c.input("x"), c.attr<int64_t>("k"), c.attr<int>("dim"), c.attr<bool>("largest"));
          return Tensors{found.values, found.indices};
        }},
       {"norm",
        [](const Case& c) {
          return Tensors{norm(c.input("x"), c.attr("p", 2.0), dims(c), keepdim(c))};
        }},
       choice("argmax", argmax),
       choice("argmin", argmin),
       along("softmax", softmax),
       along("log_softmax", log_softmax),
       along("cumsum", cumsum),
       along("cumprod", cumprod)}};
}

}  // namespace gradus::conformance
