// Files that are whole or not there.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gradus {

/// Writes `pieces` one after the other to a temporary file in the folder of `path`, syncs it and
/// renames it: at every moment, a power cut included, `path` is the old file or the whole new one.
/// A symbolic link is followed. Throws std::runtime_error "path: …" when the folder is missing, the
/// disk is full or `path` is no regular file; the old file is untouched then, and nothing else left
/// behind.
void write_file_atomically(const std::string& path, std::span<const std::string_view> pieces);
void write_file_atomically(const std::string& path, std::string_view contents);

}  // namespace gradus
