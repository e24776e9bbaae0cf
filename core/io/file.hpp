// Files that are whole or not there, and files that grow.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gradus {

/// The largest text that read_file() reads, unless told: 256 MiB, more than any run writes.
constexpr std::size_t largest_text = std::size_t{256} << 20;
/// All of a regular file. Throws std::runtime_error "path: …" for one that is missing or can't be
/// read, for pipes and devices, which might never end, and for more than `most` bytes.
std::string read_file(const std::string& path, std::size_t most = largest_text);
/// Throws unless `path` is a regular file, or a link to one.
void require_regular_file(const std::string& path);

/// Writes `pieces` one after the other to a temporary file in the folder of `path`, syncs it and
/// renames it: at every moment, a power cut included, `path` is the old file or the whole new one.
/// A symbolic link is followed. Throws WriteError "path: …" when the folder is missing or the disk
/// is full, std::runtime_error where `path` is no regular file; the old file is untouched then, and
/// nothing else left behind.
void write_file_atomically(const std::string& path, std::span<const std::string_view> pieces);
/// The same for contents in one piece.
void write_file_atomically(const std::string& path, std::string_view contents);

/// Adds to the end of a file, which is made where it is missing, and syncs it. Throws WriteError
/// "path: …"; a part of `contents` may be in the file then.
void append_to_file(const std::string& path, std::string_view contents);

/// Renames a file, which replaces another at once, and syncs its folder. Throws WriteError
/// "path: …".
void rename_file(const std::string& from, const std::string& to);

/// Removes `path` where it is a symbolic link, so that it can be written without changing what the
/// link points to. Throws WriteError "path: …".
void remove_link(const std::string& path);

/// Makes a folder, and those that it lies in, where they are missing. Throws WriteError "path: …".
void make_folders(const std::string& path);

/// Removes the temporary files that write_file_atomically() left in `folder` when its program was
/// killed. No other program may be writing there.
void remove_temporary_files(const std::string& folder);

}  // namespace gradus
