// bench_pictures: measures how fast files of pictures are read, for `gradus bench --pictures`.
#pragma once

#include <string>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// Reads every file of `folder` once as bytes, in colours, scaled to 64×64, on all threads; and
/// once more with JPEG decoded at a part of its size. Throws std::runtime_error "path: …" for a
/// folder that is missing or empty, and for a file that isn't a picture.
Json bench_pictures(const std::string& folder);

}  // namespace gradus::app
