#include "apps/gradus/report/run_page.hpp"

#include <fmt/format.h>

#include "apps/pictures/markup.hpp"

namespace gradus::app {

void RunPage::section(const std::string& title, const std::string& html) {
  body += pictures::section(title, html);
}

void RunPage::picture(const std::string& title, const std::string& file,
                      const std::string& explanation, const std::string& svg,
                      const std::string& after) {
  files.push_back({file, svg});
  section(title, fmt::format("<p>{}</p>\n{}{}", pictures::escaped(explanation),
                             pictures::scrolling(svg), after));
}

}  // namespace gradus::app
