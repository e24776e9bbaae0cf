// ByteReader: what it makes of gzip is the same read at once and in pieces.
#include "data/files/byte_reader.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1 << 16, piece = 1000;
  std::vector<uint8_t> whole, pieces;
  const bool is_whole = fuzz::accepts(
      [&] { whole = data::ByteReader("file.gz", std::span(data, size)).read_up_to(most); });
  const bool is_in_pieces = fuzz::accepts([&] {
    data::ByteReader reader("file.gz", std::span(data, size));
    for (std::size_t count = piece; count == piece && pieces.size() < most;) {
      pieces.resize(pieces.size() + piece);
      count = reader.read(std::span(pieces).last(piece));
      pieces.resize(pieces.size() - piece + count);
    }
  });
  if (is_whole && is_in_pieces) {
    pieces.resize(std::min(pieces.size(), most));
    fuzz::require(pieces == whole, "other bytes in pieces");
  }
  return 0;
}
