#include "core/ops/linear.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {

Family linear() {
  return {"linear",
          {{"matmul", [](const Case& c) { return Tensors{matmul(c.input("a"), c.input("b"))}; }},
           {"linear", [](const Case& c) {
              return Tensors{gradus::linear(c.input("x"), c.input("weight"), c.input("bias"))};
            }}}};
}

}  // namespace gradus::conformance
