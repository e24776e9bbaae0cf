#include "apps/gradus/report/score_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/text/width.hpp"

namespace gradus::app {

constexpr std::size_t gap = 2, most_lines = 20;

// The mean over no samples is null.
static Json to_json(const train::MeanUncertainty& uncertainty) {
  const auto number = [&](double mean) { return uncertainty.samples > 0 ? Json(mean) : Json(); };
  return {{"samples", uncertainty.samples},
          {"entropy", number(uncertainty.entropy)},
          {"mutual_information", number(uncertainty.mutual_information)}};
}

static void print_row(const char* name, const train::MeanUncertainty& uncertainty) {
  const auto number = [&](double mean) {
    return uncertainty.samples > 0 ? fmt::format("{:.4f}", mean) : std::string("-");
  };
  fmt::print("{}  {:>7}  {:>18}  {:>7}\n", name, number(uncertainty.entropy),
             number(uncertainty.mutual_information), uncertainty.samples);
}

Json to_json(const std::vector<train::Score>& scores, const std::string& prefix) {
  Json json;
  for (const train::Score& score : scores) {
    json[prefix + score.name] = score.value;
    json[prefix + score.name + "_interval"] = {score.interval.low, score.interval.high};
  }
  return json;
}

pictures::Table table_of(const std::vector<train::Score>& scores) {
  pictures::Table table{"Scores", {"score", {"value", 4}, "95 % interval"}};
  for (const train::Score& score : scores) {
    table.rows.push_back(
        {score.name, score.value, std::isnan(score.value) ? "-" : to_string(score.interval, 4)});
  }
  return table;
}

// The name of a class, or its number.
static std::string name_of(const Texts& names, int64_t c) {
  return printable(data::target_name(names, c), longest_value);
}

pictures::Table table_of(const std::vector<data::ClassScores>& classes, const Texts& names) {
  pictures::Table table{"Scores of each class",
                        {{"class", 0}, {"precision", 4}, {"recall", 4}, {"F1", 4}, {"samples", 0}}};
  for (const data::ClassScores& c : classes)
    table.rows.push_back(
        {name_of(names, std::ssize(table.rows)), c.precision, c.recall, c.f1, c.support});
  return table;
}

Json to_json(const train::InformationCriteria& criteria) {
  return {{"aic", criteria.aic},
          {"bic", criteria.bic},
          {"log_likelihood", criteria.log_likelihood},
          {"parameters", criteria.parameters},
          {"samples", criteria.samples},
          {"caveat",
           "every value in a parameter counts as one, which is a convention: the parameters of a "
           "network aren't identifiable, and training doesn't end at the maximum likelihood"}};
}

Json to_json(const std::vector<data::ClassScores>& classes, const Texts& names) {
  Json list = Json::array();
  for (const data::ClassScores& c : classes) {
    const std::size_t i = list.size();
    list.push_back(
        {{"precision", c.precision}, {"recall", c.recall}, {"f1", c.f1}, {"support", c.support}});
    if (!names.empty()) list.back()["name"] = names[i];
  }
  return list;
}

Json to_json(const Tensor& matrix) {
  Json rows = Json::array();
  const int64_t* data = matrix.data<int64_t>();
  for (int64_t row = 0; row < matrix.size(0); ++row, data += matrix.size(1))
    rows.push_back(std::vector<int64_t>(data, data + matrix.size(1)));
  return rows;
}

Json to_json(const train::Uncertainty& uncertainty) {
  return {{"predictions", uncertainty.predictions},
          {"loss", uncertainty.loss},
          {"accuracy", uncertainty.accuracy},
          {"right", to_json(uncertainty.right)},
          {"wrong", to_json(uncertainty.wrong)}};
}

void print(const train::Uncertainty& uncertainty) {
  fmt::print("mean of {} predictions with dropout: loss {:.4f}, accuracy {:.2f} %\n\n",
             uncertainty.predictions, uncertainty.loss, 100 * uncertainty.accuracy);
  fmt::print("       entropy  mutual information  samples\n");
  print_row("right", uncertainty.right);
  print_row("wrong", uncertainty.wrong);
  fmt::print("means in nats; the loss is the mean negative log of the label's mean probability\n");
}

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

std::string to_string(const Confusion& confusion, const Texts& names) {
  return fmt::format("{} classified as {}: {}", name_of(names, confusion.truth),
                     name_of(names, confusion.guess),
                     confusion.count == 1 ? "once" : fmt::format("{} times", confusion.count));
}

std::string confusion_table(const Tensor& matrix, const Texts& names, std::size_t width) {
  const int64_t classes = matrix.size(0);
  const int64_t* const counts = matrix.data<int64_t>();
  const int64_t largest = *std::max_element(counts, counts + matrix.numel());
  std::size_t widest = fmt::to_string(std::max(largest, classes - 1)).size();
  for (int64_t c = 0; c < std::ssize(names); ++c)
    widest = std::max(widest, width_of(name_of(names, c)));
  const std::size_t cell = widest + gap;
  const auto padded = [&](const std::string& text) {
    return std::string(cell - std::min(cell, width_of(text)), ' ') + text;
  };
  std::string result;
  if (cell * static_cast<std::size_t>(classes + 1) > width) {
    for (const Confusion& confusion : frequent_confusions(matrix, most_lines))
      result += to_string(confusion, names) + '\n';
    return "the most frequent confusions\n" + result;
  }
  result = std::string(cell, ' ');
  for (int64_t column = 0; column < classes; ++column) result += padded(name_of(names, column));
  for (int64_t row = 0; row < classes; ++row) {
    result += '\n' + padded(name_of(names, row));
    for (int64_t column = 0; column < classes; ++column) {
      const int64_t number = counts[row * classes + column];
      result += padded(number == 0 ? "·" : fmt::to_string(number));
    }
  }
  return "rows: the class, columns: the prediction\n" + result + '\n';
}

}  // namespace gradus::app
