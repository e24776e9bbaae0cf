// RunTable: what a run keeps of its table; load_table: reads, divides and encodes it.
#pragma once

#include "apps/gradus/run/run_parts.hpp"
#include "data/table/data_table.hpp"
#include "train/table_inputs.hpp"

namespace gradus::app {

/// What a run keeps of its table.
struct RunTable {
  train::TableInputs inputs;              ///< the encoding is fitted to the training part
  std::vector<uint64_t> row_hashes = {};  ///< data::row_hashes() of the training part, sorted
};

/// A table as the samples of a run, which aren't normalized.
struct LoadedTable {
  RunParts parts;
  RunTable table;
  Texts notes = {};  ///< what was found and decided
};

/// Whether --data is a file with a table rather than a name or a folder.
bool is_table(const std::string& path);

/// Reads the table of --data, and that of --test. Throws UsageError for options that don't fit, and
/// std::runtime_error like data::read_table().
LoadedTable load_table(const TrainConfig& config);

/// What the options say about the columns.
data::TableOptions table_options(const TrainConfig& config);

/// The parts of a run as rows of the table, and of the test table if there is one, with their
/// targets. Adds notes like parts_of().
RunParts divided(const data::DataTable& table, const data::DataTable* test_table,
                 const TrainConfig& config, Texts& notes);

/// "3 of 20 test samples are also in the training part", and whether they are too few.
void note_test_part(Texts& notes, int64_t size, int64_t also_in_training);

/// What --header says: empty without it. Throws UsageError for a text other than yes and no.
std::optional<bool> header_choice(const std::string& text);

/// How many of the hashes `of` are among the `sorted` ones.
int64_t common_samples(const std::vector<uint64_t>& sorted, const std::vector<uint64_t>& of);
/// Adds a note for each column with texts that the encoding doesn't know.
void note_unknown(Texts& notes, const data::TableEncoding& encoding,
                  const std::vector<int64_t>& unknown);

}  // namespace gradus::app
