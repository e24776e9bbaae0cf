#include "apps/gradus/fingerprint/fingerprints.hpp"

#include "core/random.hpp"

namespace gradus::app {

std::string hash_of(const Fingerprint& fingerprint) {
  Digest digest;
  fingerprint.compute(digest);
  return digest.text();
}

Fingerprints fingerprints() {
  Fingerprints all;
  for (const auto& part : {number_fingerprints(), network_fingerprints(), training_fingerprints(),
                           data_fingerprints()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

Tensor uniform_tensor(const Shape& shape, DType dtype, double low, double high) {
  Tensor x = Tensor::empty(shape, dtype);
  Rng(20).fill_uniform(x, low, high);
  return x;
}

Tensor cyclic_labels(int64_t n, int64_t classes) {
  Tensor labels = Tensor::arange(n);
  int64_t* const values = labels.mutable_data<int64_t>();
  for (int64_t i = 0; i < n; ++i) values[i] %= classes;
  return labels;
}

void add_both(Fingerprints& to, const std::string& name,
              const std::function<void(Digest& digest, DType dtype)>& compute) {
  for (const DType dtype : {DType::f32, DType::f64})
    to.push_back({fmt::format("{}/{}", name, to_string(dtype)),
                  [=](Digest& digest) { compute(digest, dtype); }});
}

}  // namespace gradus::app
