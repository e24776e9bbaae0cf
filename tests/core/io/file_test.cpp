#include "core/io/file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <stdexcept>

#include "core/error.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;

TEST_CASE("read_file reads regular files within a limit, and waits for nothing else") {
  const TemporaryFolder folder;
  const std::string path = folder.write("text", std::string("a\0b", 3));
  CHECK(read_file(path) == std::string("a\0b", 3));
  CHECK(read_file(folder.write("empty", std::string())) == "");
  CHECK_THROWS_WITH_AS(read_file(path, 2), (path + ": must not be larger than 2 bytes").c_str(),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(read_file("/dev/zero"), "/dev/zero: is not a regular file",
                       std::runtime_error);
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read_file(pipe), (pipe + ": is not a regular file").c_str());
  CHECK_THROWS_WITH(read_file(folder.path()), (folder.path() + ": is not a regular file").c_str());
  CHECK_THROWS_WITH(read_file("nowhere"), "nowhere: No such file or directory");
}

TEST_CASE("rename_file replaces, and remove_link removes nothing but links") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a", std::string("new")),
                    b = folder.write("b", std::string("old"));
  rename_file(a, b);
  CHECK(read_file(b) == "new");
  CHECK(folder.files() == 1);
  CHECK_THROWS_AS(rename_file(a, b), WriteError);
  remove_link(b);
  remove_link("nowhere");
  CHECK(read_file(b) == "new");
  std::filesystem::create_symlink(b, folder.path("link"));
  remove_link(folder.path("link"));
  CHECK(folder.files() == 1);
  CHECK(read_file(b) == "new");
}

TEST_CASE("Only failed writes are a WriteError") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(write_file_atomically(folder.path("no/file"), "x"), WriteError);
  CHECK_THROWS_AS(append_to_file(folder.path("no/file"), "x"), WriteError);
  try {
    write_file_atomically(folder.path(), "x");
    FAIL("a folder was written");
  } catch (const WriteError&) {
    FAIL("a folder is no matter of the disk");
  } catch (const std::runtime_error& error) {
    CHECK(error.what() == folder.path() + ": is not a regular file");
  }
}
