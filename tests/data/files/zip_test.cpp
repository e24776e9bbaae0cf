#include "data/files/zip.hpp"

#include <doctest/doctest.h>

#include "tests/data/files/numpy_files.hpp"

using namespace gradus;
using data::ZipMember;
using data::ZipReader;

namespace {

Bytes square_bytes(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(i * i >> 7);
  return bytes;
}

// What reading the first member throws.
std::string zip_error(const std::string& path) {
  try {
    ZipReader archive(path);
    archive.read(archive.members().at(0));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("members of zip archives are stored or deflated, in small and in large archives") {
  const TemporaryFolder folder;
  const Bytes large = square_bytes(3'000'000), small{1, 2, 3};
  for (const bool is_large : {false, true}) {
    const std::vector<ZipEntry> entries{{.name = "a", .content = large, .is_deflated = true},
                                        {.name = "b/c", .content = small, .is_large = is_large},
                                        {.name = "none"},
                                        {.name = "deflated none", .is_deflated = true},
                                        {.name = "d", .content = large, .is_large = is_large}};
    for (const std::string comment : {"", "a comment", "PK\x05\x06 twenty more characters of it"}) {
      ZipReader archive(folder.write("file.zip", zip_bytes(entries, is_large, comment)));
      REQUIRE(archive.members().size() == 5);
      for (std::size_t i = 0; i < entries.size(); ++i) {
        CHECK(archive.members()[i].name == entries[i].name);
        CHECK(archive.members()[i].size == entries[i].content.size());
        CHECK(archive.read(archive.members()[i]) == entries[i].content);
      }
    }
  }
  CHECK(ZipReader(folder.write("file.zip", zip_bytes({}))).members().empty());
}

TEST_CASE("an error in a zip archive is one line that starts with its path") {
  const TemporaryFolder folder;
  const std::string path = folder.path("file.zip");
  const auto error = [&](const Bytes& bytes) { return zip_error(folder.write("file.zip", bytes)); };
  const auto error_with = [&](const ZipEntry& entry) { return error(zip_bytes({entry})); };
  const std::string no_archive =
      path + ": is not a zip archive, or is cut off: it doesn't have the end of one";
  CHECK(error({}) == no_archive);
  CHECK(error(square_bytes(100)) == no_archive);
  const Bytes good = zip_bytes({{.name = "a", .content = {1, 2, 3}}});
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(error(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ==
          no_archive);
  CHECK(error_with({.name = "a", .content = {1}, .method = 12}) ==
        path + ": 'a' is compressed by method 12; it must be stored or deflated (0 or 8)");
  CHECK(error_with({.name = "a", .content = {1}, .flags = 1}) == path + ": 'a' is encrypted");
  const std::string wrong = path + ": the data of 'a' is damaged: its checksum or size is wrong";
  CHECK(error_with({.name = "a", .content = {1}, .checksum = 1}) == wrong);
  CHECK(error_with({.name = "a", .content = {1}, .size = 2}) == wrong);
  CHECK(error_with({.name = "a", .content = {1}, .method = 8}) ==
        path + ": the data of 'a' is damaged");
  for (const int64_t size : {99, 101})
    CHECK(error_with({.name = "a", .content = Bytes(100), .is_deflated = true, .size = size}) ==
          path + ": the data of 'a' is damaged");
  CHECK(zip_error("/no/file") == "/no/file: no such file");
  CHECK(zip_error(folder.path()) == folder.path() + ": not a regular file");
}

TEST_CASE("sizes that can't be true are refused before memory is taken for them") {
  const TemporaryFolder folder;
  const std::string path = folder.path("file.zip");
  const auto error = [&](const Bytes& bytes) { return zip_error(folder.write("file.zip", bytes)); };
  const int64_t huge = int64_t{1} << 62;
  CHECK(error(zip_bytes({{.name = "a", .content = {1}, .is_large = true, .packed_size = huge}})) ==
        path + ": is cut off or damaged: 'a' is outside of the file");
  CHECK(
      error(zip_bytes(
          {{.name = "a", .content = {1}, .is_deflated = true, .is_large = true, .size = huge}})) ==
      path + ": is damaged: 'a' can't become 4611686018427387904 bytes from 3");
  // The end of the archive, changed: 22 bytes, of which 10 … 11 count the members, 12 … 15 are the
  // size of their list, and 16 … 19 its place.
  const auto changed = [&](std::size_t place, uint8_t value) {
    Bytes bytes = zip_bytes({{.name = "a", .content = {1}}});
    bytes[bytes.size() - 22 + place] = value;
    return error(bytes);
  };
  CHECK(changed(10, 2) == path + ": is damaged: its list of 2 members ends after 1");
  CHECK(changed(12, 200) ==
        path + ": is cut off or damaged: the list of its members is outside of the file");
  CHECK(changed(16, 0) == path + ": is damaged: its list of 1 members ends after 0");
  CHECK(changed(4, 1) == path + ": is one part of several of a zip archive");
  CHECK(changed(19, 255) ==
        path + ": is cut off or damaged: the list of its members is outside of the file");
  // zip64: the locator's place of the large end.
  Bytes large = zip_bytes({{.name = "a", .content = {1}}}, true);
  large[large.size() - 22 - 8] = 255;
  CHECK(error(large) ==
        path + ": is cut off or damaged: the zip64 end of the archive is outside of the file");
  large = zip_bytes({{.name = "a", .content = {1}}}, true);
  large[large.size() - 22 - 20] = 0;
  CHECK(error(large) == path + ": is damaged: it lacks the zip64 end of the archive");
}
