// data_fingerprints: toy sets, preprocessing, augmentation, mixtures.
#include "apps/gradus/fingerprint/fingerprints.hpp"
#include "data/sets/mnist_1d.hpp"
#include "data/sets/toy.hpp"
#include "data/transform/augmentation.hpp"
#include "data/transform/mixing.hpp"
#include "data/transform/preprocessing.hpp"

namespace gradus::app {
namespace {

struct ToyRow {
  const char* name;
  data::Split (*make)(Rng& rng);
};

const std::vector<ToyRow>& toy_rows() {
  static const std::vector<ToyRow> table{
      {"mnist-1d", [](Rng& rng) { return data::mnist_1d({.samples = 20}, rng); }},
      {"moons", [](Rng& rng) { return data::moons({.samples = 60}, rng); }},
      {"circles", [](Rng& rng) { return data::circles({.samples = 60}, rng); }},
      {"spirals", [](Rng& rng) { return data::spirals({.samples = 60}, rng); }},
      {"blobs", [](Rng& rng) { return data::blobs({.samples = 60}, rng); }},
      {"exclusive-or", [](Rng& rng) { return data::exclusive_or({.samples = 60}, rng); }},
  };
  return table;
}

// The samples after their normalization.
void add_split(Digest& digest, const data::Split& split) {
  for (const data::Dataset& part : {split.train, split.test})
    digest.add(part.batch(0, part.size()).inputs);
}

void add_preprocessing(Digest& digest, const std::string& name) {
  const data::Normalization normalization =
      data::fit(name, data::Samples(uniform_tensor({40, 6}, DType::f32, -2, 5)));
  digest.add(normalization(uniform_tensor({9, 6}, DType::f32)));
}

void add_augmentation(Digest& digest, const std::string& name) {
  Rng rng(8);
  const Tensor images = uniform_tensor({9, 3, 12, 14}, DType::f32, 0, 1);
  digest.add(data::augment(name)(images, rng));
}

using Mix = data::MixedBatch (*)(const data::Batch& batch, double alpha, Rng& rng);

void add_mixture(Digest& digest, Mix mix) {
  Rng rng(9);
  const data::Batch batch{uniform_tensor({9, 2, 7, 8}, DType::f32), cyclic_labels(9, 4)};
  const data::MixedBatch mixed = mix(batch, 0.4, rng);
  digest.add(mixed.inputs).add(mixed.partners).add(mixed.lambda);
}

}  // namespace

Fingerprints data_fingerprints() {
  Fingerprints result;
  for (const ToyRow& row : toy_rows())
    result.push_back({fmt::format("toy/{}", row.name), [&](Digest& digest) {
                        Rng rng(10);
                        add_split(digest, row.make(rng));
                      }});
  for (const std::string& name : data::preprocessings().names())
    result.push_back(
        {"preprocess/" + name, [name](Digest& digest) { add_preprocessing(digest, name); }});
  for (const std::string& name : data::augmentations().names())
    result.push_back(
        {"augment/" + name, [name](Digest& digest) { add_augmentation(digest, name); }});
  result.push_back({"mix/mixup", [](Digest& digest) { add_mixture(digest, data::mixup); }});
  result.push_back({"mix/cutmix", [](Digest& digest) { add_mixture(digest, data::cutmix); }});
  return result;
}

}  // namespace gradus::app
