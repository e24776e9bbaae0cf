#include "data/text/text_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>

#include "core/error.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;

TEST_CASE("texts are one file, several, or the .txt files of a folder by name") {
  const TemporaryFolder folder;
  folder.write("b.txt", "two ");
  folder.write("a.txt", "\xef\xbb\xbfone ");
  folder.write("c.md", "three ");
  CHECK(data::read_texts(folder.path("b.txt")) == "two ");
  CHECK(data::read_texts(folder.path("b.txt") + "," + folder.path("c.md")) == "two three ");
  CHECK(data::read_texts(folder.path()) == "one two ");
  CHECK(data::are_text_files(folder.path()));
  CHECK(data::are_text_files(folder.path("b.txt") + "," + folder.path("a.txt")));
  CHECK_FALSE(data::are_text_files(folder.path("c.md")));
  CHECK_FALSE(data::are_text_files("digits"));
}

TEST_CASE("bytes that aren't UTF-8 are an error with their line") {
  const TemporaryFolder folder;
  for (const auto& [bytes, byte] :
       std::vector<std::pair<std::string, std::string>>{{"\xff", "ff"},
                                                        {"\xc3", "c3"},
                                                        {"\xc0\x80", "c0"},
                                                        {"\xe0\x80\x80", "e0"},
                                                        {"\xed\xa0\x80", "ed"},
                                                        {"\xf4\x90\x80\x80", "f4"},
                                                        {"\xf0\x80\x80\x80", "f0"}}) {
    folder.write("x.txt", "fine ä\nnot " + bytes + "\n");
    CHECK_THROWS_WITH_AS(
        data::read_texts(folder.path("x.txt")),
        fmt::format("{}: isn't UTF-8: line 2 has the byte 0x{}", folder.path("x.txt"), byte)
            .c_str(),
        std::runtime_error);
  }
}

TEST_CASE("missing texts are errors") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(
      data::read_texts(folder.path()),
      fmt::format("[text] {} has no file that ends in .txt", folder.path()).c_str(),
      std::invalid_argument);
  CHECK_THROWS_AS(data::read_texts(folder.path("none.txt")), std::runtime_error);
}
