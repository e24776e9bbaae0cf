#include "apps/gradus/report/confusions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gradus::app {
namespace {

constexpr std::size_t gap = 2, most_lines = 20;

}  // namespace

std::vector<Confusion> frequent_confusions(const Tensor& matrix, std::size_t most) {
  std::vector<Confusion> result;
  const int64_t classes = matrix.size(0);
  for (int64_t truth = 0; truth < classes; ++truth)
    for (int64_t guess = 0; guess < classes; ++guess) {
      const int64_t number = matrix.data<int64_t>()[truth * classes + guess];
      if (truth != guess && number > 0) result.push_back({truth, guess, number});
    }
  std::ranges::stable_sort(result, std::ranges::greater(), &Confusion::count);
  if (result.size() > most) result.resize(most);
  return result;
}

std::string to_string(const Confusion& confusion) {
  return fmt::format("{} taken for {}: {}", confusion.truth, confusion.guess,
                     confusion.count == 1 ? "once" : fmt::format("{} times", confusion.count));
}

std::string confusion_table(const Tensor& matrix, std::size_t width) {
  const int64_t classes = matrix.size(0);
  const int64_t* const counts = matrix.data<int64_t>();
  const int64_t largest = *std::max_element(counts, counts + matrix.numel());
  const std::size_t cell = fmt::to_string(std::max(largest, classes - 1)).size() + gap;
  std::string result;
  if (cell * static_cast<std::size_t>(classes + 1) > width) {
    for (const Confusion& confusion : frequent_confusions(matrix, most_lines))
      result += to_string(confusion) + '\n';
    return "the most frequent confusions\n" + result;
  }
  result = std::string(cell, ' ');
  for (int64_t column = 0; column < classes; ++column)
    result += fmt::format("{:>{}}", column, cell);
  for (int64_t row = 0; row < classes; ++row) {
    result += fmt::format("\n{:>{}}", row, cell);
    for (int64_t column = 0; column < classes; ++column) {
      const int64_t number = counts[row * classes + column];
      result += fmt::format("{:>{}}", number == 0 ? "·" : fmt::to_string(number), cell);
    }
  }
  return "rows: the class, columns: what the model took it for\n" + result + '\n';
}

}  // namespace gradus::app
