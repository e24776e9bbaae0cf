#include "data/files/npy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/data/files/numpy_files.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

using NpyNumbers = std::vector<double>;

NpyArray parsed_npy(const Bytes& bytes) {
  return parse_npy("a", bytes);
}

NpyNumbers npy_numbers(const Bytes& bytes) {
  return parsed_npy(bytes).to_doubles();
}

std::string npy_error(const Bytes& bytes) {
  try {
    parsed_npy(bytes);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

// The error of a header with a value of four bytes.
std::string npy_header_error(const std::string& header) {
  return npy_error(npy_file(header, Bytes(4)));
}

std::string npy_type_error(const std::string& type) {
  return npy_header_error(npy_header(type, "1,"));
}

}  // namespace

TEST_CASE("arrays of all types of numbers") {
  CHECK(npy_numbers(npy_bytes<float>("<f4", "3,", {1, -0.5, 1e30f})) == NpyNumbers{1, -0.5, 1e30f});
  CHECK(npy_numbers(npy_bytes<double>("<f8", "2,", {1e300, -2})) == NpyNumbers{1e300, -2});
  CHECK(npy_numbers(npy_bytes<int8_t>("|i1", "2,", {-128, 127})) == NpyNumbers{-128, 127});
  CHECK(npy_numbers(npy_bytes<uint8_t>("|u1", "2,", {0, 255})) == NpyNumbers{0, 255});
  CHECK(npy_numbers(npy_bytes<int16_t>("<i2", "2,", {-32768, 2})) == NpyNumbers{-32768, 2});
  CHECK(npy_numbers(npy_bytes<uint16_t>("<u2", "1,", {65535})) == NpyNumbers{65535});
  CHECK(npy_numbers(npy_bytes<int32_t>("<i4", "1,", {-2147483647})) == NpyNumbers{-2147483647});
  CHECK(npy_numbers(npy_bytes<uint32_t>("<u4", "1,", {4294967295})) == NpyNumbers{4294967295});
  CHECK(npy_numbers(npy_bytes<int64_t>("<i8", "1,", {-(int64_t{1} << 53)})) ==
        NpyNumbers{-9007199254740992});
  CHECK(npy_numbers(npy_bytes<uint64_t>("<u8", "1,", {uint64_t{1} << 63})) ==
        NpyNumbers{9223372036854775808.0});
  CHECK(npy_numbers(npy_bytes<uint8_t>("|b1", "3,", {0, 1, 2})) == NpyNumbers{0, 1, 1});
  CHECK(npy_numbers(npy_bytes<float>("=f4", "1,", {3})) == NpyNumbers{3});
  CHECK(parsed_npy(npy_bytes<double>("<f8", "2,", {1e300, 0.1})).to_floats() ==
        std::vector<float>{INFINITY, 0.1f});
}

TEST_CASE("big-endian and Fortran's order become the usual ones") {
  CHECK(npy_numbers(npy_file(npy_header(">i2", "2,"), {1, 2, 255, 255})) == NpyNumbers{258, -1});
  CHECK(npy_numbers(npy_file(npy_header(">f4", "1,"), {0x3f, 0x80, 0, 0})) == NpyNumbers{1});
  // numpy: np.arange(24).reshape(2, 3, 4), written in Fortran's order.
  Bytes values;
  for (uint8_t k = 0; k < 4; ++k)
    for (uint8_t j = 0; j < 3; ++j)
      for (uint8_t i = 0; i < 2; ++i) values.push_back(static_cast<uint8_t>(12 * i + 4 * j + k));
  const NpyArray array = parsed_npy(npy_file(npy_header("|u1", "2, 3, 4", true), values));
  CHECK(array.shape == Shape{2, 3, 4});
  CHECK(std::ranges::is_sorted(array.bytes));
  const Bytes pairs{0, 0, 0, 1, 0, 2, 0, 3};
  CHECK(npy_numbers(npy_file(npy_header(">u2", "2, 2", true), pairs)) == NpyNumbers{0, 2, 1, 3});
  CHECK(parsed_npy(npy_file(npy_header("|u1", "0, 3", true), {})).shape == Shape{0, 3});
}

TEST_CASE("headers of all versions, as Python may write them") {
  for (const int version : {1, 2, 3})
    CHECK(npy_numbers(npy_file(npy_header("|u1", "2,"), {1, 2}, version)) == NpyNumbers{1, 2});
  const NpyArray number = parsed_npy(npy_file(npy_header("|u1", ""), {7}));
  CHECK(number.shape == Shape{});
  CHECK(number.are_bytes());
  CHECK(number.to_doubles() == NpyNumbers{7});
  CHECK(npy_numbers(npy_file("{\"shape\":(2L,1L),\"fortran_order\":False,\"descr\":\"|u1\"}   ",
                             {1, 2})) == NpyNumbers{1, 2});
}

TEST_CASE("what isn't numbers is refused by its name") {
  const std::string advice = "; save numbers, for example X.astype('float32')";
  CHECK(npy_type_error("|O") == "a: has an array of Python objects" + advice);
  CHECK(npy_type_error("<U5") == "a: has an array of texts" + advice);
  CHECK(npy_type_error("|S5") == "a: has an array of texts" + advice);
  CHECK(npy_type_error("<M8[ns]") == "a: has an array of dates or times" + advice);
  CHECK(npy_type_error("|V4") == "a: has an array of records" + advice);
  CHECK(npy_header_error("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }") ==
        "a: has an array of records" + advice);
  for (const std::string type : {"<f2", "<c8", "<f16", "<f9", "", "<", "f", "<\x1b[1m"})
    CHECK(npy_type_error(type).starts_with("a: has the type '"));
  CHECK(npy_type_error("<c8") ==
        "a: has the type '<c8', not f4, f8, i1 to i8, u1 to u8 or b1" + advice);
}

TEST_CASE("a file that is no .npy file, or is cut off or too long, is refused") {
  const Bytes good = npy_bytes<float>("<f4", "2, 3", {1, 2, 3, 4, 5, 6});
  const auto first = [&](std::size_t size) {
    return npy_error(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
  };
  const std::string no_file = "a: is not an .npy file: it doesn't begin with \\x93NUMPY";
  for (std::size_t size = 0; size < 8; ++size) CHECK(first(size) == no_file);
  for (std::size_t size = 8; size < good.size() - 24; ++size)
    CHECK(first(size) == "a: is cut off inside its header");
  for (std::size_t size = good.size() - 24; size < good.size(); ++size)
    CHECK(first(size) == "a: is cut off: its header says (2, 3) of <f4, that is 24 bytes, but " +
                             std::to_string(size + 24 - good.size()) + " follow");
  Bytes longer = good;
  longer.push_back(0);
  CHECK(npy_error(longer) == "a: is longer than its header says: (2, 3) of <f4, that is 24 bytes");
  CHECK(npy_error(npy_file(npy_header("<f4", "1,"), Bytes(4), 4)) ==
        "a: has the version 4.0 of the .npy format; 1.0 to 3.0 can be read");
}

TEST_CASE("damaged headers are refused") {
  const std::string damaged = "a: is damaged: its header isn't that of an .npy file";
  for (const std::string header :
       {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f4, 'fortran_order': True, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1.5,)}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1 2)}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': True, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), 'more': 'x'}",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (1,)} x",
        "{'descr': '<f4' 'fortran_order': True, 'shape': (1,)}"}) {
    CAPTURE(header);
    CHECK(npy_header_error(header) == damaged);
  }
}

TEST_CASE("extents that can't be true are refused before memory is taken for them") {
  const std::string many = "a: its header must not declare more than 2^40 values";
  for (const std::string shape :
       {"1099511627777,", "99999999999999999999999,", "1048576, 1048577", "0, 1099511627777",
        "4294967296, 4294967296", "65536, 65536, 65536, 65536, 0"}) {
    CAPTURE(shape);
    CHECK(npy_header_error(npy_header("<f8", shape)) == many);
  }
  CHECK(npy_header_error(npy_header("<f4", "1099511627776,")) ==
        "a: is cut off: its header says (1099511627776) of <f4, that is 4398046511104 bytes, but "
        "4 follow");
  CHECK(npy_header_error(npy_header("<f4", "1, 1, 1, 1, 1, 1, 1, 1, 1")) ==
        "a: has more than 8 dimensions");
  Bytes lying = npy_file(npy_header("<f4", "1,"), Bytes(4), 2);
  lying[11] = 255;  // the header's length
  CHECK(npy_error(lying) == "a: is cut off inside its header");
}

TEST_CASE(".npy files are read plain and compressed, .npz files by the names of their arrays") {
  const TemporaryFolder folder;
  const Bytes one = npy_bytes<float>("<f4", "2,", {1, 2});
  CHECK(read_npy(folder.write("a.npy", one)).to_doubles() == NpyNumbers{1, 2});
  CHECK(read_npy(folder.write("a.npy.gz", gzip_bytes(one))).to_doubles() == NpyNumbers{1, 2});
  const Bytes objects = npy_file(npy_header("|O", "1,"), Bytes(4));
  const std::string path = folder.write(
      "a.npz", zip_bytes({{.name = "X.npy", .content = one, .is_deflated = true},
                          {.name = "notes.txt", .content = {1}},
                          {.name = "objects.npy", .content = objects},
                          {.name = "y.npy", .content = npy_bytes<uint8_t>("|u1", "1,", {3})}}));
  NpzReader file(path);
  CHECK(file.names() == std::vector<std::string>{"X", "objects", "y"});
  CHECK(file.read("X").to_doubles() == NpyNumbers{1, 2});
  CHECK(file.read("y").to_doubles() == NpyNumbers{3});
  CHECK_THROWS_WITH_AS(file.read("z"), (path + ": has no array 'z'").c_str(), std::runtime_error);
  const std::string error = path +
                            ": objects: has an array of Python objects; save numbers, for example "
                            "X.astype('float32')";
  CHECK_THROWS_WITH_AS(file.read("objects"), error.c_str(), std::runtime_error);
  CHECK_THROWS_WITH_AS(read_npz(path), error.c_str(), std::runtime_error);
  const auto all = read_npz(folder.write("b.npz", zip_bytes({{.name = "X.npy", .content = one}})));
  REQUIRE(all.size() == 1);
  CHECK(all[0].first == "X");
  CHECK(all[0].second.to_floats() == std::vector<float>{1, 2});
  CHECK_THROWS_WITH_AS(read_npy("/no/file"), "/no/file: no such file", std::runtime_error);
}
