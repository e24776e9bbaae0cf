// Confusion matrices as SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::pictures {

/// counts[i·K + j]: how many samples of class i were taken for class j, for the K `names`.
struct ConfusionMatrix {
  std::string title;
  std::vector<std::string> names;
  std::vector<int64_t> counts;
};

/// A cell for each count, as strongly coloured as the square root of its share of its row, so that
/// one in a hundred is seen: what is right in one colour, what is wrong in another. Up to 12
/// classes have counts and percentages of the row in the cells, up to 30 counts; every cell that
/// isn't empty says both as its tooltip. Throws std::invalid_argument unless there is a class, and
/// K² counts, none negative.
std::string render(const ConfusionMatrix& matrix);

}  // namespace gradus::pictures
