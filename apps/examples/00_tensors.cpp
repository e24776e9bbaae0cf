// Tensors: printing, shapes, axes, broadcasting, parts, products, types and copies.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::Slice, gd::Tensor;

// The slope of x² at 1, which is 2, by differences.
double slope_by_differences(double h, gd::DType type) {
  const Tensor right = Tensor::scalar(1, type) + h, left = Tensor::scalar(1, type) - h;
  return ((right.square() - left.square()) / (2 * h)).item();
}

int main() {
  // The marks of four students in three tests.
  const Tensor marks =
      Tensor::from({{8.f, 6.f, 7.f}, {5.f, 9.f, 6.f}, {9.f, 7.f, 8.f}, {4.f, 5.f, 3.f}});
  fmt::print("{}\n", marks);
  fmt::print("shape {}, {} axes, {} numbers of type {}\n", marks.shape(), marks.rank(),
             marks.numel(), to_string(marks.dtype()));

  // A sum or mean over an axis removes it.
  fmt::print("mean of each test:    {}\n", marks.mean(0));
  fmt::print("mean of each student: {}\n", marks.mean(1));
  fmt::print("mean of all:          {:.3f}\n", marks.mean().item());

  // Broadcasting: (4, 3) - (3) and (4, 3) - (4, 1), but not (4, 3) - (4).
  fmt::print("above the mean of the test:\n{}\n", marks - marks.mean(0));
  fmt::print("above the mean of the student:\n{}\n", marks - marks.mean(1).unsqueeze(1));
  try {
    fmt::print("{}\n", marks - marks.mean(1));
  } catch (const std::invalid_argument& error) {
    fmt::print("{}\n", error.what());
  }

  // A picture of both differences.
  gd::pictures::Sheet sheet{.title = "What broadcasting repeats",
                            .subtitle = "marks: 0 is black, 10 is white; differences:",
                            .tile_width = 140,
                            .tile_height = 150,
                            .columns = 3};
  for (const Tensor& mean : {marks.mean(0), marks.mean(1).unsqueeze(1)}) {
    sheet.add(marks / 10, fmt::format("marks {}", marks.shape()));
    sheet.add(mean.expand({4, 3}) / 10, fmt::format("- mean {}, repeated", mean.shape()));
    sheet.add_values(marks - mean, 3, fmt::format("= difference {}", (marks - mean).shape()));
  }
  gd::pictures::save("broadcasting.svg", sheet);

  // Parts, counted from 0, and from the end with a minus.
  fmt::print("student 1:            {}\n", marks[1]);
  fmt::print("the last test:        {}\n", marks(Slice{}, -1));
  fmt::print("students 0 and 1, the last two tests:\n{}\n", marks(Slice{0, 2}, Slice{-2}));
  fmt::print("who has 7 or more:\n{}\n", marks >= 7);

  // A product of a matrix and a vector: the first test counts twice as much as the others.
  fmt::print("weighted mean:        {}\n", marks.matmul(Tensor::from({0.5f, 0.25f, 0.25f})));

  // f32 has 7 decimal digits, f64 has 16. A small h loses them.
  fmt::print("1/3 as f32:           {:.17}\n", Tensor::from({1.f}) / 3);
  fmt::print("1/3 as f64:           {:.17}\n", Tensor::from({1.0}) / 3);
  for (const double h : {1e-1, 1e-3, 1e-5, 1e-7})
    fmt::print("slope of x², h = {:.0e}: {:.7f} as f32, {:.7f} as f64\n", h,
               slope_by_differences(h, gd::DType::f32), slope_by_differences(h, gd::DType::f64));

  // A second name for the same numbers, and a copy.
  Tensor same = marks, copy = marks.clone();
  same.assign({3, 2}, 10);
  fmt::print("after a change:       {} {} {}\n", same(3, 2).item(), marks(3, 2).item(),
             copy(3, 2).item());
}
