#include "apps/pictures/confusion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "apps/pictures/markup.hpp"
#include "apps/pictures/svg.hpp"
#include "core/error.hpp"
#include "core/text/width.hpp"

namespace gradus::pictures {
namespace {

constexpr std::size_t most_with_percentages = 12, most_with_counts = 30;
constexpr double largest_matrix = 720;  // without counts in the cells
constexpr double legend_width = 614, legend_height = 12, swatch = 16;
constexpr double axis_label = 22;    // height of a line of text
constexpr double full_enough = 0.6;  // with a higher opacity text has the other colour
constexpr std::size_t longest_name = 16;

std::string percentage(double share) {
  return share > 0 && share < 0.001 ? "<0.1 %"
                                    : fmt::format("{:.{}f} %", 100 * share, share < 1 ? 1 : 0);
}

class MatrixDrawing {
 public:
  explicit MatrixDrawing(const ConfusionMatrix& matrix)
      : matrix_(matrix), classes_(matrix.names.size()) {
    if (classes_ <= most_with_percentages) {
      cell_width_ = 54;
      cell_height_ = 38;
    } else if (classes_ <= most_with_counts) {
      cell_width_ = 34;
      cell_height_ = 24;
    } else {
      cell_width_ = cell_height_ = std::max(2., largest_matrix / static_cast<double>(classes_));
    }
    std::size_t longest = 1;
    for (const std::string& name : matrix.names)
      longest = std::max(longest, std::min(longest_name, width_of(name)));
    left_ = margin + axis_label + character_width * static_cast<double>(longest) + 8;
    top_ = subtitle_baseline + legend_height + 2 * axis_label + 12;
  }

  std::string draw() {
    const double extent = static_cast<double>(classes_);
    const double right = left_ + cell_width_ * extent, bottom = top_ + cell_height_ * extent;
    const double width = std::max(right, margin + legend_width) + margin;
    canvas_.text("title", margin, title_baseline, "start", matrix_.title,
                 characters_in(width - 2 * margin, 15));
    draw_legend();
    draw_names();
    for (std::size_t row = 0; row < classes_; ++row) draw_row(row);
    canvas_.rectangle("frame", left_, top_, right - left_, bottom - top_);
    return canvas_.document(width, bottom + margin, matrix_.title);
  }

 private:
  double x_of(std::size_t column) const {
    return left_ + cell_width_ * static_cast<double>(column);
  }
  double y_of(std::size_t row) const { return top_ + cell_height_ * static_cast<double>(row); }

  void draw_legend() {
    double x = margin;
    canvas_.text("label", x, subtitle_baseline, "start", "share of the row");
    x += 106;
    for (const bool is_right : {true, false}) {
      canvas_.text("name", x, subtitle_baseline, "start", is_right ? "right" : "wrong");
      x += 42;
      for (const double share : {0.01, 0.1, 0.5, 1.}) {
        canvas_.rectangle(is_right ? "d0" : "d1", x, subtitle_baseline - 11, swatch, swatch - 2,
                          std::sqrt(share));
        canvas_.text("small", x + swatch + 3, subtitle_baseline - 1, "start",
                     fmt::format("{:g} %", 100 * share));
        x += swatch + (share < 1 ? 34 : 54);
      }
    }
  }

  // If there are too many classes, only some are named.
  void draw_names() {
    const double middle_x = (x_of(0) + x_of(classes_)) / 2;
    const double middle_y = (y_of(0) + y_of(classes_)) / 2;
    canvas_.text("label", middle_x, top_ - axis_label - 4, "middle", "prediction");
    canvas_.add(
        "<text class=\"label\" transform=\"translate({:.2f} {:.2f}) rotate(-90)\" "
        "text-anchor=\"middle\">class</text>\n",
        margin + 8, middle_y);
    const std::size_t characters = std::max<std::size_t>(1, characters_in(cell_width_ - 4));
    const auto every = static_cast<std::size_t>(std::ceil(14 / std::min(cell_height_, 14.)));
    for (std::size_t i = 0; i < classes_; i += every) {
      canvas_.text("name", x_of(i) + cell_width_ / 2, top_ - 7, "middle", matrix_.names[i],
                   every > 1 ? longest_name : characters);
      canvas_.text("name", left_ - 8, y_of(i) + cell_height_ / 2 + 4, "end", matrix_.names[i],
                   longest_name);
    }
  }

  void draw_row(std::size_t row) {
    const int64_t* const counts = matrix_.counts.data() + row * classes_;
    const auto total = static_cast<double>(std::accumulate(counts, counts + classes_, int64_t{0}));
    for (std::size_t column = 0; column < classes_; ++column)
      if (counts[column] > 0)
        draw_cell(row, column, counts[column], static_cast<double>(counts[column]) / total);
  }

  void draw_cell(std::size_t row, std::size_t column, int64_t count, double share) {
    const double opacity = std::sqrt(share), x = x_of(column), y = y_of(row);
    const std::string tooltip = row == column
                                    ? fmt::format("{}: {} right", matrix_.names[row], count)
                                    : fmt::format("{} classified as {}: {}", matrix_.names[row],
                                                  matrix_.names[column], count);
    canvas_.rectangle(row == column ? "d0" : "d1", x, y, cell_width_, cell_height_, opacity,
                      fmt::format("{}, {}", tooltip, percentage(share)));
    if (classes_ > most_with_counts) return;
    const char* const ink = opacity > full_enough ? "onfull" : "name";
    const double middle = x + cell_width_ / 2;
    const bool two_lines = classes_ <= most_with_percentages;
    canvas_.text(ink, middle, y + cell_height_ / 2 + (two_lines ? -2 : 4), "middle",
                 fmt::to_string(count));
    if (two_lines)
      canvas_.text(fmt::format("{} small", ink), middle, y + cell_height_ / 2 + 12, "middle",
                   percentage(share));
  }

  const ConfusionMatrix& matrix_;
  std::size_t classes_;
  double cell_width_, cell_height_, left_, top_;
  Canvas canvas_;
};

}  // namespace

std::string render(const ConfusionMatrix& matrix) {
  const std::size_t classes = matrix.names.size();
  require(classes > 0, "confusion matrix", "needs at least one class");
  require(matrix.counts.size() == classes * classes, "confusion matrix",
          "{} classes need {} counts, got {}", classes, classes * classes, matrix.counts.size());
  for (const int64_t count : matrix.counts)
    require(count >= 0, "confusion matrix", "counts must be 0 or more, got {}", count);
  return MatrixDrawing(matrix).draw();
}

}  // namespace gradus::pictures
