// search_methods: the table of search methods.
#include "optim/search/bayes.hpp"
#include "optim/search/evolution.hpp"
#include "optim/search/grid.hpp"
#include "optim/search/hyperband.hpp"
#include "optim/search/nas.hpp"
#include "optim/search/random_search.hpp"

namespace gradus::optim {

// A row for `Method` with `Options`.
template <class Method, class Options>
static Registry<SearchFactory>::Entry row(const std::string& name, std::string help) {
  const auto make = [=](SearchTask task, const OptionValues& values) -> std::unique_ptr<Search> {
    const Options given = with_values(name, Options::table(), Options{}, values);
    if constexpr (requires { Method(task, given); })
      return std::make_unique<Method>(std::move(task), given);
    else
      return std::make_unique<Method>(std::move(task));
  };
  return {name, std::move(help), {option_infos(Options::table(), Options{}), make}};
}

const Registry<SearchFactory>& search_methods() {
  static const Registry<SearchFactory> registry(
      "search method",
      {row<GridSearch, NoOptions>("grid", "every combination of evenly spaced values"),
       row<RandomSearch, RandomSearchOptions>("random",
                                              "independent draws (Bergstra and Bengio 2012)"),
       row<BayesSearch, BayesSearchOptions>(
           "bayes", "largest expected improvement by a Gaussian process (Snoek et al. 2012)"),
       row<HalvingSearch, HalvingOptions>(
           "halving",
           "many trials for few epochs, the best for more (Jamieson and Talwalkar 2016)"),
       row<HyperbandSearch, HalvingOptions>(
           "hyperband",
           "successive halving with several initial numbers of epochs (Li et al. 2018)"),
       row<EvolutionSearch, EvolutionSearchOptions>(
           "evolution", "changes of good trials; the oldest are removed (Real et al. 2019)"),
       row<NasSearch, NasSearchOptions>(
           "nas",
           "choices of a recurrent controller trained by reinforcement (Zoph and Le 2017)")});
  return registry;
}

}  // namespace gradus::optim
