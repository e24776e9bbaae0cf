// to_json, print, frequent_confusions, confusion_table: the scores of a model as JSON and as text.
#pragma once

#include "apps/gradus/cli/options.hpp"
#include "apps/pictures/table.hpp"
#include "train/evaluate.hpp"
#include "train/scores.hpp"
#include "train/uncertainty.hpp"

namespace gradus::app {

/// An object with NAME and NAME_interval, [low, high], of each score; names begin with `prefix`. An
/// undefined score is null.
Json to_json(const std::vector<train::Score>& scores, const std::string& prefix);
/// A row for each score, with its interval.
pictures::Table table_of(const std::vector<train::Score>& scores);
/// A row for each class; `names` of the classes may be empty: they are then numbers.
pictures::Table table_of(const std::vector<data::ClassScores>& classes, const Texts& names);
Json to_json(const train::InformationCriteria& criteria);
Json to_json(const std::vector<data::ClassScores>& classes, const Texts& names);
/// The rows of an i64 matrix.
Json to_json(const Tensor& matrix);
Json to_json(const train::Uncertainty& uncertainty);
void print(const train::Uncertainty& uncertainty);

/// The number of samples of one class that were classified as another.
struct Confusion {
  int64_t truth = 0, guess = 0, count = 0;
};

/// The most frequent confusions of a confusion matrix (rows: the class), at most `most`.
std::vector<Confusion> frequent_confusions(const Tensor& matrix, std::size_t most);
/// "4 classified as 9: 12 times".
std::string to_string(const Confusion& confusion, const Texts& names);

/// The matrix as a table with a dot for 0, or its most frequent confusions, one per line, if the
/// table is wider than `width`.
std::string confusion_table(const Tensor& matrix, const Texts& names, std::size_t width);

}  // namespace gradus::app
