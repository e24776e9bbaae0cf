#include "optim/search/hyperband.hpp"

#include <cmath>

namespace gradus::optim {

OptionTable<HalvingOptions> HalvingOptions::table() {
  return {{"eta", &HalvingOptions::eta, Range{.low = 2, .high = 1000},
           "of the trials of a rung, one in so many goes on"}};
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
    // Which trials are known must not depend on when this is asked: a search that goes on asks at
    // other times.
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

// Where a trial lies that none has been to.
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
  return std::any_of(trials().begin(), trials().end(),
                     [](const Trial& trial) { return trial.is_running; });
}

// A trial of another bracket that can be one of this, too.
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
        static_cast<double>(most + 1) * std::pow(eta, s) / static_cast<double>(s + 1);
    result.push_back(rungs(static_cast<int64_t>(std::ceil(trials - 1e-9)), epochs, eta, s));
  }
  return result;
}

std::vector<Rung> HyperbandSearch::next_bracket(int64_t number) {
  const auto brackets = hyperband_brackets(task().epochs, options_.eta);
  const auto count = static_cast<int64_t>(brackets.size());
  const std::vector<Rung>& whole = brackets[static_cast<std::size_t>(number % count)];
  return affordable(whole.front().trials, count - 1 - number % count);
}

}  // namespace gradus::optim
