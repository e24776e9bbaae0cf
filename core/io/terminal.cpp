#include "core/io/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string_view>

#include "core/text/number.hpp"
#include "core/text/printable.hpp"

namespace gradus {

std::size_t terminal_width(std::FILE* stream) {
  const char* const columns = std::getenv("COLUMNS");
  const auto given = parse_number<std::size_t>(columns ? columns : "");
  if (given && *given > 0) return *given;
  winsize size{};
  return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool is_terminal(std::FILE* stream) {
  return isatty(fileno(stream)) != 0;
}

bool can_redraw(std::FILE* stream) {
  const char* const type = std::getenv("TERM");
  return is_terminal(stream) && type && std::string_view(type) != "dumb";
}

void print_line(const std::string& line) {
  for (const std::string_view part : split(line, '\n')) fmt::print("{}\n", printable(part));
  std::fflush(stdout);
}

std::string progress_bar(double part, int width) {
  const int done = static_cast<int>(std::floor(part * width));
  std::string result;
  for (int i = 0; i < width; ++i) result += i < done ? "█" : "░";
  return result;
}

StatusLine::StatusLine(std::FILE* stream, bool quiet)
    : stream_(stream), visible_(!quiet && can_redraw(stream)) {}

void StatusLine::draw(const std::function<std::string(std::size_t width)>& text) {
  if (!visible_ || (drawn_ && last_drawn_.seconds() < 0.1)) return;
  fmt::print(stream_, "\r\x1b[K{}", text(terminal_width(stream_)));
  std::fflush(stream_);
  last_drawn_.restart();
  drawn_ = true;
}

void StatusLine::clear() {
  if (!drawn_) return;
  fmt::print(stream_, "\r\x1b[K");
  std::fflush(stream_);
  drawn_ = false;
}

}  // namespace gradus
