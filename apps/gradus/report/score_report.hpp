// to_json, print: scores of a model, for report.json and for the terminal.
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

}  // namespace gradus::app
