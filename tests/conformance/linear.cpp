#include "core/ops/linear.hpp"

#include "conformance/runner.hpp"
#include "core/ops/einsum.hpp"

namespace gradus::conformance {

Family linear() {
  return {"linear",
          {{"matmul", [](const Case& c) { return Tensors{matmul(c.input("a"), c.input("b"))}; }},
           {"outer", [](const Case& c) { return Tensors{outer(c.input("a"), c.input("b"))}; }},
           {"einsum",
            [](const Case& c) {
              Tensors operands;
              for (const std::string& name : c.args) operands.push_back(c.input(name));
              return Tensors{einsum(c.attr<std::string>("equation"), operands)};
            }},
           {"linear", [](const Case& c) {
              return Tensors{gradus::linear(c.input("x"), c.input("weight"), c.input("bias"))};
            }}}};
}

}  // namespace gradus::conformance
