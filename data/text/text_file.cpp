#include "data/text/text_file.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "core/io/file.hpp"
#include "core/text/split.hpp"
#include "core/text/width.hpp"

namespace gradus::data {

namespace fs = std::filesystem;

static bool is_text(const fs::path& path) {
  return path.extension() == ".txt" && fs::is_regular_file(path);
}

// Whether a character of several bytes has a longer form than needed, is half of a surrogate pair,
// or above U+10FFFF.
static bool is_wrong(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  const auto second = static_cast<unsigned char>(character[1]);
  return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
         (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
}

static void require_utf8(const std::string& path, const std::string& text) {
  for (std::size_t at = 0, size; at < text.size(); at += size) {
    size = character_size(std::string_view(text).substr(at));
    const std::string_view character = std::string_view(text).substr(at, size);
    if (size == 1 ? (text[at] & 0x80) != 0 : is_wrong(character))
      file_error(path, "isn't UTF-8: line {} has the byte 0x{:02x}",
                 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'),
                 static_cast<unsigned char>(text[at]));
  }
}

std::vector<std::string> text_files(const std::string& paths) {
  std::vector<std::string> files;
  if (fs::is_directory(paths)) {
    for (const auto& entry : fs::directory_iterator(paths))
      if (is_text(entry.path())) files.push_back(entry.path().string());
    std::ranges::sort(files);
  } else if (fs::exists(paths)) {
    files.push_back(paths);
  } else {
    for (const std::string_view path : split(paths, ',')) files.emplace_back(path);
  }
  require(!files.empty(), "text", "{} has no file that ends in .txt", paths);
  return files;
}

bool are_text_files(const std::string& paths) {
  if (fs::is_directory(paths))
    return std::ranges::any_of(fs::directory_iterator(paths),
                               [](const auto& entry) { return is_text(entry.path()); });
  return std::ranges::all_of(text_files(paths), is_text);
}

std::string read_texts(const std::string& paths) {
  std::string all;
  for (const std::string& path : text_files(paths)) {
    std::string text = read_file(path);
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    require_utf8(path, text);
    all += text;
  }
  return all;
}

}  // namespace gradus::data
