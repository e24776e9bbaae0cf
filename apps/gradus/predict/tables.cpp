// predict_table: prints or writes predictions for the rows of a table.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "apps/gradus/predict/prediction.hpp"
#include "apps/gradus/run/run_data.hpp"
#include "apps/pictures/table.hpp"
#include "core/io/file.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "train/columns/row_explanation.hpp"

namespace gradus::app {
namespace {

constexpr int64_t rows_at_once = 512;
constexpr std::size_t most_probabilities = 20;  // columns

data::DataTable read(const std::string& path, const data::TableSchema& schema,
                     const PredictOptions& options) {
  const data::LikeOptions like{
      .needs_target = false, .keeps_texts = true, .header = header_choice(options.header)};
  if (path != "-") return data::read_table_like(path, schema, like);
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  return data::parse_table_like(text, "standard input", schema, like);
}

// The predictions of all rows, by the mean of the models.
class RowPredictions {
 public:
  RowPredictions(const Models& models, const data::DataTable& table, Texts& notes)
      : targets_(models[0].description().targets) {
    for (const train::TrainedModel& model : models) {
      std::vector<int64_t> unknown;
      const train::Predictions made = model.predict(model.encoded(table, &unknown));
      if (&model == models.data())
        note_unknown(notes, model.description().table->encoding, unknown);
      judged_ = judged_.defined() ? judged_ + made.values : made.values;
      if (made.deviations.defined())
        deviations_ = deviations_.defined() ? deviations_ + made.deviations : made.deviations;
    }
    const auto count = static_cast<double>(models.size());
    judged_ = judged_ / count;
    if (deviations_.defined()) deviations_ = deviations_ / count;
  }

  // The columns after the row's own.
  std::vector<std::string> columns() const {
    std::vector<std::string> names;
    if (targets_.kind == data::TargetKind::numbers) {
      for (int64_t i = 0; i < width(); ++i) {
        const std::string name = width() == 1 ? "prediction" : name_of(i);
        names.push_back(name);
        if (has_interval()) names.insert(names.end(), {name + " low", name + " high"});
      }
      return names;
    }
    names.push_back("prediction");
    if (targets_.kind == data::TargetKind::classes) names.push_back("probability");
    if (static_cast<std::size_t>(width()) <= most_probabilities)
      for (int64_t i = 0; i < width(); ++i) names.push_back("p(" + name_of(i) + ")");
    return names;
  }

  // The values of these columns.
  std::vector<Json> values(int64_t row) const {
    const double* of_row = judged_.data<double>() + row * width();
    std::vector<Json> result;
    if (targets_.kind == data::TargetKind::numbers) {
      for (int64_t i = 0; i < width(); ++i) {
        result.push_back(of_row[i]);
        if (!has_interval()) continue;
        const double half = half_width(row, i);
        result.insert(result.end(), {of_row[i] - half, of_row[i] + half});
      }
      return result;
    }
    if (targets_.kind == data::TargetKind::classes) {
      const int64_t best = std::max_element(of_row, of_row + width()) - of_row;
      result = {name_of(best), of_row[best]};
    } else {
      std::string labels;
      for (int64_t i = 0; i < width(); ++i)
        if (of_row[i] >= 0.5) labels += (labels.empty() ? "" : "|") + name_of(i);
      result.push_back(labels);
    }
    if (static_cast<std::size_t>(width()) <= most_probabilities)
      for (int64_t i = 0; i < width(); ++i) result.push_back(of_row[i]);
    return result;
  }

 private:
  int64_t width() const { return judged_.size(1); }
  bool has_interval() const { return deviations_.defined() || !targets_.error_bounds.empty(); }
  double half_width(int64_t row, int64_t i) const {
    constexpr double normal_quantile = 1.959964;
    return deviations_.defined() ? normal_quantile * deviations_.data<double>()[row * width() + i]
                                 : targets_.error_bounds[static_cast<std::size_t>(i)];
  }
  std::string name_of(int64_t i) const { return data::target_name(targets_.names, i); }

  const train::PredictedTargets& targets_;
  Tensor judged_, deviations_;
};

// A column of texts, or one whose texts come from the file, of which `most` characters are kept.
pictures::TableCell cell_of(const Json& value, std::size_t most) {
  if (value.is_number()) return value.get<double>();
  return printable(value.get<std::string>(), most);
}

// For six digits of the largest number of a column.
std::optional<int> decimals_of(const pictures::Table& table, std::size_t column) {
  double largest = 0;
  bool are_whole = true;
  for (const auto& row : table.rows) {
    const pictures::TableCell& cell = row[column];
    if (cell.kind != pictures::TableCell::Kind::number) return std::nullopt;
    largest = std::max(largest, std::abs(cell.number.mean));
    are_whole = are_whole && cell.number.mean == std::round(cell.number.mean);
  }
  if (are_whole) return 0;
  const auto digits = static_cast<int>(fmt::format("{:.0f}", largest).size());
  return std::clamp(6 - digits, 0, 6);
}

// How the cells of each row change its prediction; see train::explain().
class RowExplanations {
 public:
  RowExplanations(const train::TrainedModel& model, const data::DataTable& table)
      : columns_(model.description().table->encoding.columns),
        targets_(model.description().targets) {
    const data::Dataset rows = model.encoded(table);
    Tensors parts;
    for (int64_t first = 0; first < rows.size(); first += rows_at_once)
      parts.push_back(train::explain(
          model, rows.raw_batch(first, std::min(rows_at_once, rows.size() - first)).inputs));
    effects_ = cat(parts, 0);
  }

  // "effect of age", for each column, and of each output if there are several.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const data::EncodedColumn& column : columns_)
      for (int64_t output = 0; output < effects_.size(2); ++output)
        result.push_back(fmt::format(
            "effect of {}{}", column.name,
            effects_.size(2) == 1 ? "" : " on " + data::target_name(targets_.names, output)));
    return result;
  }

  std::vector<double> values(int64_t row) const {
    const int64_t count = effects_.numel() / effects_.size(0);
    const double* first = effects_.data<double>() + row * count;
    return {first, first + count};
  }

 private:
  const std::vector<data::EncodedColumn>& columns_;
  const train::PredictedTargets& targets_;
  Tensor effects_;  // (rows, columns, outputs)
};

}  // namespace

void predict_table(const Models& models, const std::string& path, const PredictOptions& options) {
  const data::DataTable table = read(path, models[0].description().table->schema, options);
  Texts notes = table.notes;
  const RowPredictions predictions(models, table, notes);

  Texts added = predictions.columns();
  std::optional<RowExplanations> explanations;
  if (options.explain)
    for (std::string& name : explanations.emplace(models[0], table).names())
      added.push_back(std::move(name));
  Texts names{"row"};
  // Two columns of one name would be one in JSON.
  for (const int64_t kept : table.kept) {
    std::string name = table.columns[static_cast<std::size_t>(kept)].name;
    while (std::ranges::count(names, name) + std::ranges::count(added, name) > 0)
      name += " (table)";
    names.push_back(std::move(name));
  }
  names.insert(names.end(), added.begin(), added.end());
  pictures::Table shown{"", {}};
  // A terminal doesn't need long texts.
  const std::size_t most = options.out.empty() ? longest_value : std::string::npos;
  for (const std::string& name : names) shown.columns.emplace_back(printable(name, most).c_str());
  Json list = Json::array();
  for (int64_t row = 0; row < table.rows; ++row) {
    std::vector<Json> values{row + 1};
    for (const auto& texts : table.kept_texts)
      values.emplace_back(texts[static_cast<std::size_t>(row)]);
    for (Json& value : predictions.values(row)) values.push_back(std::move(value));
    if (explanations)
      for (const double effect : explanations->values(row)) values.emplace_back(effect);
    if (options.json) {
      Json object = Json::object();
      for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = values[i];
      list.push_back(std::move(object));
    } else {
      shown.rows.emplace_back();
      for (const Json& value : values) shown.rows.back().push_back(cell_of(value, most));
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) shown.columns[i].decimals = decimals_of(shown, i);
  for (const std::string& note : notes) fmt::print(stderr, "{}\n", printable(note));
  const std::string text = options.json          ? json_text(list)
                           : options.out.empty() ? pictures::to_text(shown)
                                                 : pictures::to_csv(shown);
  if (options.out.empty() || options.out == "-")
    fmt::print("{}", text);
  else
    write_file_atomically(options.out, text);
}

}  // namespace gradus::app
