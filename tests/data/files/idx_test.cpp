#include "data/files/idx.hpp"

#include <doctest/doctest.h>

#include "core/storage.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using data::Idx;
using data::read_idx;

namespace {

std::string error_of(const std::string& path) {
  try {
    read_idx(path);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("an IDX file reads the same plain and compressed, whatever its name") {
  const TemporaryFolder folder;
  const Bytes values{1, 2, 3, 4, 5, 255};
  const Bytes file = idx_bytes({2, 3}, values);
  for (const std::string& path :
       {folder.write("plain", file), folder.write("compressed", gzip_bytes(file))}) {
    const Idx idx = read_idx(path);
    CHECK(idx.shape == Shape{2, 3});
    CHECK(idx.values == values);
  }
}

TEST_CASE("a compressed file larger than any buffer reads whole, in one member or two") {
  const TemporaryFolder folder;
  Bytes values(3'000'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint8_t>(i * i >> 7);
  const Bytes file = idx_bytes({3000, 1000}, values);
  Bytes two = gzip_bytes(Bytes(file.begin(), file.begin() + 1'000'000));
  const Bytes second = gzip_bytes(Bytes(file.begin() + 1'000'000, file.end()));
  two.insert(two.end(), second.begin(), second.end());
  CHECK(read_idx(folder.write("one", gzip_bytes(file))).values == values);
  CHECK(read_idx(folder.write("two", two)).values == values);
}

TEST_CASE("an error in an IDX file is one line that starts with its path") {
  const TemporaryFolder folder;
  const std::string path = folder.path("file");
  const auto error = [&](const Bytes& bytes) { return error_of(folder.write("file", bytes)); };
  const Bytes good = idx_bytes({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto cut = [](Bytes bytes, std::ptrdiff_t from_end) {
    return Bytes(bytes.begin(), bytes.end() - from_end);
  };

  CHECK(error_of(path) == path + ": no such file");
  CHECK(error_of(folder.path()) == folder.path() + ": not a regular file");
  CHECK(error({}) == path + ": is too short for an IDX file");
  CHECK(error({0, 0, 8, 2, 0, 0}) == path + ": is cut off inside its IDX header");
  CHECK(error({'P', '5', 8, 2}) ==
        path + ": is not an IDX file: it starts with 50350802, not 0000");
  CHECK(error({0, 0, 13, 1}) == path + ": the IDX type must be unsigned bytes (0x08), got 0x0d");
  CHECK(error({0, 0, 8, 0}) == path + ": the IDX header must have 1 to 8 dimensions, got 0");
  CHECK(error({0, 0, 8, 9}) == path + ": the IDX header must have 1 to 8 dimensions, got 9");
  const std::string short_text =
      path + ": is cut off: its header says (2, 3), that is 6 values, but 4 follow";
  CHECK(error(cut(good, 2)) == short_text);
  CHECK(error(gzip_bytes(cut(good, 2))) == short_text);
  const std::string long_text = path + ": is longer than its header says: (2, 3), that is 6 values";
  Bytes longer = good;
  longer.push_back(7);
  CHECK(error(longer) == long_text);
  CHECK(error(gzip_bytes(longer)) == long_text);
}

TEST_CASE("a header beyond all bounds is refused before memory is taken for it") {
  const TemporaryFolder folder;
  const uint32_t huge = 0xFFFFFFFF;
  const std::string overflowing = folder.write("overflowing", idx_bytes({huge, huge, huge}, {1}));
  CHECK(error_of(overflowing) ==
        overflowing + ": its IDX header must not declare more than 2^40 values");
  const std::string empty = folder.write("empty", idx_bytes({0, 1u << 31, 1u << 31}, {}));
  CHECK(error_of(empty) == empty + ": its IDX header must not declare more than 2^40 values");
  const std::string lying = folder.write("lying", gzip_bytes(idx_bytes({250, huge}, {1, 2})));
  CHECK(error_of(lying) == lying +
                               ": is cut off: its header says (250, 4294967295), that is "
                               "1073741823750 values, but 2 follow");
}

TEST_CASE("damaged gzip data is refused: cut off, changed, or other bytes than zeros behind it") {
  const TemporaryFolder folder;
  const Bytes whole = gzip_bytes(idx_bytes({2, 3}, {1, 2, 3, 4, 5, 6}));
  const std::string path = folder.path("file");
  const auto error = [&](const Bytes& bytes) { return error_of(folder.write("file", bytes)); };
  for (std::size_t length = 2; length < whole.size(); ++length)
    CHECK(error(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))) ==
          path + ": its gzip data is cut off");
  for (std::size_t from_end : {1, 8}) {
    Bytes changed = whole;
    changed[changed.size() - from_end] ^= 1;
    CHECK(error(changed).starts_with(path + ": its gzip data is damaged: incorrect "));
  }
  Bytes padded = whole;
  padded.resize(whole.size() + 1000);
  CHECK(read_idx(folder.write("padded", padded)).values.size() == 6);
  Bytes behind = whole;
  behind.push_back('x');
  behind.push_back('y');
  CHECK(error(behind) == path + ": its gzip data is damaged: incorrect header check");
}
