// Scores of a model, and which class it takes for which: for report.json and for the terminal.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "train/evaluate.hpp"
#include "train/uncertainty.hpp"

namespace gradus::app {

Json to_json(const train::InformationCriteria& criteria);
Json to_json(const std::vector<data::ClassScores>& classes);
/// The rows of an i64 matrix.
Json to_json(const Tensor& matrix);
Json to_json(const train::Uncertainty& uncertainty);
void print(const train::Uncertainty& uncertainty);

/// How often one class was taken for another.
struct Confusion {
  int64_t truth = 0, guess = 0, count = 0;
};

/// The most frequent ones of a confusion matrix (rows: the class), `most` at most.
std::vector<Confusion> frequent_confusions(const Tensor& matrix, std::size_t most);
/// "4 taken for 9: 12 times".
std::string to_string(const Confusion& confusion);

/// The matrix as a table, in columns as narrow as its numbers, a dot for 0; its most frequent
/// confusions, a line each, where that is wider than `width`.
std::string confusion_table(const Tensor& matrix, std::size_t width);

}  // namespace gradus::app
