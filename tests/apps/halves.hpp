// write_halves: folders of pictures of two classes, which differ by the half that is bright.
#pragma once

#include <filesystem>

#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"
#include "data/files/image.hpp"
#include "tests/temporary_folder.hpp"

namespace gradus {

/// Writes `count` pictures (3, 12, 16) to each of PART/lower and PART/upper.
inline void write_halves(const TemporaryFolder& folder, const std::string& part, int count) {
  Rng rng(static_cast<uint64_t>(count));
  for (const char* name : {"lower", "upper"}) {
    const std::string path = folder.path(part + "/" + name);
    std::filesystem::create_directories(path);
    for (int i = 0; i < count; ++i) {
      const Tensor dark = rand({3, 6, 16}, rng) * 0.5, bright = rand({3, 6, 16}, rng) * 0.5 + 0.5;
      const bool is_lower = name[0] == 'l';
      data::write_png(fmt::format("{}/{}.png", path, i),
                      cat({is_lower ? dark : bright, is_lower ? bright : dark}, 1));
    }
  }
}

}  // namespace gradus
