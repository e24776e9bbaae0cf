// read_texts: the texts of files and folders, checked to be UTF-8.
#pragma once

#include <string>
#include <vector>

namespace gradus::data {

/// The files that `paths` names: one file, several separated by commas, or a folder, of which all
/// files ending in .txt are meant, in the order of their names. Throws std::invalid_argument if
/// there is none.
std::vector<std::string> text_files(const std::string& paths);

/// Whether text_files() finds files that all end in .txt.
bool are_text_files(const std::string& paths);

/// The texts of text_files(), one after the other, without a byte order mark. Throws
/// std::runtime_error "path: …" for a file that can't be read or isn't UTF-8, with the line.
std::string read_texts(const std::string& paths);

}  // namespace gradus::data
