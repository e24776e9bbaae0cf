// Finished: an experiment with its report, written as text, Markdown, CSV, SVG and HTML.
#pragma once

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

struct Finished {
  Experiment experiment;
  Report report;
};

/// The claim and its source, what was measured, the tables, the verdict and its parts. Lines of
/// text have at most 100 characters.
std::string to_text(const Finished& finished);
/// The same with a link to NAME.svg.
std::string to_markdown(const Finished& finished);
/// The tables, separated by empty lines.
std::string to_csv(const Finished& finished);
/// The charts in their rows.
std::string to_svg(const Finished& finished);

/// All of them as one self-contained page: a table of contents by chapters, then each experiment
/// with its pictures. For light and dark, wide and narrow screens.
std::string to_page(const std::vector<Finished>& all);

}  // namespace gradus::lab
