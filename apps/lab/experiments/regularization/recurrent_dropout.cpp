// Claim: dropout with a new mask at each step erases what a recurrent state remembers; with one
// mask for all steps (variational, on the state in its product with the weights) it doesn't. (Gal
// and Ghahramani 2016; Semeniuta et al. 2016.)
#include <gradus.hpp>

#include "apps/lab/experiment.hpp"
#include "apps/lab/measure/seeds.hpp"

namespace gradus::lab::recurrent_dropout_experiment {

constexpr int64_t symbols = 8, noises = 2, hidden = 32;
constexpr double rate = 0.5;

enum class Way { none, one_mask, new_masks, state };
const char* const ways[] = {"nothing", "product, one mask", "product, new masks",
                            "state, new masks"};
const std::pair<gradus::Cell, const char*> kinds[] = {
    {gradus::Cell::gru, "GRU"}, {gradus::Cell::lstm, "LSTM"}, {gradus::Cell::rnn_tanh, "RNN"}};

NamedTensors first_weights(gradus::Cell cell, Rng& rng) {
  layers::RecurrentOptions recurrence{
      .input = symbols + noises, .hidden = hidden, .orthogonal = true};
  if (cell == gradus::Cell::gru) return layers::GRU(recurrence, rng).parameters();
  if (cell == gradus::Cell::rnn_tanh) return layers::RNN(recurrence, rng).parameters();
  recurrence.forget_bias = 1;
  return layers::LSTM(recurrence, rng).parameters();
}

// A symbol, the label, then steps of noise: (length + 1, count, symbols + noises).
std::pair<Tensor, Tensor> sequences(int64_t count, int64_t length, Rng& rng) {
  Tensor labels = Tensor::zeros({count}, DType::i64);
  for (int64_t i = 0; i < count; ++i) labels.mutable_data<int64_t>()[i] = rng.below(symbols);
  const Tensor start = pad(unsqueeze(one_hot(labels, symbols), 0), {0, noises});
  return {cat({start, pad(randn({length, count, noises}, rng), {symbols, 0})}), labels};
}

// The last state. A plain cell's state is its output h, an LSTM's is c as well.
Tensor read(const Tensor& x, gradus::Cell cell, const RecurrentWeights& w, Way way, Rng& rng) {
  const auto mask = [&] { return dropout(Tensor::ones({x.size(1), hidden}), rate, rng); };
  if (way == Way::none) return recurrent(cell, x, {}, w).state.h;
  if (way == Way::one_mask) return recurrent(cell, x, {}, w, {.mask = mask()}).state.h;
  RecurrentState state;
  for (int64_t time = 0; time < x.size(0); ++time) {
    const SequenceOptions sequence{.mask = way == Way::new_masks ? mask() : Tensor()};
    state = recurrent(cell, slice(x, 0, time, time + 1), state, w, sequence).state;
    if (way == Way::state)
      state = {dropout(state.h, rate, rng), state.c ? dropout(state.c, rate, rng) : Tensor()};
  }
  return state.h;
}

// The part of symbols, in percent, that is told right, without dropout, after training with it.
double train(gradus::Cell cell, Way way, int64_t length, uint64_t seed,
             const ExperimentOptions& options) {
  Rng rng(seed);
  NamedTensors all = first_weights(cell, rng);
  const RecurrentWeights weights{all[0].second, all[1].second, all[2].second, all[3].second};
  layers::Dense output(hidden, symbols, rng);
  for (const auto& [name, weight] : output.parameters()) all.emplace_back("output." + name, weight);
  optim::Adam optimizer(all, {.lr = 0.003});
  while (optimizer.steps() < (options.small ? 400 : 600)) {
    options.report(fmt::format("{} steps to remember, seed {}", length, seed));
    const auto [x, labels] = sequences(64, length, rng);
    optimizer.zero_grad();
    cross_entropy(output(read(x, cell, weights, way, rng)), labels).backward();
    optim::clip_grad_norm(all, 1);
    optimizer.step();
  }
  const auto [x, labels] = sequences(1000, length, rng);
  return 100 * accuracy(output(read(x, cell, weights, Way::none, rng)), labels);
}

Report run(const ExperimentOptions& options) {
  const std::vector<double> lengths = options.small ? std::vector{10.} : std::vector{5., 10., 20.};
  Table table{"Symbols remembered (%); by chance 12.5", {"cell", "dropout on"}};
  for (const double t : lengths) table.columns.emplace_back(fmt::format("{} steps", t).c_str(), 1);
  std::vector<pictures::Chart> charts;
  std::string kept, reason = fmt::format("After {} steps:", lengths.back());
  bool always = true;
  for (const auto& kind : std::span(kinds).first(options.small ? 1 : 3)) {
    charts.push_back({kind.second, "steps", "symbols remembered (%)", {}});
    std::vector<Estimate> end(4);
    for (int way = 0; way < 4; ++way) {
      table.rows.push_back({kind.second, ways[way]});
      charts.back().series.push_back({ways[way], lengths, {}});
      for (const double length : lengths) {
        const auto right = over_seeds(options, options.small ? 2 : 3, [&](uint64_t seed) {
          return train(kind.first, Way(way), int64_t(length), seed, options);
        });
        end[way] = estimate(right);
        table.rows.back().push_back(end[way]);
        charts.back().series.back().y.push_back(end[way].mean);
      }
    }
    const bool holds = clearly_below(end[3], end[1]) && end[1].mean > 90;
    always &= holds && clearly_below(end[2], end[1]);
    if (holds) kept += fmt::format("{}{}", kept.empty() ? "" : " or ", kind.second);
    reason +=
        fmt::format(" {} {:.0f} %, by one mask {:.0f}, by new ones {:.0f}, on the state {:.0f}.",
                    kind.second, end[0].mean, end[1].mean, end[2].mean, end[3].mean);
  }
  Verdict verdict{Outcome::fails, reason, "new masks fall on the state itself of a " + kept};
  if (!kept.empty()) verdict.outcome = always ? Outcome::holds : Outcome::conditional;
  const char* const measured = "one of 8 symbols, told after steps of noise by 32 units, rate 0.5.";
  return {verdict, measured, {table}, {charts}};
}

Experiment make() {
  return {.name = "recurrent-dropout",
          .chapter = "Recurrent networks",
          .title = "Dropout and memory",
          .claim = "Dropout of a state erases memory by new masks at each step, not by one mask.",
          .source = "Gal and Ghahramani 2016; Semeniuta et al. 2016",
          .heeds = {"seeds"},
          .run = run};
}

}  // namespace gradus::lab::recurrent_dropout_experiment
