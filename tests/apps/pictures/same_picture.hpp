// difference_of_pictures: compares a picture that a program wrote with that of a page.
#pragma once

#include <algorithm>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "data/files/image.hpp"
#include "tests/apps/program.hpp"

namespace gradus {

inline Bytes bytes_of_base64(const std::string& text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<uint32_t>(digits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<uint8_t>(bits >> count));
  }
  return bytes;
}

/// An SVG in parts.
struct PictureParts {
  std::string text;                 ///< without tooltips, images and coordinates
  std::vector<double> coordinates;  ///< the numbers with two decimals
  std::vector<Bytes> images;
};

inline PictureParts parts_of(std::string svg) {
  PictureParts parts;
  const std::string prefix = "data:image/png;base64,";
  for (std::size_t at = 0; (at = svg.find(prefix, at)) != std::string::npos;) {
    const std::size_t begin = at + prefix.size(), size = svg.find('"', begin) - begin;
    parts.images.push_back(bytes_of_base64(svg.substr(begin, size)));
    svg.erase(at, prefix.size() + size);
  }
  // The coordinates say the same with fewer digits.
  for (std::size_t at = 0; (at = svg.find("<title>", at)) != std::string::npos;)
    svg.erase(at, svg.find("</title>", at) - at);
  static const std::regex coordinate(R"(([" ,])(-?[0-9]+\.[0-9]{2})(?=[" ,]))");
  for (std::sregex_iterator match(svg.begin(), svg.end(), coordinate), end; match != end; ++match)
    parts.coordinates.push_back(std::stod((*match)[2]));
  parts.text = std::regex_replace(svg, coordinate, "$1#");
  return parts;
}

/// Empty if two images have the same size and, in the mean, nearly the same colours.
inline std::string difference_of_images(const std::string& a, const std::string& b) {
  const Tensor one = data::read_image(a), other = data::read_image(b);
  if (one.shape() != other.shape())
    return fmt::format("images {} and {}", one.shape(), other.shape());
  const double difference = (one - other).abs().mean().item();
  return difference < 0.01 ? "" : fmt::format("images differ by {:.3f}", difference);
}

/// Empty if both files, SVG or images, show the same: equal texts and elements, at places that
/// differ by a tenth of a plot's height at most, since processors round differently and training
/// amplifies this. Else the difference.
inline std::string difference_of_pictures(const std::string& a, const std::string& b) {
  if (!a.ends_with(".svg")) return difference_of_images(a, b);
  const PictureParts one = parts_of(read_text(a)), other = parts_of(read_text(b));
  if (one.text != other.text) {
    const auto lines = lines_of(one.text), other_lines = lines_of(other.text);
    const std::size_t most = std::min(lines.size(), other_lines.size());
    for (std::size_t i = 0; i < most; ++i)
      if (lines[i] != other_lines[i]) return lines[i] + " and " + other_lines[i];
    return fmt::format("{} and {} lines", lines.size(), other_lines.size());
  }
  for (std::size_t i = 0; i < one.coordinates.size(); ++i)
    if (std::abs(one.coordinates[i] - other.coordinates[i]) > 22)
      return fmt::format("coordinates {} and {}", one.coordinates[i], other.coordinates[i]);
  const TemporaryFolder folder;
  for (std::size_t i = 0; i < one.images.size(); ++i) {
    const std::string difference = difference_of_images(folder.write("a.png", one.images[i]),
                                                        folder.write("b.png", other.images[i]));
    if (!difference.empty()) return difference;
  }
  return "";
}

}  // namespace gradus
