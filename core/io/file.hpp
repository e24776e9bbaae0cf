// read_file, write_file_atomically, append_to_file: read and write files safely.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gradus {

/// The default limit of read_file(): 256 MiB, more than any run writes.
constexpr std::size_t largest_text = std::size_t{256} << 20;
/// The contents of a regular file. Throws std::runtime_error "path: …" if it is missing, can't be
/// read or has more than `most` bytes, and for pipes and devices, which might never end.
std::string read_file(const std::string& path, std::size_t most = largest_text);
/// Throws unless `path` is a regular file, or a link to one.
void require_regular_file(const std::string& path);

/// Writes `pieces` one after the other to a temporary file in the folder of `path`, syncs it and
/// renames it: at every moment, even after a power cut, `path` is the old file or the complete new
/// one. A symbolic link is followed. Throws WriteError "path: …" if the folder is missing or the
/// disk is full, std::runtime_error if `path` is not a regular file; the old file is then
/// unchanged, and no temporary file is left.
void write_file_atomically(const std::string& path, std::span<const std::string_view> pieces);
/// The same for one piece.
void write_file_atomically(const std::string& path, std::string_view contents);

/// Appends to a file, which is created if it is missing, and syncs it. Throws WriteError "path: …";
/// the file may then have a part of `contents`.
void append_to_file(const std::string& path, std::string_view contents);

/// Renames a file, atomically replacing an existing one, and syncs its folder. Throws WriteError
/// "path: …".
void rename_file(const std::string& from, const std::string& to);

/// Removes `path` if it is a symbolic link, so that writing it doesn't change the link's target.
/// Throws WriteError "path: …".
void remove_link(const std::string& path);

/// Creates a folder and its missing parent folders. Throws WriteError "path: …".
void make_folders(const std::string& path);

/// Removes temporary files of write_file_atomically() that a killed program left in `folder`. No
/// other program may be writing there.
void remove_temporary_files(const std::string& folder);

}  // namespace gradus
