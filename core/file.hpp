// Files that are whole or not there, and files that grow.
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
/// The same for contents in one piece.
void write_file_atomically(const std::string& path, std::string_view contents);

/// Adds to the end of a file, which is made where it is missing, and syncs it. Throws
/// std::runtime_error "path: …"; a part of `contents` may be in the file then.
void append_to_file(const std::string& path, std::string_view contents);

/// Removes the temporary files that write_file_atomically() left in `folder` when its program was
/// killed. No other program may be writing there.
void remove_temporary_files(const std::string& folder);

}  // namespace gradus
