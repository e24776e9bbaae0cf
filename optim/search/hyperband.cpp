#include "optim/search/hyperband.hpp"

#include <cmath>

#include "core/math.hpp"

namespace gradus::optim {

std::vector<Rung> rungs(int64_t trials, int64_t epochs, double eta, int64_t halvings) {
  std::vector<Rung> result;
  for (int64_t i = 0; i <= halvings; ++i) {
    // Rounding of the power must not make 27/3³ less than 1.
    const double n = static_cast<double>(trials) / math::pow(eta, i) * (1 + 1e-12);
    const double r = static_cast<double>(epochs) / math::pow(eta, halvings - i);
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
  return static_cast<int64_t>(math::log(static_cast<double>(epochs)) / math::log(eta) + 1e-9);
}

std::optional<Bracket::Next> Bracket::next(const std::vector<Trial>& trials) {
  if (std::ssize(members_) == rungs_[rung_].trials) {
    const bool waits = std::ranges::any_of(members_, [&](int64_t member) {
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
  return std::ranges::find(members_, trial) != members_.end();
}

void Bracket::close() {
  const auto most = std::ssize(members_);
  for (Rung& rung : rungs_) rung.trials = std::min(rung.trials, most);
}

void Bracket::climb(const std::vector<Trial>& trials) {
  const auto value = [&](int64_t member) {
    return comparable(trials[static_cast<std::size_t>(member)].value.value());
  };
  promoted_ = std::move(members_);
  std::ranges::stable_sort(promoted_, std::greater(), value);
  members_.clear();
  ++rung_;
}

OptionTable<HalvingOptions> HalvingOptions::table() {
  return {{"eta", &HalvingOptions::eta, Range{.low = 2, .high = 1000},
           "one in so many trials of a rung continues"}};
}

BracketSearch::BracketSearch(const char* name, SearchTask task, const HalvingOptions& options)
    : Search(std::move(task)),
      options_(options),
      epochs_left_(this->task().budget * this->task().epochs) {
  check_options(name, options);
}

std::vector<Rung> BracketSearch::affordable(int64_t trials, int64_t halvings) const {
  const auto rungs_of = [&](int64_t n) { return rungs(n, task().epochs, options_.eta, halvings); };
  int64_t most = 0;
  for (int64_t beyond = trials + 1; beyond - most > 1;) {
    const int64_t n = most + (beyond - most) / 2;
    (cost(rungs_of(n)) <= epochs_left_ ? most : beyond) = n;
  }
  return most == 0 ? std::vector<Rung>() : rungs_of(most);
}

std::optional<Job> BracketSearch::propose() {
  for (std::size_t i = 0;; ++i) {
    if (i == brackets_.size()) {
      std::vector<Rung> rungs = next_bracket(static_cast<int64_t>(i));
      if (rungs.empty()) return std::nullopt;
      epochs_left_ -= cost(rungs);
      brackets_.emplace_back(std::move(rungs));
    }
    if (std::optional<Job> job = next_job(brackets_[i])) return job;
  }
}

std::optional<Job> BracketSearch::next_job(Bracket& bracket) {
  while (const auto next = bracket.next(trials())) {
    if (!next->trial) {
      if (std::optional<Point> point = new_point()) {
        const Job job = start(std::move(*point), next->until_epoch);
        bracket.proposed(job.trial);
        return job;
      }
    }
    // The known trials must not depend on the time of this call: a resumed search calls at other
    // times.
    if (!next->trial && is_any_running()) return std::nullopt;
    const std::optional<int64_t> trial = next->trial ? next->trial : known_trial(bracket);
    if (!trial) {
      bracket.close();
      continue;
    }
    const Trial& known = trials()[static_cast<std::size_t>(*trial)];
    if (known.is_running) return std::nullopt;
    bracket.proposed(*trial);
    if (known.epochs < next->until_epoch) return proceed(*trial, next->until_epoch);
  }
  return std::nullopt;
}

// An untried point.
std::optional<Point> BracketSearch::new_point() const {
  constexpr int64_t most_draws = 20;
  for (int64_t draw = 0; draw < most_draws; ++draw) {
    Rng rng = next_rng(draw);
    Point point = random_point(rng);
    if (!tried(point)) return point;
  }
  return untried();
}

bool BracketSearch::is_any_running() const {
  return std::ranges::any_of(trials(), &Trial::is_running);
}

// A trial of another bracket that this bracket can use.
std::optional<int64_t> BracketSearch::known_trial(const Bracket& bracket) const {
  for (int64_t trial = 0; trial < static_cast<int64_t>(trials().size()); ++trial)
    if (!bracket.has(trial)) return trial;
  return std::nullopt;
}

std::vector<Rung> HalvingSearch::next_bracket(int64_t number) {
  if (number > 0) return {};
  const int64_t halvings = most_halvings(task().epochs, options_.eta);
  return affordable(epochs_left(), halvings);
}

std::vector<std::vector<Rung>> hyperband_brackets(int64_t epochs, double eta) {
  const int64_t most = most_halvings(epochs, eta);
  std::vector<std::vector<Rung>> result;
  for (int64_t s = most; s >= 0; --s) {
    const double trials =
        static_cast<double>(most + 1) * math::pow(eta, s) / static_cast<double>(s + 1);
    result.push_back(rungs(static_cast<int64_t>(std::ceil(trials - 1e-9)), epochs, eta, s));
  }
  return result;
}

std::vector<Rung> HyperbandSearch::next_bracket(int64_t number) {
  const auto brackets = hyperband_brackets(task().epochs, options_.eta);
  const auto count = std::ssize(brackets);
  const std::vector<Rung>& whole = brackets[static_cast<std::size_t>(number % count)];
  return affordable(whole.front().trials, count - 1 - number % count);
}

}  // namespace gradus::optim
