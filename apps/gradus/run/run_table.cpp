#include "apps/gradus/run/run_table.hpp"

#include <algorithm>
#include <filesystem>

#include "core/text/counted.hpp"
#include "core/text/split.hpp"
#include "data/sets/array_set.hpp"
#include "data/sets/sources.hpp"
#include "data/table/read_table.hpp"
#include "data/table/table_data.hpp"
#include "data/table/table_description.hpp"
#include "train/task.hpp"

namespace gradus::app {

// The columns of a list.
static Texts columns_of(const std::string& list) {
  Texts result;
  if (list.empty()) return result;
  for (const std::string_view name : split(list, ',')) result.emplace_back(trimmed(name));
  return result;
}

std::optional<bool> header_choice(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text != "yes" && text != "no")
    throw UsageError("unknown value of --header {}: one of yes, no", in_quotes(text));
  return text == "yes";
}

data::TableOptions table_options(const TrainConfig& config) {
  return {.targets = columns_of(config.target),
          .ignored = columns_of(config.ignore),
          .categories = columns_of(config.category),
          .numbers = columns_of(config.number),
          .weight = config.weight,
          .group = config.split_by,
          .time = config.split_by_time,
          .header = header_choice(config.header),
          .task = config.task};
}

int64_t common_samples(const std::vector<uint64_t>& sorted, const std::vector<uint64_t>& of) {
  return std::ranges::count_if(
      of, [&](uint64_t hash) { return std::ranges::binary_search(sorted, hash); });
}

void note_unknown(Texts& notes, const data::TableEncoding& encoding,
                  const std::vector<int64_t>& unknown) {
  for (std::size_t i = 0; i < unknown.size(); ++i)
    if (unknown[i] > 0)
      notes.push_back(fmt::format("column {}: {}, which training samples don't have",
                                  in_quotes(encoding.columns[i].name),
                                  counted(unknown[i], "unknown value")));
}

// Refuses a table that can't be divided by its groups, its times, or at all.
static void require_parts(const data::DataTable& table, const TrainConfig& config) {
  const auto are_equal = [](const auto& values) {
    return !values.empty() &&
           std::ranges::all_of(values, [&](auto value) { return value == values.front(); });
  };
  constexpr int64_t fewest = 3;
  if (table.rows < fewest)
    file_error(config.data,
               "has {}: too few to hold a fifth out for the test; --test FILE tests on another "
               "table",
               counted(table.rows, "sample"));
  if (are_equal(table.groups))
    throw UsageError("--split-by {}: all samples are in one group", config.split_by);
  if (are_equal(table.times))
    throw UsageError("--split-by-time {}: all samples have the same time", config.split_by_time);
}

// Each part needs a sample whose weight isn't 0.
static void require_weights(const RunParts& parts, const TrainConfig& config) {
  if (config.weight.empty()) return;
  const auto require_some = [&](const data::Dataset& part, const char* name) {
    const Tensor weights = part.weights();
    if (!weights.defined()) return;
    const std::vector<float> values = weights.to_vector<float>();
    if (std::ranges::all_of(values, [](float weight) { return weight == 0; }))
      file_error(config.data, "--weight {}: the {} samples all have the weight 0", config.weight,
                 name);
  };
  require_some(parts.train, "training");
  if (!config.no_test) require_some(parts.test, "test");
  if (parts.validation) require_some(*parts.validation, "validation");
}

// Folds divide the samples in their own way.
static void refuse_folds(const TrainConfig& config) {
  if (config.fold.empty()) return;
  const std::pair<const char*, const std::string*> options[] = {
      {"split-by", &config.split_by},
      {"split-by-time", &config.split_by_time},
      {"test", &config.test_data}};
  for (const auto& [name, value] : options)
    if (!value->empty()) throw UsageError("--{} cannot be combined with --folds", name);
}

// The targets of a table as a data set, whose samples have a value that doesn't matter.
static data::Dataset rows_of(const data::DataTable& table) {
  return as_usage([&] {
    return data::Dataset::of_features(std::vector<float>(static_cast<std::size_t>(table.rows)), 1,
                                      table.targets);
  });
}

RunParts divided(const data::DataTable& table, const data::DataTable* test_table,
                 const TrainConfig& config, Texts& notes) {
  const data::Dataset rows = rows_of(table);
  data::Split split{rows, test_table ? rows_of(*test_table) : rows};
  if (!test_table) {
    require_parts(table, config);
    Rng rng(0);
    const data::TableSplit parts = as_usage([&] { return data::split_table(table, 0.2, rng); });
    split = {rows.subset(parts.train), rows.subset(parts.test)};
  }
  return parts_of(split, config, notes, [&](const data::Dataset& train, double fraction) {
    Rng rng = Streams(config.seed).held_out();
    const data::TableSplit parts =
        data::split_table(data::without_values(table, train.indices()), fraction, rng);
    return data::Split{train.subset(parts.train), train.subset(parts.test)};
  });
}

void note_test_part(Texts& notes, int64_t size, int64_t also_in_training) {
  const std::string samples = counted(size, "test sample");
  if (also_in_training > 0)
    notes.push_back(fmt::format("{} of {} {} also in the training part", also_in_training, samples,
                                also_in_training == 1 ? "is" : "are"));
  constexpr int64_t few = 5;
  if (size < few) notes.push_back(fmt::format("{} can't tell much about the scores", samples));
}

LoadedTable load_table(const TrainConfig& config) {
  refuse_folds(config);
  data::DataTable table =
      as_usage([&] { return data::read_table(config.data, table_options(config)); });
  RunTable kept{{data::schema_of(table), {}}};
  Texts notes{data::describe(table)};
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  if (config.task == "auto")
    notes.push_back(fmt::format("task {}: the target has {}",
                                train::task_of(table.targets.kind).name, table.task_reason));
  std::optional<data::DataTable> test_table;
  if (!config.test_data.empty())
    test_table = data::read_table_like(config.test_data, kept.inputs.schema,
                                       {.header = header_choice(config.header)});

  const RunParts rows = divided(table, test_table ? &*test_table : nullptr, config, notes);
  data::TableEncoding& encoding = kept.inputs.encoding;
  encoding = data::TableEncoding::fit(table, rows.train.indices());
  kept.row_hashes = data::row_hashes(table, rows.train.indices());
  std::ranges::sort(kept.row_hashes);
  const data::DataTable& tested = test_table ? *test_table : table;
  note_test_part(notes, rows.test.size(),
                 common_samples(kept.row_hashes, data::row_hashes(tested, rows.test.indices())));

  const auto encoded = [&](data::DataTable&& from) {
    std::vector<int64_t> unknown;
    const data::Dataset samples = data::dataset_of(std::move(from), encoding, &unknown);
    note_unknown(notes, encoding, unknown);
    return samples;
  };
  const data::Dataset samples = encoded(std::move(table));
  const data::Dataset test_samples = test_table ? encoded(*std::move(test_table)) : samples;
  RunParts parts{samples.subset(rows.train.indices()), test_samples.subset(rows.test.indices())};
  if (rows.validation) parts.validation = samples.subset(rows.validation->indices());
  require_weights(parts, config);
  return {std::move(parts), std::move(kept), std::move(notes)};
}

bool is_table(const std::string& path) {
  const bool is_name = data::sources().contains(path) && data::sources().entry(path).name == path;
  return !is_name && !data::is_array_file(path) && std::filesystem::is_regular_file(path);
}

}  // namespace gradus::app
