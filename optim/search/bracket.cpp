#include "optim/search/bracket.hpp"

#include <cmath>

namespace gradus::optim {

std::vector<Rung> rungs(int64_t trials, int64_t epochs, double eta, int64_t halvings) {
  std::vector<Rung> result;
  for (int64_t i = 0; i <= halvings; ++i) {
    // The rounding of a power must not make 27/3³ something below 1.
    const double n = static_cast<double>(trials) / std::pow(eta, i) * (1 + 1e-12);
    const double r = static_cast<double>(epochs) / std::pow(eta, halvings - i);
    result.push_back({std::max<int64_t>(1, static_cast<int64_t>(n)), std::llround(r)});
  }
  return result;
}

int64_t cost(const std::vector<Rung>& rungs) {
  int64_t total = 0, before = 0;
  for (const Rung& rung : rungs) {
    total += rung.trials * (rung.epochs - before);
    before = rung.epochs;
  }
  return total;
}

int64_t most_halvings(int64_t epochs, double eta) {
  return static_cast<int64_t>(std::log(static_cast<double>(epochs)) / std::log(eta) + 1e-9);
}

std::optional<Bracket::Next> Bracket::next(const std::vector<Trial>& trials) {
  if (static_cast<int64_t>(members_.size()) == rungs_[rung_].trials) {
    const bool waits = std::any_of(members_.begin(), members_.end(), [&](int64_t member) {
      return trials[static_cast<std::size_t>(member)].is_running;
    });
    if (waits || rung_ + 1 == rungs_.size()) return std::nullopt;
    climb(trials);
  }
  const int64_t until = rungs_[rung_].epochs;
  if (rung_ == 0) return Next{std::nullopt, until};
  return Next{promoted_[members_.size()], until};
}

bool Bracket::has(int64_t trial) const {
  return std::find(members_.begin(), members_.end(), trial) != members_.end();
}

void Bracket::close() {
  const auto most = static_cast<int64_t>(members_.size());
  for (Rung& rung : rungs_) rung.trials = std::min(rung.trials, most);
}

void Bracket::climb(const std::vector<Trial>& trials) {
  const auto value = [&](int64_t member) {
    return comparable(trials[static_cast<std::size_t>(member)].value.value());
  };
  promoted_ = std::move(members_);
  std::stable_sort(promoted_.begin(), promoted_.end(),
                   [&](int64_t a, int64_t b) { return value(a) > value(b); });
  members_.clear();
  ++rung_;
}

}  // namespace gradus::optim
