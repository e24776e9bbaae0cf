#include "core/io/checksum.hpp"

#include <doctest/doctest.h>

#include "core/parallel.hpp"

using namespace gradus;

TEST_CASE("Checksums are XXH3's, in one piece or in several") {
  CHECK(checksum("") == 0x2d06800538d394c2);
  CHECK(checksum("Gradus ad Parnassum") == 0x7d72106cfdc65414);
  Checksum pieces;
  pieces.add("Gradus ");
  pieces.add("");
  pieces.add("ad Parnassum");
  CHECK(pieces.value() == checksum("Gradus ad Parnassum"));
}

TEST_CASE("A checksum of tensors sees every value, name, shape and type, but not the order") {
  const Tensor a = Tensor::from({1.0f, 2.0f}), b = Tensor::from({3.0f, 4.0f});
  const uint64_t sum = checksum(NamedTensors{{"a", a}, {"b", b}});
  CHECK(checksum(NamedTensors{{"b", b}, {"a", a}}) == sum);
  const std::vector<NamedTensors> others{{{"a", b}, {"b", a}},
                                         {{"a", a}},
                                         {{"a", a}, {"c", b}},
                                         {{"a", a.alias({2, 1})}, {"b", b}},
                                         {{"a", Tensor::from({1.0f, 2.00001f})}, {"b", b}}};
  for (const NamedTensors& other : others) CHECK(checksum(other) != sum);
  CHECK(checksum(Tensor::zeros({2}, DType::f64)) == checksum(Tensor::zeros({2}, DType::i64)));
  CHECK(checksum(NamedTensors{{"z", Tensor::zeros({2}, DType::f64)}}) !=
        checksum(NamedTensors{{"z", Tensor::zeros({2}, DType::i64)}}));
}
