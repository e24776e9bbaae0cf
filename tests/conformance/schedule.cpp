#include "optim/schedule.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

using namespace optim;

Operation row(const std::string& name, Schedule (*make)(const Case&)) {
  return {name, [make](const Case& c) {
            const Schedule schedule = make(c);
            std::vector<double> rates;
            for (int64_t step = 0; step < c.attr<int64_t>("steps"); ++step)
              rates.push_back(schedule(step));
            return Tensors{Tensor::from(rates, {static_cast<int64_t>(rates.size())})};
          }};
}

double base_lr(const Case& c) {
  return c.attr<double>("base_lr");
}

Schedule make_one_cycle(const Case& c) {
  const bool is_linear = c.attr<std::string>("anneal_strategy") == "linear";
  return one_cycle(c.attr<double>("max_lr"),
                   {.total_steps = c.attr<int64_t>("total_steps"),
                    .pct_start = c.attr<double>("pct_start"),
                    .div_factor = c.attr<double>("div_factor"),
                    .final_div_factor = c.attr<double>("final_div_factor"),
                    .anneal = is_linear ? Anneal::linear : Anneal::cosine});
}

Schedule make_warmup_cosine(const Case& c) {
  return schedules().find("cosine")(
      base_lr(c), c.attr<int64_t>("total_steps"),
      {.warmup_steps = c.attr<int64_t>("warmup_steps"), .min_lr = c.attr<double>("min_lr")});
}

}  // namespace

Family schedule() {
  return {"schedule",
          {row("constant", [](const Case& c) { return constant(base_lr(c)); }),
           row("step",
               [](const Case& c) {
                 return step_decay(base_lr(c), {.step_size = c.attr<int64_t>("step_size"),
                                                .gamma = c.attr<double>("gamma")});
               }),
           row("cosine",
               [](const Case& c) {
                 return cosine(base_lr(c), {.total_steps = c.attr<int64_t>("total_steps"),
                                            .min_lr = c.attr<double>("min_lr")});
               }),
           row("warmup_constant",
               [](const Case& c) {
                 return warmup(c.attr<int64_t>("warmup_steps"), constant(base_lr(c)));
               }),
           row("warmup_cosine", make_warmup_cosine), row("one_cycle", make_one_cycle)}};
}

}  // namespace gradus::conformance
