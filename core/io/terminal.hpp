// StatusLine: a line on a terminal that is redrawn; terminal_width, print_line, progress_bar.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "core/stopwatch.hpp"

namespace gradus {

/// The environment variable COLUMNS if it is a number, else the columns of the terminal that
/// `stream` writes to, else 80.
std::size_t terminal_width(std::FILE* stream = stdout);
/// Whether `stream` writes to a terminal.
bool is_terminal(std::FILE* stream);
/// Whether that terminal can redraw a line: TERM isn't "dumb".
bool can_redraw(std::FILE* stream);
/// Prints a line, or several, to stdout, each printable(), and flushes it.
void print_line(const std::string& line);

/// `width` blocks, of which `part` (0 … 1) are dark.
std::string progress_bar(double part, int width);

/// Draws at most ten times a second; nothing where can_redraw(stream) is false.
class StatusLine {
 public:
  StatusLine(std::FILE* stream, bool quiet);
  ~StatusLine() { clear(); }
  StatusLine& operator=(StatusLine&&) = delete;

  /// Calls `text` with the number of columns, and draws the result, if it is time to draw.
  void draw(const std::function<std::string(std::size_t width)>& text);
  /// Erases the line.
  void clear();

 private:
  std::FILE* stream_;
  bool visible_, drawn_ = false;
  Stopwatch last_drawn_;
};

}  // namespace gradus
