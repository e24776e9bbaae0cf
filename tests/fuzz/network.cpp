// parse_network and build: texts of networks, which are built where their numbers are small, or too
// large for any network.
#include "core/text/number.hpp"
#include "layers/network/models.hpp"
#include "layers/network/network_text.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

namespace {

// Whether a network of these numbers takes neither seconds nor much memory.
bool is_small(std::string_view text) {
  double product = 1;
  for (const std::string_view digits : split(text, " ,()|x\n\t.#"))
    if (const auto number = parse_number<double>(digits);
        number && *number > 1 && *number <= largest_count)
      product *= *number;
  return text.size() < 300 && product <= 3000;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const bool is_network = fuzz::accepts([&] {
    for (const layers::NetworkItem& item : layers::parse_network(text))
      fuzz::require(item.position >= 1 && item.position <= size, "a place outside of the text");
  });
  if (is_network && is_small(text))
    fuzz::accepts([&] {
      Rng rng(1);
      layers::Sequential network = layers::build(text, {.input = {2, 6, 6}, .classes = 3}, rng);
      const Tensor scores = network(Tensor::zeros({2, 2, 6, 6}));
      fuzz::require(scores.shape() == Shape{2, 3}, "scores of another shape");
      network.description();
    });
  return 0;
}
