#include "optim/schedule.hpp"

#include <iterator>

#include "optim/rate_checks.hpp"

namespace gradus::optim {

double Schedule::operator()(int64_t step) const {
  if (!rate_) misuse("schedule", "is empty");
  require(step >= 0, "schedule", "step must be 0 or more, got {}", step);
  return rate_(step);
}

std::optional<double> Schedule::momentum(int64_t step) const {
  require(step >= 0, "schedule", "step must be 0 or more, got {}", step);
  return momentum_ ? momentum_(step) : std::nullopt;
}

void Schedule::report(int64_t step, double metric) const {
  if (report_) report_(step, metric);
}

Schedule warmup(int64_t warmup_steps, Schedule inner) {
  require(warmup_steps >= 0, "warmup", "warmup_steps must be 0 or more, got {}", warmup_steps);
  require(static_cast<bool>(inner), "warmup", "a schedule after the warmup is needed");
  Schedule::Momentum momentum;
  if (inner.sets_momentum())
    momentum = [=](int64_t step) {
      return inner.momentum(std::max<int64_t>(0, step - warmup_steps));
    };
  Schedule::Report report;
  if (inner.uses_metrics())
    report = [=](int64_t step, double metric) {
      if (step >= warmup_steps) inner.report(step - warmup_steps, metric);
    };
  return Schedule(
      [=](int64_t step) {
        if (step >= warmup_steps) return inner(step - warmup_steps);
        return inner(0) * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
      },
      momentum, report);
}

Schedule chain(std::vector<Piece> pieces) {
  require(!pieces.empty(), "chain", "at least one schedule is needed");
  std::vector<int64_t> starts;
  for (const Piece& piece : pieces) {
    require(static_cast<bool>(piece.schedule), "chain",
            "schedules must not be empty: the one at start {} is", piece.start);
    starts.push_back(piece.start);
  }
  detail::check_starts("chain", starts);
  const auto all = std::make_shared<const std::vector<Piece>>(std::move(pieces));
  const auto at = [all](int64_t step) {
    return std::prev(std::ranges::upper_bound(*all, step, {}, &Piece::start));
  };
  Schedule::Momentum momentum;
  if (std::ranges::any_of(*all, [](const Piece& p) { return p.schedule.sets_momentum(); }))
    momentum = [all, at](int64_t step) -> std::optional<double> {
      for (auto piece = at(step);; --piece) {
        if (const auto found = piece->schedule.momentum(step - piece->start)) return found;
        if (piece == all->begin()) return std::nullopt;
        step = piece->start - 1;
      }
    };
  Schedule::Report report;
  if (std::ranges::any_of(*all, [](const Piece& p) { return p.schedule.uses_metrics(); }))
    report = [at](int64_t step, double metric) {
      const auto piece = at(step);
      piece->schedule.report(step - piece->start, metric);
    };
  return Schedule(
      [at](int64_t step) {
        const auto piece = at(step);
        return piece->schedule(step - piece->start);
      },
      momentum, report);
}

}  // namespace gradus::optim
