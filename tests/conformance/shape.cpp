#include "core/ops/shape.hpp"

#include "conformance/runner.hpp"
#include "core/ops/indexing.hpp"

namespace gradus::conformance {
namespace {

std::vector<int64_t> extents(const Case& c) {
  return c.attr<std::vector<int64_t>>("shape");
}

std::vector<int> order(const Case& c) {
  return c.attr<std::vector<int>>("dims");
}

int dim(const Case& c) {
  return c.attr<int>("dim");
}

Tensors all_inputs(const Case& c) {
  Tensors tensors;
  for (const std::string& name : c.args) tensors.push_back(c.input(name));
  return tensors;
}

}  // namespace

Family shape() {
  return {
      "shape",
      {{"permute", [](const Case& c) { return Tensors{permute(c.input("x"), order(c))}; }},
       {"reshape", [](const Case& c) { return Tensors{reshape(c.input("x"), extents(c))}; }},
       {"permute_reshape",
        [](const Case& c) {
          return Tensors{reshape(permute(c.input("x"), order(c)), extents(c))};
        }},
       {"slice",
        [](const Case& c) {
          return Tensors{slice(c.input("x"), dim(c), c.attr<int64_t>("start"),
                               c.attr<int64_t>("stop"), c.attr<int64_t>("step", 1))};
        }},
       {"cat", [](const Case& c) { return Tensors{cat(all_inputs(c), dim(c))}; }},
       {"stack", [](const Case& c) { return Tensors{stack(all_inputs(c), dim(c))}; }},
       {"expand", [](const Case& c) { return Tensors{expand(c.input("x"), Shape(extents(c)))}; }},
       {"index_select",
        [](const Case& c) {
          return Tensors{index_select(c.input("x"), dim(c), c.input("index"))};
        }},
       {"gather",
        [](const Case& c) { return Tensors{gather(c.input("x"), dim(c), c.input("index"))}; }},
       {"pad",
        [](const Case& c) {
          return Tensors{
              pad(c.input("x"), c.attr<std::vector<int64_t>>("pad"), c.attr("value", 0.0))};
        }},
       {"embedding",
        [](const Case& c) { return Tensors{embedding(c.input("index"), c.input("weight"))}; }}}};
}

}  // namespace gradus::conformance
