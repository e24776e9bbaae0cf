// Finished: an experiment that has been run, as text for the terminal, files and a page.
#pragma once

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

struct Finished {
  Experiment experiment;
  Report report;
};

/// What is claimed and by whom, what was measured, the tables, the verdict and its reason. Lines of
/// sentences have at most 100 characters.
std::string to_text(const Finished& finished);
/// The same with a link to NAME.svg.
std::string to_markdown(const Finished& finished);
/// The tables one after the other, an empty line between.
std::string to_csv(const Finished& finished);
/// The charts in their rows.
std::string to_svg(const Finished& finished);

/// All of them as one page, which needs nothing but itself: a table of contents by chapters, then
/// each experiment with its pictures inside. For light and dark, wide and narrow screens.
std::string to_page(const std::vector<Finished>& all);

}  // namespace gradus::lab
