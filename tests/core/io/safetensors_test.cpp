#include "core/io/safetensors.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>

#include "core/io/file.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
namespace fs = std::filesystem;

namespace {

std::string contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string with_length(const std::string& header, const std::string& data = "") {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

// One tensor's file; the defaults are valid.
struct Entry {
  std::string dtype = R"("F32")", shape = "[2,3]", offsets = "[0,24]";
  std::size_t bytes = 24;
  std::string file() const {
    return with_length(R"({"w":{"dtype":)" + dtype + R"(,"shape":)" + shape +
                           R"(,"data_offsets":)" + offsets + "}}",
                       std::string(bytes, '\0'));
  }
};

// The error for reading `bytes`, without the path; "" if there is none.
std::string error_of(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("x");
  std::ofstream(path, std::ios::binary) << bytes;
  try {
    read_safetensors(path);
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    REQUIRE(text.starts_with(path + ": "));
    return text.substr(path.size() + 2);
  }
  return "";
}

std::string two(const std::string& a, const std::string& b, std::size_t bytes) {
  return with_length(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + a +
                         R"(},"b":{"dtype":"F32","shape":[2],"data_offsets":)" + b + "}}",
                     std::string(bytes, '\0'));
}

}  // namespace

TEST_CASE("tensors and metadata are read from a file as they were written") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.safetensors");
  const Tensor w = Tensor::from(std::vector<float>{1.5f, -0.f, 3, 4, 5, 1e-42f}, {2, 3});
  const Tensor n = Tensor::from<int64_t>({INT64_MIN, -1, INT64_MAX});
  const Tensor s = Tensor::scalar(0.1, DType::f64);
  const Tensor none = Tensor::empty({0, 4});
  write_safetensors(path, {{"0.weight", w}, {"none", none}, {"labels", n}, {"s \"ä\n", s}},
                    {{"epoch", "3"}, {"naïve", "\"\\"}});

  const SafetensorsFile file = read_safetensors(path);
  REQUIRE(file.tensors.size() == 4);
  CHECK(file.tensors[0].first == "labels");
  CHECK(file.tensors[1].first == "s \"ä\n");
  CHECK(file.tensors[2].first == "0.weight");
  CHECK(file.tensors[3].first == "none");
  CHECK(file.at("0.weight").shape() == Shape{2, 3});
  CHECK(file.at("0.weight").to_vector<float>() == w.to_vector<float>());
  CHECK(std::signbit(file.at("0.weight").data<float>()[1]));
  CHECK(file.at("labels").to_vector<int64_t>() == n.to_vector<int64_t>());
  CHECK(file.at("s \"ä\n").item() == 0.1);
  CHECK(file.at("s \"ä\n").rank() == 0);
  CHECK(file.at("none").shape() == Shape{0, 4});
  CHECK(file.metadata == std::map<std::string, std::string>{{"epoch", "3"}, {"naïve", "\"\\"}});
  CHECK(folder.files() == 1);
  CHECK_THROWS_WITH(
      file.at("0.weights"),
      "[safetensors] there is no tensor '0.weights'; nearest: 0.weight, labels, none, s \"ä\\n");
}

TEST_CASE("a written file is laid out byte by byte as the format says") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a");
  write_safetensors(path, {{"f", Tensor::from({1.f})}, {"d", Tensor::from({2.})}}, {{"k", "v"}});
  const std::string bytes = contents(path);
  const std::string header =
      R"({"__metadata__":{"k":"v"},"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
      R"("f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  using namespace std::string_literals;
  CHECK(bytes == with_length(padded, "\0\0\0\0\0\0\0\x40\0\0\x80\x3f"s));

  write_safetensors(path, {});
  CHECK(contents(path) == with_length("{}      "));
  CHECK(read_safetensors(path).tensors.empty());
}

TEST_CASE("smaller types are widened when they are read") {
  using namespace std::string_literals;
  const auto read = [](const std::string& dtype, int64_t n, const std::string& data) {
    const TemporaryFolder folder;
    std::ofstream(folder.path("x"), std::ios::binary)
        << with_length(fmt::format(R"({{"w":{{"dtype":"{}","shape":[{}],"data_offsets":[0,{}]}}}})",
                                   dtype, n, data.size()),
                       data);
    return read_safetensors(folder.path("x")).at("w");
  };
  CHECK(read("F16", 6, "\x00\x3c\x55\x35\x01\x80\xff\x7b\x00\xfc\x00\x04"s).to_vector<float>() ==
        std::vector<float>{1, 0.333251953125f, -0x1p-24f, 65504, -INFINITY, 0x1p-14f});
  CHECK(std::isnan(read("F16", 1, "\x00\x7e"s).item()));
  CHECK(read("BF16", 2, "\x80\x3f\x49\xc0"s).to_vector<float>() ==
        std::vector<float>{1, -3.140625f});
  CHECK(read("BOOL", 3, "\0\1\2"s).to_vector<bool>() == std::vector<bool>{false, true, true});
  CHECK(read("I8", 2, "\xff\x7f"s).to_vector<int64_t>() == std::vector<int64_t>{-1, 127});
  CHECK(read("U8", 1, "\xff"s).item() == 255);
  CHECK(read("I16", 1, "\xfe\xff"s).item() == -2);
  CHECK(read("U16", 1, "\xfe\xff"s).item() == 65534);
  CHECK(read("I32", 1, "\xfd\xff\xff\xff"s).item() == -3);
  CHECK(read("U32", 1, "\xfd\xff\xff\xff"s).item() == 4294967293);
  CHECK(read("U64", 1, "\x02\0\0\0\0\0\0\0"s).item() == 2);
  CHECK_THROWS_AS(read("U64", 1, "\xff\xff\xff\xff\xff\xff\xff\xff"s), std::runtime_error);
}

TEST_CASE("a damaged file is refused with the reason") {
  CHECK(error_of(Entry{}.file()) == "");
  CHECK(error_of("") == "is too short for a safetensors file: 0 bytes");
  CHECK(error_of("1234567") == "is too short for a safetensors file: 7 bytes");
  CHECK(error_of(std::string(8, '\0')) == "its header must begin with '{'");
  CHECK(error_of(std::string(8, '\xff')) ==
        "its header has 18446744073709551615 bytes, but the file only 8");
  CHECK(error_of(with_length("{}").substr(0, 9)) == "its header has 2 bytes, but the file only 9");
  CHECK(error_of(with_length("")) == "its header must begin with '{'");
  CHECK(error_of(with_length(" {}")) == "its header must begin with '{'");
  CHECK(error_of(with_length("[]")) == "its header must begin with '{'");
  CHECK(error_of(with_length("{")) == "the header is not valid JSON from its byte 2 on");
  CHECK(error_of(with_length("{}x")) == "the header is not valid JSON from its byte 3 on");
  CHECK(error_of(with_length("{\"\xff\":1}")) == "the header is not valid JSON from its byte 3 on");
  CHECK(error_of(with_length(R"({"w":1})")) == "'w' has an unexpected number");
  CHECK(error_of(with_length(R"({"w":[]})")) == "'w' has an unexpected array");
  CHECK(error_of(with_length(R"({"w":null})")) == "'w' has an unexpected null");
  CHECK(error_of(with_length(R"({"w":{}})")) == "'w' needs 'dtype', 'shape' and 'data_offsets'");
  CHECK(error_of(with_length(R"({"a\nb":{}})")) ==
        "'a\\nb' needs 'dtype', 'shape' and 'data_offsets'");
  CHECK(error_of(with_length(R"({"w":{"x":1}})")) == "'w' has an unknown field 'x'");
  CHECK(error_of(with_length(R"({"w":{"shape":[1],"shape":[1]}})")) == "'w' has 'shape' twice");
  CHECK(error_of(with_length(R"({"__metadata__":{"a":1}})")) ==
        "'__metadata__' has an unexpected number");
  CHECK(error_of(with_length(R"({"__metadata__":{"a":"1","a":"1"}})")) ==
        "'__metadata__' has 'a' twice");
  CHECK(error_of(with_length(R"({"__metadata__":{},"__metadata__":{}})")) ==
        "'__metadata__' appears twice");
  CHECK(error_of(with_length(R"({"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"w":{}})")) ==
        "'w' appears twice");
}

TEST_CASE("types, shapes and offsets of a file are checked before anything is allocated") {
  CHECK(error_of(Entry{.dtype = R"("F33")"}.file()) == "'w' has the unknown type 'F33'");
  CHECK(error_of(Entry{.dtype = "32"}.file()) == "'w' has an unexpected number");
  CHECK(error_of(Entry{.dtype = R"(["F32"])"}.file()) == "'w' has an unexpected array");
  CHECK(error_of(Entry{.dtype = "{}"}.file()) == "'w' has an unexpected object");
  CHECK(error_of(Entry{.shape = "6"}.file()) == "'w' has an unexpected number");
  CHECK(error_of(Entry{.shape = "[2,-3]"}.file()) == "'w' has an unexpected negative number");
  CHECK(error_of(Entry{.shape = "[2,3.0]"}.file()) == "'w' has an unexpected fraction");
  CHECK(error_of(Entry{.shape = "[2,1e1]"}.file()) == "'w' has an unexpected fraction");
  CHECK(error_of(Entry{.shape = "[2,\"3\"]"}.file()) == "'w' has an unexpected string");
  CHECK(error_of(Entry{.shape = "[2,true]"}.file()) == "'w' has an unexpected boolean");
  CHECK(error_of(Entry{.shape = "[[2,3]]"}.file()) == "'w' has an unexpected array");
  CHECK(error_of(Entry{.shape = "[9223372036854775808]"}.file()) ==
        "'w' has too large a number in 'shape': 9223372036854775808");
  CHECK(error_of(Entry{.shape = "[99999999999999999999]"}.file()) ==
        "'w' has an unexpected fraction");
  CHECK(error_of(Entry{.shape = "[4294967296,4294967296]"}.file()) ==
        "'w' has too many elements: (4294967296, 4294967296)");
  CHECK(error_of(Entry{.shape = "[4294967296,4294967296,0]"}.file()) ==
        "'w' has too many elements: (4294967296, 4294967296, 0)");
  CHECK(error_of(Entry{.shape = "[1,1,1,1,1,1,1,1,6]"}.file()) ==
        "'w' has more than 8 numbers in 'shape'");
  CHECK(error_of(Entry{.shape = "[1099511627776,1048576]"}.file()) ==
        "'w' has 24 bytes, (1099511627776, 1048576) of F32 need 4611686018427387904");
  CHECK(error_of(Entry{.shape = "[2,2]"}.file()) == "'w' has 24 bytes, (2, 2) of F32 need 16");
  CHECK(error_of(Entry{.dtype = R"("F64")"}.file()) == "'w' has 24 bytes, (2, 3) of F64 need 48");
  CHECK(error_of(Entry{.offsets = "[24,0]"}.file()) ==
        "'w' must not end before it begins: ends at 0, begins at 24");
  CHECK(error_of(Entry{.offsets = "[0]"}.file()) == "'w' must have 2 data offsets, got 1");
  CHECK(error_of(Entry{.offsets = "[0,24,24]"}.file()) == "'w' must have 2 data offsets, got 3");
  CHECK(error_of(Entry{.offsets = "[4,28]"}.file()) == "'w' ends at byte 28 of 24");
  CHECK(error_of(Entry{.bytes = 23}.file()) == "'w' ends at byte 24 of 23");
  CHECK(error_of(Entry{.bytes = 25}.file()) == "1 bytes follow the last tensor");
  CHECK(error_of(Entry{.offsets = "[1,25]", .bytes = 25}.file()) ==
        "'w' begins at byte 1, which leaves a gap after byte 0");
  CHECK(error_of(two("[0,8]", "[8,16]", 16)) == "");
  CHECK(error_of(two("[8,16]", "[0,8]", 16)) == "");
  CHECK(error_of(two("[0,8]", "[4,12]", 12)) ==
        "'b' begins at byte 4, which overlaps what ends at byte 8");
  CHECK(error_of(two("[0,8]", "[0,8]", 8)) ==
        "'b' begins at byte 0, which overlaps what ends at byte 8");
  CHECK(error_of(two("[0,8]", "[12,20]", 20)) ==
        "'b' begins at byte 12, which leaves a gap after byte 8");
}

TEST_CASE("random damage to a file is an error or another file, never a crash") {
  const std::string good = two("[0,8]", "[8,16]", 16);
  uint64_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      bytes[(state >> 33) % bytes.size()] = static_cast<char>(state >> 20);
    }
    state = state * 6364136223846793005u + 1442695040888963407u;
    if (state >> 63) bytes.resize((state >> 33) % bytes.size());
    error_of(bytes);
  }
}

TEST_CASE("paths that aren't files can be neither read nor written") {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& name, const char* text) {
    return folder.path(name) + ": " + text;
  };
  CHECK_THROWS_WITH(read_safetensors(folder.path("none")),
                    message("none", "No such file or directory").c_str());
  fs::create_directory(folder.path("dir"));
  CHECK_THROWS_WITH(read_safetensors(folder.path("dir")), message("dir", "Is a directory").c_str());
  CHECK_THROWS_WITH(write_safetensors(folder.path("dir"), {}),
                    message("dir", "is not a regular file").c_str());
  CHECK_THROWS_WITH(write_safetensors(folder.path("no/x"), {}),
                    message("no/x", "can't write: No such file or directory").c_str());
  CHECK_THROWS_WITH(write_safetensors("/dev/full", {}), "/dev/full: is not a regular file");
}

TEST_CASE("tensors that can't be written are refused") {
  const TemporaryFolder folder;
  const Tensor x = Tensor::ones({1});
  CHECK_THROWS_WITH(write_safetensors(folder.path("x"), {{"a", x}, {"a", x}}),
                    "[write_safetensors] 'a' appears twice");
  CHECK_THROWS_WITH(
      write_safetensors(folder.path("x"), {{"__metadata__", x}}),
      "[write_safetensors] '__metadata__' is reserved and must not be a tensor's name");
  CHECK_THROWS_WITH(write_safetensors(folder.path("x"), {{"a", Tensor()}}),
                    "[write_safetensors] 'a' is undefined");
  CHECK_THROWS_WITH(write_safetensors(folder.path("x"), {{"\xff", x}}),
                    "[write_safetensors] names and metadata must be UTF-8");
  CHECK(folder.files() == 0);
}

TEST_CASE("a full disk leaves the old file and nothing else") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a");
  write_file_atomically(path, "old");
  struct sigaction ignore {
  }, before;
  ignore.sa_handler = SIG_IGN;
  REQUIRE(::sigaction(SIGXFSZ, &ignore, &before) == 0);
  rlimit limit;
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
  const rlimit small{4096, limit.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string error;
  try {
    write_safetensors(path, {{"w", Tensor::ones({100'000})}});
  } catch (const std::runtime_error& e) {
    error = e.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &limit);
  ::sigaction(SIGXFSZ, &before, nullptr);
  CHECK(error == path + ": can't write: File too large");
  CHECK(contents(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a file is written through a symbolic link, with the permissions of any new file") {
  const TemporaryFolder folder;
  write_file_atomically(folder.path("target"), "old");
  fs::create_symlink("target", folder.path("link"));
  write_file_atomically(folder.path("link"), "new");
  CHECK(fs::is_symlink(folder.path("link")));
  CHECK(contents(folder.path("target")) == "new");
  const mode_t mask = ::umask(0);
  ::umask(mask);
  CHECK((static_cast<mode_t>(fs::status(folder.path("target")).permissions()) == (0666 & ~mask)));
  CHECK(folder.files() == 2);
}
