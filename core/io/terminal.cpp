#include "core/io/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>

namespace gradus {

std::size_t terminal_width(std::FILE* stream) {
  winsize size{};
  return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool is_terminal(std::FILE* stream) {
  return isatty(fileno(stream)) != 0;
}

void print_line(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

std::string progress_bar(double part, int width) {
  const int done = static_cast<int>(std::floor(part * width));
  std::string result;
  for (int i = 0; i < width; ++i) result += i < done ? "█" : "░";
  return result;
}

StatusLine::StatusLine(std::FILE* stream, bool quiet)
    : stream_(stream), visible_(!quiet && is_terminal(stream)) {}

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
