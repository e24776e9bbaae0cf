// Learning rates as functions of the step.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/registry.hpp"

namespace gradus::optim {

/// The learning rate at step 0, 1, …: `optimizer.set_lr(schedule(step))` before each step. Throws
/// std::invalid_argument for a negative step. A schedule with an end keeps its last value after it.
using Schedule = std::function<double(int64_t step)>;

// Each maker throws std::invalid_argument for an option out of its range. `base_lr` is positive.

/// base_lr.
Schedule constant(double base_lr);

struct StepOptions {
  int64_t step_size;   ///< steps from one drop to the next, 1 or more
  double gamma = 0.1;  ///< the factor of a drop, positive
};
/// base_lr · gamma^⌊t / step_size⌋.
Schedule step_decay(double base_lr, const StepOptions& options);

struct CosineOptions {
  int64_t total_steps;  ///< 1 or more
  double min_lr = 0;    ///< 0 … base_lr
};
/// min_lr + ½(base_lr − min_lr)(1 + cos(π·t / total_steps)) (Loshchilov and Hutter 2017).
Schedule cosine(double base_lr, const CosineOptions& options);

enum class Anneal { cosine, linear };

struct OneCycleOptions {
  int64_t total_steps;             ///< 1 or more
  double pct_start = 0.3;          ///< the part of the steps in which the rate rises, 0 … 1
  double div_factor = 25;          ///< starts at max_lr / div_factor; 1 or more
  double final_div_factor = 1e4;   ///< ends at the start / final_div_factor; 1 or more
  Anneal anneal = Anneal::cosine;  ///< the curve of both parts
};
/// From max_lr / div_factor up to max_lr at step pct_start·total_steps − 1, then down to its last
/// value at total_steps − 1 (Smith and Topin 2018), as PyTorch's OneCycleLR.
Schedule one_cycle(double max_lr, const OneCycleOptions& options);

/// A linear rise before any schedule: inner(0)·(t + 1) / warmup_steps for t < warmup_steps, then
/// inner(t − warmup_steps) (Goyal et al. 2017). `warmup_steps` is 0 or more.
Schedule warmup(int64_t warmup_steps, Schedule inner);

/// What the named schedules can be told; an option not given has the schedule's default.
struct ScheduleOptions {
  int64_t warmup_steps = 0;  ///< of a linear rise before the schedule, less than all steps
  std::optional<int64_t> step_size = {};  ///< a third of the steps
  std::optional<double> gamma = {}, min_lr = {};
  std::optional<double> pct_start = {}, div_factor = {}, final_div_factor = {};
  std::optional<Anneal> anneal = {};
};

using ScheduleFactory =
    std::function<Schedule(double base_lr, int64_t total_steps, const ScheduleOptions& options)>;

/// constant, step, cosine, one-cycle: over `total_steps`, those of the warm-up included. A factory
/// throws std::invalid_argument for an option that its schedule doesn't have.
const Registry<ScheduleFactory>& schedules();

}  // namespace gradus::optim
