#include "layers/monte_carlo.hpp"

#include <algorithm>

#include "core/ops/elementwise.hpp"
#include "core/ops/loss/information.hpp"
#include "core/ops/reduce.hpp"

namespace gradus::layers {

// Training mode for modules with random generators, which get new ones from `rng`, and evaluation
// mode for the others; the destructor restores everything.
class SamplingScope {
 public:
  SamplingScope(Module& model, Rng& rng) : members_(model), evaluation_(model) {
    for (const auto& [path, buffer] : members_.buffers())
      if (buffer->defined()) buffers_.push_back({*buffer, buffer->version(), buffer->clone()});
    for (const auto& [path, generator] : members_.generators()) {
      generators_.emplace_back(generator, *generator);
      owner(path).training_ = true;
    }
    const Rng root = rng.fork(rng.bits());
    for (std::size_t i = 0; i < generators_.size(); ++i) *generators_[i].first = root.fork(i);
  }
  ~SamplingScope() {
    for (const auto& [generator, before] : generators_) *generator = before;
    // Some modules have both a generator and a buffer that training changes.
    for (auto& [buffer, version, before] : buffers_)
      if (buffer.version() != version) buffer.copy_from(before);
  }
  SamplingScope& operator=(SamplingScope&&) = delete;

 private:
  struct Kept {
    Tensor buffer;
    uint64_t version;
    Tensor before;
  };

  // The module that owns the generator at `path`, which ends with the generator's name.
  Module& owner(const std::string& path) const {
    const std::size_t dot = path.rfind('.');
    const std::string module = dot == path.npos ? "" : path.substr(0, dot);
    const auto& modules = members_.modules();
    return *std::ranges::find_if(modules, [&](const auto& named) {
              return named.first == module;
            })->second;
  }

  Members members_;
  EvaluationScope evaluation_;
  std::vector<Kept> buffers_;
  std::vector<std::pair<Rng*, Rng>> generators_;
};

MonteCarloPrediction monte_carlo_predict(Module& model, const Tensor& x, int64_t samples,
                                         Rng& rng) {
  require(samples >= 2, "monte_carlo_predict", "samples must be 2 or more, got {}", samples);
  require(!model.named_generators().empty(), "monte_carlo_predict",
          "the model must have dropout: without it all samples are the same");
  const SamplingScope scope(model, rng);
  MonteCarloPrediction result;
  // Sums of squared differences from the mean (Welford 1962), and of H(p).
  Tensor squares, entropies;
  for (int64_t sample = 1; sample <= samples; ++sample) {
    const Tensor logits = model(x);
    require(logits.rank() == 2, "monte_carlo_predict", "logits must be (N, K), got {}",
            logits.shape());
    const Tensor p = softmax(cast(logits, DType::f64), 1);
    if (sample == 1) {
      result.mean = Tensor::zeros(p.shape(), DType::f64);
      squares = Tensor::zeros(p.shape(), DType::f64);
      entropies = Tensor::zeros({p.size(0)}, DType::f64);
    }
    const Tensor difference = p - result.mean;
    result.mean = result.mean + difference / static_cast<double>(sample);
    add_in_place(squares, difference * (p - result.mean));
    add_in_place(entropies, entropy(p));
  }
  result.deviation = sqrt(squares / static_cast<double>(samples - 1));
  result.entropy = entropy(result.mean);
  // The exact value is never negative (Jensen's inequality), but rounding may make it so.
  const Tensor zero = Tensor::scalar(0, DType::f64);
  result.mutual_information =
      maximum(result.entropy - entropies / static_cast<double>(samples), zero);
  return result;
}

}  // namespace gradus::layers
