// ConfusionMatrix: a confusion matrix with names of classes; render: draws it as SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::pictures {

/// counts[i·K + j]: the number of samples of class i that were classified as class j, for K
/// `names`.
struct ConfusionMatrix {
  std::string title;               ///< above the matrix
  std::vector<std::string> names;  ///< of the classes
  std::vector<int64_t> counts;     ///< row by row
};

/// Each cell has one colour for correct and one for wrong predictions; its opacity is the square
/// root of the share of the row, so that 1 % is visible. With up to 12 classes the cells contain
/// counts and percentages of the row, with up to 30 only counts; each cell above 0 has both as
/// tooltip. Throws std::invalid_argument unless there is a class and K² counts, none negative.
std::string render(const ConfusionMatrix& matrix);

}  // namespace gradus::pictures
