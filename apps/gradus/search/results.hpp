// What a search leaves behind: tables, pictures, a page, and the last word.
#pragma once

#include "apps/gradus/search/search_runner.hpp"
#include "apps/pictures/table.hpp"

namespace gradus::app {

/// Each trial with its value, epochs, parameters and error, in the order of their numbers.
pictures::Table trial_table(const SearchRunner& runner);
/// The best ones, the best first.
pictures::Table best_table(const SearchRunner& runner, std::size_t most);

/// trials.csv.
void write_trials(const SearchRunner& runner, const SearchFolder& folder);

/// Of a search that is over: best.svg, trials.svg, importance.svg, search.html and, unless the plan
/// says not to, test.json, for which the best trial meets the test set; prints the best trials and
/// how to train the first again. Throws std::runtime_error where all trials failed.
void conclude(const SearchRunner& runner, const SearchFolder& folder,
              const SearchRunnerOptions& options);

}  // namespace gradus::app
