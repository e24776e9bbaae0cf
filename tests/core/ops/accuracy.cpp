// accuracy: prints Gradus's columns of docs/accuracy.md. With the name of a file it writes the
// inputs and the exact results there, so that another framework can be measured on the same.
#include "tests/core/ops/accuracy.hpp"

#include "core/io/safetensors.hpp"

using namespace gradus;
using namespace gradus::testing;

int main(int count, char** arguments) {
  if (count > 2 || (count == 2 && arguments[1][0] == '-')) {
    fmt::print(stderr, "usage: accuracy [FILE]\n");
    return 2;
  }
  NamedTensors tensors;
  for (const Row& row : all_rows()) {
    const Sample sample = sample_of(row);
    const Accuracy a = accuracy_of(row, sample);
    fmt::print("| {} | {:.2f} | {:.1f} | {:.2f} | {:.1f} |\n", row.name, a.mean, a.largest,
               a.derivative_mean, a.derivative_largest);
    const auto add = [&](const std::string& name, const Tensor& x) {
      tensors.emplace_back(row.name + "/" + name, x.detach());
    };
    for (std::size_t i = 0; i < sample.inputs.size(); ++i)
      add(fmt::format("input.{}", i), sample.inputs[i]);
    add("weights", sample.weights);
    for (std::size_t i = 0; i < sample.exact.size(); ++i)
      add(fmt::format("exact.{}", i),
          Tensor::from(std::vector<double>(sample.exact[i].begin(), sample.exact[i].end()),
                       sample.results[i].shape()));
  }
  if (count > 1) write_safetensors(arguments[1], tensors);
  return 0;
}
