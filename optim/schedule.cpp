#include "optim/schedule.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace gradus::optim {

double Schedule::operator()(int64_t step) const {
  if (!rate_) misuse("schedule", "is empty");
  require(step >= 0, "schedule", "steps count from 0, got {}", step);
  return rate_(step);
}

std::optional<double> Schedule::momentum(int64_t step) const {
  require(step >= 0, "schedule", "steps count from 0, got {}", step);
  return momentum_ ? momentum_(step) : std::nullopt;
}

void Schedule::report(int64_t step, double metric) const {
  if (report_) report_(step, metric);
}

Schedule warmup(int64_t warmup_steps, Schedule inner) {
  require(warmup_steps >= 0, "warmup", "warmup_steps is 0 or more, got {}", warmup_steps);
  require(static_cast<bool>(inner), "warmup", "needs a schedule to go on with");
  return Schedule(
      [=](int64_t step) {
        if (step >= warmup_steps) return inner(step - warmup_steps);
        return inner(0) * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
      },
      [=](int64_t step) { return inner.momentum(std::max<int64_t>(0, step - warmup_steps)); },
      [=](int64_t step, double metric) {
        if (step >= warmup_steps) inner.report(step - warmup_steps, metric);
      });
}

Schedule chain(std::vector<Piece> pieces) {
  require(!pieces.empty(), "chain", "needs one schedule or more");
  require(pieces[0].start == 0, "chain", "starts begin at 0, got {}", pieces[0].start);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    require(static_cast<bool>(pieces[i].schedule), "chain", "the schedule at start {} is empty",
            pieces[i].start);
    require(i == 0 || pieces[i - 1].start < pieces[i].start, "chain",
            "starts grow, got {} after {}", pieces[i].start, i == 0 ? 0 : pieces[i - 1].start);
  }
  const auto at = [pieces = std::move(pieces)](int64_t step) {
    const auto after = std::upper_bound(pieces.begin(), pieces.end(), step,
                                        [](int64_t t, const Piece& p) { return t < p.start; });
    return *(after - 1);
  };
  return Schedule(
      [at](int64_t step) {
        const Piece piece = at(step);
        return piece.schedule(step - piece.start);
      },
      [at](int64_t step) {
        const Piece piece = at(step);
        return piece.schedule.momentum(step - piece.start);
      },
      [at](int64_t step, double metric) {
        const Piece piece = at(step);
        piece.schedule.report(step - piece.start, metric);
      });
}

}  // namespace gradus::optim
