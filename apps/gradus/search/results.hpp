// conclude, write_trials: write and print the results of a search: tables, pictures and a page.
#pragma once

#include "apps/gradus/search/search_runner.hpp"
#include "apps/pictures/table.hpp"

namespace gradus::app {

/// The trials with their value, epochs, parameters and error, in the order of their numbers.
pictures::Table trial_table(const SearchRunner& runner);
/// The best trials, at most `most`, the best first.
pictures::Table best_table(const SearchRunner& runner, std::size_t most);

/// Writes trials.csv.
void write_trials(const SearchRunner& runner, const SearchFolder& folder);

/// Ends a search: writes best.svg, trials.svg, importance.svg, search.html and, if the plan says
/// so, test.json with the scores of the best trial on the test set; prints the best trials and the
/// command that trains the best one again. Throws std::runtime_error if all trials failed.
void conclude(const SearchRunner& runner, const SearchFolder& folder,
              const SearchRunnerOptions& options);

}  // namespace gradus::app
