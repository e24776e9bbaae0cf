// RunPage: the page of a run, made of sections and pictures.
#pragma once

#include <string>
#include <vector>

namespace gradus::app {

/// A file in the run folder.
struct RunFile {
  std::string name;
  std::string content;
};

/// The page and the files of its pictures.
struct RunPage {
  std::string body = {};
  std::vector<RunFile> files = {};

  /// Adds HTML below a heading.
  void section(const std::string& title, const std::string& html);
  /// Adds a picture with many small texts, which isn't scaled down, below its explanation, and HTML
  /// after it.
  void picture(const std::string& title, const std::string& file, const std::string& explanation,
               const std::string& svg, const std::string& after = "");
};

}  // namespace gradus::app
