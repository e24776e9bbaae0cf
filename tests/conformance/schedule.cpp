#include "optim/schedules/schedule_text.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

using namespace optim;

Tensors rates(const Case& c, const std::function<double(int64_t)>& rate) {
  std::vector<double> all;
  for (int64_t step = 0; step < c.attr<int64_t>("steps"); ++step) all.push_back(rate(step));
  return {Tensor::from(all, {static_cast<int64_t>(all.size())})};
}

Operation row(const std::string& name, Schedule (*make)(const Case&)) {
  return {name, [make](const Case& c) { return rates(c, make(c)); }};
}

double base_lr(const Case& c) {
  return c.attr<double>("base_lr");
}

// All options that the case names, for a schedule of that name.
template <class Options>
Options schedule_options(const Case& c, Options result = {}) {
  OptionValues values;
  for (const OptionRow<Options>& option : Options::table()) {
    if (!c.attrs.contains(option.info.name)) continue;
    const auto& value = c.attrs.at(option.info.name);
    if (value.is_number()) values[option.info.name] = value.template get<double>();
    if (value.is_string()) values[option.info.name] = value.template get<std::string>();
  }
  return with_values(c.op, Options::table(), result, values);
}

Schedule make_multi_step(const Case& c) {
  const auto milestones = c.attr<std::vector<int64_t>>("milestones");
  return multi_step(base_lr(c), schedule_options<MultiStepOptions>(c, {.milestones = milestones}));
}

Schedule make_piecewise_constant(const Case& c) {
  return piecewise_constant({.boundaries = c.attr<std::vector<int64_t>>("boundaries"),
                             .values = c.attr<std::vector<double>>("values")});
}

Schedule make_polynomial(const Case& c) {
  return polynomial(base_lr(c), {.total_steps = c.attr<int64_t>("total_steps"),
                                 .power = c.attr<double>("power"),
                                 .min_lr = c.attr<double>("end_lr")});
}

Schedule make_cyclic(const Case& c) {
  const double max_lr = c.attr<double>("max_lr");
  return cyclic(max_lr, schedule_options<CyclicOptions>(c, {.div_factor = max_lr / base_lr(c)}));
}

Schedule make_one_cycle(const Case& c) {
  OneCycleOptions o{.total_steps = c.attr<int64_t>("total_steps")};
  if (c.attr<std::string>("anneal_strategy") == "linear") o.anneal = Anneal::linear;
  return one_cycle(c.attr<double>("max_lr"), schedule_options(c, o));
}

Schedule make_warmup_cosine(const Case& c) {
  return schedules().find("cosine")(base_lr(c), c.attr<int64_t>("total_steps"),
                                    {{"min_lr", c.attr<double>("min_lr")}},
                                    c.attr<int64_t>("warmup_steps"));
}

Tensors run_reduce_on_plateau(const Case& c) {
  const Schedule schedule = reduce_on_plateau(
      base_lr(c),
      schedule_options<ReduceOnPlateauOptions>(c, {.patience = c.attr<int64_t>("patience")}));
  const double* metrics = c.input("metrics").data<double>();
  return rates(c, [&](int64_t step) {
    const double rate = schedule(step);
    schedule.report(step, metrics[step]);
    return rate;
  });
}

}  // namespace

Family schedule() {
  return {
      "schedule",
      {row("constant", [](const Case& c) { return constant(base_lr(c)); }),
       row("step",
           [](const Case& c) { return step_decay(base_lr(c), schedule_options<StepOptions>(c)); }),
       row("multi_step", make_multi_step),
       row("piecewise_constant", make_piecewise_constant),
       row("inverse_time",
           [](const Case& c) {
             return inverse_time(base_lr(c), schedule_options<InverseTimeOptions>(c));
           }),
       row("exponential",
           [](const Case& c) {
             return exponential(base_lr(c), schedule_options<ExponentialOptions>(c));
           }),
       row("natural_exponential",
           [](const Case& c) {
             return natural_exponential(base_lr(c), schedule_options<NaturalExponentialOptions>(c));
           }),
       row("polynomial", make_polynomial),
       row("cosine",
           [](const Case& c) {
             const auto total = c.attr<int64_t>("total_steps");
             return cosine(base_lr(c),
                           schedule_options<optim::CosineOptions>(c, {.total_steps = total}));
           }),
       row("cosine_warm_restarts",
           [](const Case& c) {
             return cosine_warm_restarts(base_lr(c),
                                         schedule_options<CosineWarmRestartsOptions>(c));
           }),
       row("warmup_constant",
           [](const Case& c) {
             return warmup(c.attr<int64_t>("warmup_steps"), constant(base_lr(c)));
           }),
       row("warmup_cosine", make_warmup_cosine),
       row("cyclic", make_cyclic),
       row("one_cycle", make_one_cycle),
       {"reduce_on_plateau", run_reduce_on_plateau}}};
}

}  // namespace gradus::conformance
