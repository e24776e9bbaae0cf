// What the fuzz targets share: their input as text or as a file, and what may be thrown.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "tests/temporary_folder.hpp"

namespace gradus::fuzz {

inline std::string_view text_of(const uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program, as libFuzzer expects it of an input that it shall keep.
[[noreturn]] inline void finding(std::string_view what) {
  std::fprintf(stderr, "finding: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

inline void require(bool holds, std::string_view what) {
  if (!holds) finding(what);
}

/// What is printed is text that a terminal shows as it is, whatever an input puts into it.
inline void check_shown(std::string_view text) {
  for (const char c : text)
    require((static_cast<unsigned char>(c) >= 0x20 || c == '\n') && c != 0x7f,
            fmt::format("a control character in: {}", text));
}

/// A message of an error is such a text, of one line.
inline void check_message(std::string_view message) {
  constexpr std::size_t longest = 1200;
  require(!message.empty() && message.size() <= longest,
          fmt::format("a message of {} bytes", message.size()));
  require(message.find('\n') == message.npos, fmt::format("several lines: {}", message));
  check_shown(message);
}

/// Whether body() accepts its input. It may refuse it by an error of ours; everything else that is
/// thrown ends the program.
template <class Body>
bool accepts(Body&& body) {
  try {
    body();
    return true;
  } catch (const std::invalid_argument& error) {
    check_message(error.what());
  } catch (const std::runtime_error& error) {
    check_message(error.what());
  } catch (const OutOfMemory& error) {
    check_message(error.what());
  }
  return false;
}

/// A file that lies in memory, for readers that take a path.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("input", MFD_CLOEXEC)) {
    require(descriptor_ >= 0, "there is no file in memory");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// Its path, once it holds these bytes and nothing else.
  std::string of(std::string_view bytes) const {
    require(ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, bytes.data(), bytes.size(), 0) ==
                                                  static_cast<ssize_t>(bytes.size()),
            "the file in memory can't be written");
    return "/proc/self/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_;
};

/// Removes what lies in the folder.
inline void clear(const TemporaryFolder& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    std::filesystem::remove_all(entry);
}

}  // namespace gradus::fuzz
