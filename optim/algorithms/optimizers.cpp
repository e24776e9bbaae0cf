#include "optim/algorithms/optimizers.hpp"

#include "optim/algorithms/adadelta.hpp"
#include "optim/algorithms/adafactor.hpp"
#include "optim/algorithms/adagrad.hpp"
#include "optim/algorithms/adam.hpp"
#include "optim/algorithms/adamax.hpp"
#include "optim/algorithms/lamb.hpp"
#include "optim/algorithms/lars.hpp"
#include "optim/algorithms/lion.hpp"
#include "optim/algorithms/muon.hpp"
#include "optim/algorithms/nadam.hpp"
#include "optim/algorithms/radam.hpp"
#include "optim/algorithms/rmsprop.hpp"
#include "optim/algorithms/schedule_free_adamw.hpp"
#include "optim/algorithms/sgd.hpp"

namespace gradus::optim {
namespace {

struct Rates {
  double lr, peak_lr = lr;
};

// A row for `Algorithm` with `defaults`; only the options in `names` can be set.
template <class Algorithm, class Options>
Registry<OptimizerFactory>::Entry row(std::string name, std::string help, const Rates& rates,
                                      const Options& defaults,
                                      const std::vector<std::string>& names = {}) {
  const OptionTable<Options> table =
      names.empty() ? Options::table() : rows_of(Options::table(), names);
  const auto make = [=](const NamedTensors& parameters, double lr, const OptionValues& values,
                        [[maybe_unused]] const NamedTensors& outer) {
    Options given = with_values(name, table, defaults, values);
    given.lr = lr;
    if constexpr (std::is_constructible_v<Algorithm, const NamedTensors&, const Options&,
                                          const NamedTensors&>)
      return std::make_unique<Algorithm>(parameters, given, outer);
    else
      return std::make_unique<Algorithm>(parameters, given);
  };
  return {name, std::move(help), {option_infos(table, defaults), rates.lr, rates.peak_lr, make}};
}

}  // namespace

const Registry<OptimizerFactory>& optimizers() {
  static const Registry<OptimizerFactory> registry(
      "optimizer",
      {row<SGD>("sgd", "stochastic gradient descent: θ ← θ − lr·g, or with momentum", {0.1},
                SGDOptions{}),
       row<SGD>("momentum", "descent along a running sum of gradients (Polyak 1964)", {0.01},
                SGDOptions{.momentum = 0.9},
                {"momentum", "dampening", "style", "weight_decay", "decoupled_weight_decay"}),
       row<SGD>("nag", "Nesterov momentum (Nesterov 1983)", {0.01},
                SGDOptions{.momentum = 0.9, .nesterov = true},
                {"momentum", "style", "weight_decay", "decoupled_weight_decay"}),
       row<Adagrad>("adagrad", "rates per weight that fall with past gradients (Duchi et al. 2011)",
                    {0.01}, AdagradOptions{}),
       row<RMSProp>("rmsprop",
                    "gradients divided by their root mean square (Tieleman and Hinton 2012)",
                    {0.001, 0.004}, RMSPropOptions{}),
       row<Adadelta>("adadelta",
                     "step sizes from previous steps, without a learning rate (Zeiler 2012)", {1},
                     AdadeltaOptions{}),
       row<Adam>("adam",
                 "rates per weight from mean and mean square of gradients (Kingma and Ba 2015)",
                 {0.001, 0.004}, AdamOptions{}),
       row<AdamW>("adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019)",
                  {0.001, 0.004}, AdamWOptions{}),
       row<NAdam>("nadam", "Adam with Nesterov momentum (Dozat 2016)", {0.001, 0.004},
                  NAdamOptions{}),
       row<Adamax>(
           "adamax",
           "Adam with the largest gradient instead of the root mean square (Kingma and Ba 2015)",
           {0.002, 0.008}, AdamaxOptions{}),
       row<RAdam>("radam", "Adam with a built-in warmup (Liu et al. 2020)", {0.001, 0.004},
                  RAdamOptions{}),
       row<Lion>("lion", "steps of equal size by the sign of the mean gradient (Chen et al. 2023)",
                 {0.0001, 0.0004}, LionOptions{}),
       row<LAMB>(
           "lamb",
           "Adam with steps scaled by each tensor's norm, for large batches (You et al. 2020)",
           {0.01}, LAMBOptions{}),
       row<LARS>(
           "lars",
           "momentum with steps scaled by each tensor's norm, for large batches (You et al. 2017)",
           {1}, LARSOptions{}),
       row<Adafactor>(
           "adafactor",
           "relative steps; mean squares by rows and columns, for little memory (Shazeer and Stern "
           "2018)",
           {0.01}, AdafactorOptions{}),
       row<ScheduleFreeAdamW>(
           "schedule-free-adamw",
           "AdamW with an average of the weights instead of a schedule (Defazio et al. 2024)",
           {0.0025}, ScheduleFreeAdamWOptions{}),
       row<Muon>("muon",
                 "momentum with orthogonal steps for hidden layers, AdamW for others (Jordan 2024)",
                 {0.02}, MuonOptions{})},
      {{"nag", {"nesterov"}}});
  return registry;
}

}  // namespace gradus::optim
