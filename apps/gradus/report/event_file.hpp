// Event files, which TensorBoard reads.
#pragma once

#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

namespace gradus::app {

/// What is logged at one step, each under a tag; a slash in it makes groups. Encoded as
/// TensorFlow's protocol buffer Summary.
class Summary {
 public:
  void add_scalar(std::string_view tag, double value);
  /// Values that aren't finite are left out; nothing is added where none is left.
  void add_histogram(std::string_view tag, std::span<const float> values);
  /// A PNG file of one or three channels.
  void add_image(std::string_view tag, std::string_view png);

  const std::string& bytes() const { return bytes_; }

 private:
  void add_value(std::string_view tag, std::string_view value);

  std::string bytes_;
};

/// A file of events in the order they are added. Errors are std::runtime_error "path: …".
class EventFile {
 public:
  /// Begins a file in `folder`, which is made where it is missing, behind those that are there:
  /// TensorBoard reads the files of a folder as one, in the order of their names. What earlier
  /// files say about `first_step` and later steps is void from now on.
  EventFile(const std::string& folder, int64_t first_step);

  /// Writes it at once.
  void add(int64_t step, const Summary& summary);

 private:
  void write_event(std::string_view content);

  std::string path_;
  std::ofstream stream_;
};

}  // namespace gradus::app
