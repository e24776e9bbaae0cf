// StatusLine: a line on a terminal that is drawn over and over; terminal_width, print_line,
// progress_bar.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "core/stopwatch.hpp"

namespace gradus {

/// The columns of the terminal that `stream` writes to; 80 where it is none.
std::size_t terminal_width(std::FILE* stream = stdout);
/// Whether `stream` writes to a terminal.
bool is_terminal(std::FILE* stream);
/// Prints a line to stdout at once.
void print_line(const std::string& line);

/// Two shades of blocks, `width` together: how much of something is done, 0 … 1.
std::string progress_bar(double part, int width);

/// Draws ten times a second at most, and nothing where `stream` is no terminal.
class StatusLine {
 public:
  StatusLine(std::FILE* stream, bool quiet);
  ~StatusLine() { clear(); }
  StatusLine& operator=(StatusLine&&) = delete;

  /// `text` is called with the columns that there are, where it is time to draw.
  void draw(const std::function<std::string(std::size_t width)>& text);
  /// Wipes the line off the terminal.
  void clear();

 private:
  std::FILE* stream_;
  bool visible_, drawn_ = false;
  Stopwatch last_drawn_;
};

}  // namespace gradus
