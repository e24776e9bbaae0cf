// layout_rows, einsum_rows, image_rows: rearranged elements, products with letters, resized and
// padded images.
#pragma once

#include "core/ops/einsum.hpp"
#include "core/ops/image_operations.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/layout.hpp"
#include "core/ops/shape.hpp"
#include "tests/core/ops/row.hpp"

namespace gradus::testing {

inline std::vector<Row> layout_rows() {
  const auto cube = [](Sampler& s) { return Tensors{s.real({3, s.n(4), 2})}; };
  const auto matrices = [](Sampler& s) { return Tensors{s.real({s.n(2), 3, 4})}; };
  return {{"split", cube,
           [](const Tensors& t) {
             const Tensors parts = split(t[0], 2);
             return cat({parts.back(), parts[0]});
           }},
          {"split by sizes", cube,
           [](const Tensors& t) {
             const Tensors parts = split(t[0], {t[0].size(1), 0}, 1);
             return cat({parts[1], parts[0], parts[0]}, 1);
           }},
          {"chunk", cube, [](const Tensors& t) { return stack(chunk(t[0], 2, -1)); }},
          {"flip", cube,
           [](const Tensors& t) {
             return flip(t[0], {0, -1});
           }},
          {"roll", cube,
           [](const Tensors& t) {
             return roll(t[0], {-5, 1, 1}, {0, 1, 0});
           }},
          {"roll of all elements", cube, [](const Tensors& t) { return roll(t[0], 7); }},
          {"repeat", cube,
           [](const Tensors& t) {
             return repeat(t[0], {2, 1, 3, 2});
           }},
          {"tril", matrices, [](const Tensors& t) { return tril(t[0], -1); }},
          {"triu", matrices, [](const Tensors& t) { return triu(t[0], 1); }},
          {"diagonal", matrices, [](const Tensors& t) { return diagonal(t[0], 1, -1, 1); }},
          {"diag_embed", matrices, [](const Tensors& t) { return diag_embed(t[0], -1, 0, -2); }},
          {"scatter_add onto a tensor",
           [](Sampler& s) {
             return Tensors{s.real({s.n(3), 4}), s.index({s.n(3), 2}, 4), s.real({s.n(3), 3})};
           },
           [](const Tensors& t) { return scatter_add(t[0], -1, t[1], t[2]); }}};
}

inline std::vector<Row> einsum_rows() {
  const auto products = [](std::string equation, std::function<Tensors(Sampler&)> inputs) {
    Row row{equation, std::move(inputs), [=](const Tensors& t) { return einsum(equation, t); }};
    row.name = "einsum " + equation;
    return without_limits(std::move(row));
  };
  return {without_limits({"outer",
                          [](Sampler& s) {
                            return Tensors{s.real({s.n(3)}), s.real({4})};
                          },
                          [](const Tensors& t) { return outer(t[0], t[1]); }}),
          products("bij,bkj->bik",
                   [](Sampler& s) {
                     return Tensors{s.real({s.n(2), 3, 4}), s.real({s.n(2), 2, 4})};
                   }),
          products("ji,jk",
                   [](Sampler& s) {
                     return Tensors{s.real({s.n(2), 3}), s.real({s.n(2), 4})};
                   }),
          products("...ii->...",
                   [](Sampler& s) {
                     return Tensors{s.real({s.n(2), 2, 3, 3})};
                   }),
          products("i...,ij->j...",
                   [](Sampler& s) {
                     return Tensors{s.real({3, s.n(2), 2}), s.real({1, 4})};
                   }),
          products("bn,anm,bm->ba",
                   [](Sampler& s) {
                     return Tensors{s.real({s.n(2), 3}), s.real({2, 3, 2}), s.real({s.n(2), 2})};
                   }),
          products("ij,ij->j", [](Sampler& s) {
            return Tensors{s.real({s.n(3), 4}), s.real({s.n(3), 4})};
          })};
}

inline std::vector<Row> image_rows() {
  const auto resizes = [](std::string name, const InterpolateOptions& options) {
    return without_limits(
        {std::move(name), image, [=](const Tensors& t) { return interpolate(t[0], options); }});
  };
  const auto pads = [](std::string name, PadMode mode) {
    return Row{std::move(name), image, [=](const Tensors& t) {
                 return pad(t[0], {1, 2, 0, 3}, mode);
               }};
  };
  static constexpr Interpolation bilinear = Interpolation::bilinear;
  return {
      resizes("interpolate", {.size = {7, 3}}),
      resizes("interpolate by a factor", {.scale_factor = {2.5}}),
      {"interpolate of rows",
       [](Sampler& s) {
         return Tensors{s.real({s.n(2), 2, 5})};
       },
       [](const Tensors& t) { return interpolate(t[0], {.size = {7}}); }},
      resizes("interpolate, bilinear", {.size = {8, 3}, .mode = bilinear}),
      resizes("interpolate, bilinear by a factor", {.scale_factor = {1.5, 0.5}, .mode = bilinear}),
      resizes("interpolate, bilinear with corners",
              {.size = {7, 9}, .mode = bilinear, .align_corners = true}),
      {"unfold", image,
       [](const Tensors& t) {
         return unfold(t[0], {.kernel = {2, 3}, .padding = {1, 0}, .stride = {2, 1}});
       }},
      {"fold",
       [](Sampler& s) {
         return Tensors{s.real({s.n(4) / 4, 12, 9})};
       },
       [](const Tensors& t) {
         return fold(t[0], {5, 3},
                     {.kernel = {2, 3}, .dilation = {2, 1}, .padding = {1, 1}, .stride = {2, 1}});
       }},
      pads("pad by reflection", PadMode::reflect),
      pads("pad by replication", PadMode::replicate),
      pads("pad, circular", PadMode::circular)};
}

}  // namespace gradus::testing
