#include "core/ops/shape.hpp"

#include "conformance/runner.hpp"
#include "core/ops/image_operations.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/layout.hpp"

namespace gradus::conformance {
namespace {

std::vector<int64_t> extents(const Case& c) {
  return c.attr<std::vector<int64_t>>("shape");
}

Dims order(const Case& c) {
  return c.attr<Dims>("dims");
}

std::vector<int64_t> integers(const Case& c, const char* name) {
  return c.attr<std::vector<int64_t>>(name);
}

Pair height_width(const Case& c, const char* name) {
  const std::vector<int64_t> both = integers(c, name);
  return {both.at(0), both.at(1)};
}

int dim(const Case& c) {
  return c.attr<int>("dim");
}

Tensors all_inputs(const Case& c) {
  Tensors tensors;
  for (const std::string& name : c.args) tensors.push_back(c.input(name));
  return tensors;
}

Tensor padded(const Case& c) {
  const std::string mode = c.attr<std::string>("mode", "constant");
  if (mode == "constant") return pad(c.input("x"), integers(c, "pad"), c.attr("value", 0.0));
  require(mode == "reflect" || mode == "replicate" || mode == "circular", "pad",
          "unknown mode '{}'", mode);
  return pad(c.input("x"), integers(c, "pad"),
             mode == "reflect"     ? PadMode::reflect
             : mode == "replicate" ? PadMode::replicate
                                   : PadMode::circular);
}

Tensor resized(const Case& c) {
  const std::string mode = c.attr<std::string>("mode");
  require(mode == "nearest" || mode == "bilinear", "interpolate", "unknown mode '{}'", mode);
  return interpolate(c.input("x"),
                     {.size = c.attr("size", std::vector<int64_t>()),
                      .scale_factor = c.attr("scale_factor", std::vector<double>()),
                      .mode = mode == "nearest" ? Interpolation::nearest : Interpolation::bilinear,
                      .align_corners = c.attr("align_corners", false)});
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
       {"pad", [](const Case& c) { return Tensors{padded(c)}; }},
       {"flip", [](const Case& c) { return Tensors{flip(c.input("x"), order(c))}; }},
       {"roll",
        [](const Case& c) {
          const std::vector<int64_t> shifts = integers(c, "shifts");
          return Tensors{c.attrs.contains("dims") ? roll(c.input("x"), shifts, order(c))
                                                  : roll(c.input("x"), shifts.at(0))};
        }},
       {"repeat",
        [](const Case& c) { return Tensors{repeat(c.input("x"), integers(c, "repeats"))}; }},
       {"tril",
        [](const Case& c) { return Tensors{tril(c.input("x"), c.attr<int64_t>("diagonal"))}; }},
       {"triu",
        [](const Case& c) { return Tensors{triu(c.input("x"), c.attr<int64_t>("diagonal"))}; }},
       {"scatter_add",
        [](const Case& c) {
          return Tensors{scatter_add(c.input("x"), dim(c), c.input("index"), c.input("src"))};
        }},
       {"interpolate", [](const Case& c) { return Tensors{resized(c)}; }},
       {"unfold",
        [](const Case& c) {
          return Tensors{unfold(c.input("x"), {.kernel = height_width(c, "kernel_size"),
                                               .dilation = height_width(c, "dilation"),
                                               .padding = height_width(c, "padding"),
                                               .stride = height_width(c, "stride")})};
        }},
       {"embedding",
        [](const Case& c) { return Tensors{embedding(c.input("index"), c.input("weight"))}; }}}};
}

}  // namespace gradus::conformance
