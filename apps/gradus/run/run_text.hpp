// RunText: the texts of a run as windows of tokens; load_text: reads and divides them.
#pragma once

#include "apps/gradus/run/run_parts.hpp"

namespace gradus::app {

/// The texts of a run as windows of tokens.
struct RunText {
  RunParts parts;
  data::Tokenizer tokenizer;
  std::string paths;  ///< the value of --data that names the same files from any folder
  Texts notes = {};   ///< what was decided
};

/// Whether --data names texts rather than a data set, a folder with images or a table.
bool is_text(const TrainConfig& config);

/// Reads the text of --data; its last tenth, or that of --test, is the test text, and the end of
/// the rest the validation text. The tokens are those of all of it. Throws UsageError for options
/// that don't fit a text and for a part that is shorter than the context, and std::runtime_error
/// like data::read_texts().
RunText load_text(const TrainConfig& config);

}  // namespace gradus::app
