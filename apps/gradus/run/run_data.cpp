#include "apps/gradus/run/run_data.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>

#include "core/text/counted.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"
#include "data/sampling.hpp"
#include "data/sets/array_set.hpp"
#include "data/sets/sources.hpp"
#include "data/table/read_table.hpp"
#include "data/table/table_data.hpp"
#include "data/table/table_description.hpp"
#include "data/transform/preprocessing.hpp"
#include "train/task.hpp"

namespace gradus::app {

static std::string absolute(const std::string& path) {
  return path.empty() ? "" : std::filesystem::absolute(path).string();
}

// The classes of the training set of which the validation set has no sample.
static std::vector<int64_t> missing_classes(const data::Split& held_out) {
  std::set<int64_t> missing;
  for (const int64_t label : held_out.train.labels().to_vector<int64_t>()) missing.insert(label);
  for (const int64_t label : held_out.test.labels().to_vector<int64_t>()) missing.erase(label);
  return {missing.begin(), missing.end()};
}

// Every class needs a sample in each fold.
static void require_samples(const data::Dataset& train, int64_t folds) {
  std::vector<int64_t> samples(static_cast<std::size_t>(train.classes()));
  for (const int64_t label : train.labels().to_vector<int64_t>())
    ++samples[static_cast<std::size_t>(label)];
  for (std::size_t label = 0; label < samples.size(); ++label)
    if (samples[label] > 0 && samples[label] < folds)
      throw UsageError("{} folds need {} samples of every class, class {} has {}", folds, folds,
                       printable(train.target_name(static_cast<int64_t>(label)), longest_value),
                       samples[label]);
}

// The fold "2/5" of the training set.
static data::Split fold_of(const data::Dataset& train, const TrainConfig& config) {
  const auto numbers = split(config.fold, '/');
  const auto number = [&](std::size_t i) { return parse_number<int64_t>(numbers[i]).value_or(0); };
  if (numbers.size() != 2 || number(1) < 2 || number(0) < 1 || number(0) > number(1))
    throw UsageError("--fold must be I/K with I from 1 to K and K from 2 on, got '{}'",
                     config.fold);
  const int64_t count = number(1);
  if (train.target_kind() == data::TargetKind::classes) require_samples(train, count);
  Rng rng = Streams(config.seed).folds();
  const data::Fold fold = as_usage([&] {
    return data::stratified_k_fold(train, count, rng);
  })[static_cast<std::size_t>(number(0) - 1)];
  return {train.subset(fold.train), train.subset(fold.test)};
}
// The parts of a data set, before their normalization.
struct RunParts {
  data::Dataset train, test;
  std::optional<data::Dataset> validation;
};

// Limits the training set, takes its fold and holds the validation set out. `hold_out` does the
// latter.
static RunParts parts_of(data::Split split, const TrainConfig& config, Texts& notes,
                         const std::function<data::Split(const data::Dataset&, double)>& hold_out) {
  if (config.limit) split.train = split.train.first(*config.limit);
  if (!config.fold.empty()) split = fold_of(split.train, config);
  RunParts result{split.train, split.test, {}};
  if (config.validates_on_test()) result.validation = split.test;
  const double part = config.validation_part();
  if (part == 0) return result;
  const data::Split held_out = as_usage([&] { return hold_out(split.train, part); });
  result.train = held_out.train;
  result.validation = held_out.test;
  if (!config.val_split)
    notes.push_back(fmt::format("{} needs a validation set: --val-split {} holds out {}",
                                config.chooser(), part,
                                counted(held_out.test.size(), "training sample")));
  if (split.train.target_kind() != data::TargetKind::classes) return result;
  std::vector<std::string> missing;
  for (const int64_t label : missing_classes(held_out))
    missing.push_back(printable(split.train.target_name(label), longest_value));
  if (!missing.empty())
    notes.push_back(fmt::format("the validation set has no samples of class{} {}",
                                missing.size() == 1 ? "" : "es", fmt::join(missing, ", ")));
  return result;
}

// Only training samples may determine normalization and scale.
static void normalize(RunData& data, const TrainConfig& config) {
  const auto change_all = [&](const auto& change) {
    data.train = change(data.train);
    data.test = change(data.test);
    if (data.validation) data.validation = change(*data.validation);
  };
  const bool is_subset = config.limit || config.validation_part() > 0 || !config.fold.empty();
  if (is_subset || !config.preprocess.empty() || data.table) {
    const data::Normalization normalization = as_usage([&] {
      return config.preprocess.empty() ? data.train.statistics()
                                       : data::fit(config.preprocess, data.train);
    });
    change_all([&](const data::Dataset& part) { return part.normalized(normalization); });
  }
  if (data.train.target_kind() != data::TargetKind::numbers) return;
  const train::Loss loss = as_usage([&] {
    return train::make_loss(data::TargetKind::numbers,
                            config.loss.empty() ? train::regress().loss : config.loss);
  });
  const data::TargetScale scale =
      loss.scales_targets ? data.train.target_statistics() : data::TargetScale();
  change_all([&](const data::Dataset& part) { return part.scaled(scale); });
}

static RunData load_set(const TrainConfig& config) {
  const data::Source source =
      as_usage([&] { return data::load(config.data, {.data_dir = config.data_dir}); });
  const bool is_named = data::sources().contains(source.name);
  const bool took_other = config.data == "auto" && source.name != "mnist";
  Texts notes;
  if (!source.note.empty()) notes.push_back(source.note);
  RunParts parts =
      parts_of(source.split, config, notes, [&](const data::Dataset& train, double part) {
        Rng rng = Streams(config.seed).held_out();
        return config.format < 2 ? train.split(part, rng)
                                 : data::stratified_split(train, part, rng);
      });
  return {.name = source.name,
          .notes = std::move(notes),
          .data = is_named ? source.name : absolute(source.name),
          .data_dir = took_other ? "" : absolute(config.data_dir),
          .train = parts.train,
          .test = parts.test,
          .validation = parts.validation};
}

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

static data::TableOptions table_options(const TrainConfig& config) {
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

// How many of the second part's samples are also in the first.
int64_t common_samples(const std::vector<uint64_t>& sorted, const std::vector<uint64_t>& of) {
  return std::ranges::count_if(
      of, [&](uint64_t hash) { return std::ranges::binary_search(sorted, hash); });
}

static std::string text_of_lines(const std::string& text) {
  return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
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

void require_no_indices(const RunData& data, const std::string& option) {
  if (!data.table) return;
  const data::TableEncoding& encoding = data.table->encoding;
  const auto embeddings = encoding.embeddings();
  if (embeddings.empty()) return;
  const auto feature = static_cast<std::size_t>(embeddings[0].feature);
  throw UsageError("{} needs numbers, but column {} has {} different texts", option,
                   in_quotes(encoding.feature_names()[feature]), embeddings[0].values - 1);
}

// Each part needs a sample whose weight isn't 0.
static void require_weights(const RunData& data, const TrainConfig& config) {
  if (config.weight.empty()) return;
  const auto require_some = [&](const data::Dataset& part, const char* name) {
    const Tensor weights = part.weights();
    if (!weights) return;
    const std::vector<float> values = weights.to_vector<float>();
    if (std::ranges::all_of(values, [](float weight) { return weight == 0; }))
      file_error(data.name, "--weight {}: the {} samples all have the weight 0", config.weight,
                 name);
  };
  require_some(data.train, "training");
  if (!config.no_test) require_some(data.test, "test");
  if (data.validation) require_some(*data.validation, "validation");
}

static RunData load_table(const TrainConfig& config) {
  data::DataTable table =
      as_usage([&] { return data::read_table(config.data, table_options(config)); });
  RunTable run_table{data::schema_of(table), {}, {}};
  Texts notes{text_of_lines(data::describe(table))};
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  if (config.task == "auto")
    notes.push_back(fmt::format("task {}: the target has {}",
                                train::task_of(table.targets.kind).name, table.task_reason));
  std::optional<data::DataTable> test_table;
  if (!config.test_data.empty())
    test_table = data::read_table_like(config.test_data, run_table.schema,
                                       {.header = header_choice(config.header)});

  // Their values don't matter for the parts.
  const auto places = [](const data::DataTable& of) {
    return data::Dataset::of_features(std::vector<float>(static_cast<std::size_t>(of.rows)), 1,
                                      of.targets);
  };
  const data::Dataset all = as_usage([&] { return places(table); });
  Rng test_rng(0);
  data::Split split{all, test_table ? places(*test_table) : all};
  if (!test_table) {
    require_parts(table, config);
    const data::TableSplit rows = as_usage([&] { return data::split_table(table, 0.2, test_rng); });
    split = {all.subset(rows.train), all.subset(rows.test)};
  }
  if (!config.fold.empty() && !(config.split_by + config.split_by_time).empty())
    throw UsageError("--{} cannot be combined with --folds",
                     config.split_by.empty() ? "split-by-time" : "split-by");
  const RunParts parts =
      parts_of(split, config, notes, [&](const data::Dataset& train, double part) {
        Rng rng = Streams(config.seed).held_out();
        const data::TableSplit rows =
            data::split_table(data::without_values(table, train.indices()), part, rng);
        return data::Split{train.subset(rows.train), train.subset(rows.test)};
      });
  if (test_table && !config.fold.empty())
    throw UsageError("--test cannot be combined with --folds");

  run_table.encoding = data::TableEncoding::fit(table, parts.train.indices());
  run_table.row_hashes = data::row_hashes(table, parts.train.indices());
  std::ranges::sort(run_table.row_hashes);
  const data::DataTable& tested = test_table ? *test_table : table;
  const int64_t common =
      common_samples(run_table.row_hashes, data::row_hashes(tested, parts.test.indices()));
  if (common > 0)
    notes.push_back(fmt::format("{} of {} {} also in the training part", common,
                                counted(parts.test.size(), "test sample"),
                                common == 1 ? "is" : "are"));
  if (constexpr int64_t few = 5; parts.test.size() < few)
    notes.push_back(fmt::format("{} can't tell much about the scores",
                                counted(parts.test.size(), "test sample")));
  std::vector<int64_t> unknown;
  const std::string name = config.data;
  const data::Dataset samples = data::dataset_of(std::move(table), run_table.encoding, &unknown);
  note_unknown(notes, run_table.encoding, unknown);
  std::optional<data::Dataset> test_samples;
  if (test_table) {
    test_samples = data::dataset_of(*std::move(test_table), run_table.encoding, &unknown);
    note_unknown(notes, run_table.encoding, unknown);
  }
  RunData result{.name = name,
                 .notes = std::move(notes),
                 .data = absolute(name),
                 .data_dir = "",
                 .train = samples.subset(parts.train.indices()),
                 .test = (test_samples ? *test_samples : samples).subset(parts.test.indices()),
                 .validation = {},
                 .table = std::move(run_table)};
  if (parts.validation)
    result.validation =
        (config.validates_on_test() ? *test_samples : samples).subset(parts.validation->indices());
  if (!config.preprocess.empty())
    require_no_indices(result, fmt::format("--preprocess {}", config.preprocess));
  require_weights(result, config);
  return result;
}

bool is_table(const std::string& path) {
  const bool is_name = data::sources().contains(path) && data::sources().entry(path).name == path;
  return !is_name && !data::is_array_file(path) && std::filesystem::is_regular_file(path);
}

// Refuses options for tables if the data isn't one.
static void refuse_table_options(const TrainConfig& config) {
  const std::pair<const char*, const std::string*> options[] = {
      {"test", &config.test_data},    {"target", &config.target},
      {"ignore", &config.ignore},     {"category", &config.category},
      {"number", &config.number},     {"header", &config.header},
      {"split-by", &config.split_by}, {"split-by-time", &config.split_by_time},
      {"weight", &config.weight}};
  for (const auto& [name, value] : options)
    if (!value->empty())
      throw UsageError("--{} needs a table, but --data {} isn't one", name, config.data);
}

RunData load_data(const TrainConfig& config) {
  const bool has_table = is_table(config.data);
  if (has_table && config.format < 3)
    file_error(config.data,
               "was read in another way by the older program that made the run; gradus "
               "evaluate RUN --data FILE evaluates it");
  if (!has_table) refuse_table_options(config);
  RunData result = has_table ? load_table(config) : load_set(config);
  const char* task = train::task_of(result.train).name;
  if (config.task != "auto" && config.task != task)
    throw UsageError("--task {} doesn't fit the targets of {}: their task is {}", config.task,
                     config.data, task);
  normalize(result, config);
  return result;
}

std::string data_label(const std::string& name) {
  const std::string label = std::filesystem::path(name).stem().string();
  return label.empty() ? "data" : label;
}

std::string model_label(const std::string& model) {
  return model.find_first_of(" ,(") == model.npos ? model : "network";
}

}  // namespace gradus::app
