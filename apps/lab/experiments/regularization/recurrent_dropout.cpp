// Claim: dropout with a new mask at each step erases the memory of a recurrent state; one mask for
// all steps (variational dropout, on the state in its product with the weights) doesn't. (Gal and
// Ghahramani 2016; Semeniuta et al. 2016.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::recurrent_dropout_experiment {

constexpr int64_t symbols = 8, noises = 2, hidden = 32;
constexpr double rate = 0.5;

enum class Way { none, one_mask, new_masks, state };
const std::pair<Way, const char*> ways[] = {{Way::none, "nothing"},
                                            {Way::one_mask, "product, one mask"},
                                            {Way::new_masks, "product, new masks"},
                                            {Way::state, "state, new masks"}};
const std::pair<gradus::Cell, const char*> kinds[] = {
    {gradus::Cell::gru, "GRU"}, {gradus::Cell::lstm, "LSTM"}, {gradus::Cell::rnn_tanh, "RNN"}};

NamedTensors first_weights(gradus::Cell cell, Rng& rng) {
  RecurrentOptions recurrence{.input = symbols + noises, .hidden = hidden, .orthogonal = true};
  if (cell == gradus::Cell::gru) return GRU(recurrence, rng).parameters();
  if (cell == gradus::Cell::rnn_tanh) return RNN(recurrence, rng).parameters();
  recurrence.forget_bias = 1;
  return LSTM(recurrence, rng).parameters();
}

// A symbol, which is the label, followed by steps of noise: (length + 1, count, symbols + noises).
std::pair<Tensor, Tensor> sequences(int64_t count, int64_t length, Rng& rng) {
  Tensor labels = Tensor::zeros({count}, DType::i64);
  for (int64_t i = 0; i < count; ++i) labels.mutable_data<int64_t>()[i] = rng.below(symbols);
  const Tensor start = pad(unsqueeze(one_hot(labels, symbols), 0), {0, noises});
  return {cat({start, pad(randn({length, count, noises}, rng), {symbols, 0})}), labels};
}

// The last output. The state of a plain cell is its output h; an LSTM also has c.
Tensor read(const Tensor& x, gradus::Cell cell, const RecurrentWeights& w, Way way, Rng& rng) {
  const auto mask = [&] { return dropout(Tensor::ones({x.size(1), hidden}), rate, rng); };
  if (way == Way::none) return recurrent(cell, x, {}, w).state.h;
  if (way == Way::one_mask) return recurrent(cell, x, {}, w, {.mask = mask()}).state.h;
  RecurrentState state;
  for (int64_t time = 0; time < x.size(0); ++time) {
    const SequenceOptions sequence{.mask = way == Way::new_masks ? mask() : Tensor()};
    state = recurrent(cell, slice(x, 0, time, time + 1), state, w, sequence).state;
    if (way == Way::state)
      state = {dropout(state.h, rate, rng),
               state.c.defined() ? dropout(state.c, rate, rng) : Tensor()};
  }
  return state.h;
}

// The percentage of symbols that are recognized without dropout after training with it.
double train(gradus::Cell cell, Way way, int64_t length, uint64_t seed,
             const ExperimentOptions& options) {
  Rng rng(seed);
  NamedTensors all = first_weights(cell, rng);
  const RecurrentWeights weights{all[0].second, all[1].second, all[2].second, all[3].second};
  Dense output(hidden, symbols, rng);
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

Estimate measure(gradus::Cell cell, Way way, int64_t length, const ExperimentOptions& options) {
  return estimate(over_seeds(
      options, 3, [&](uint64_t seed) { return train(cell, way, length, seed, options); }));
}

// The final memory of a cell for each way of dropout.
using Memory = std::map<Way, Estimate>;

// Adds the parts of a cell.
void judge(const std::string& cell, Memory& end, Verdict& verdict) {
  const Estimate& kept = end[Way::one_mask];
  verdict.parts.push_back(fact(cell + ": with one mask more than 90 % is remembered",
                               kept.mean > 90, to_string(kept, 1) + " %"));
  for (const auto& [way, on] : {std::pair(Way::state, "on the state itself"),
                                std::pair(Way::new_masks, "in its product with the weights")})
    verdict.parts.push_back(
        lower(fmt::format("{}: less (%) with new masks {}", cell, on), end[way], kept, 1));
}

Report run(const ExperimentOptions& options) {
  const std::vector<double> lengths = options.small ? std::vector{10.} : std::vector{5., 10., 20.};
  Table table{"Symbols remembered (%); chance: 12.5", {"cell", "dropout on"}};
  for (const double length : lengths)
    table.columns.emplace_back(fmt::format("{} steps", length).c_str(), 1);
  std::vector<Chart> charts;
  Verdict verdict{.remark = fmt::format("Memory is judged after {} steps.", lengths.back())};
  for (const auto& [cell, name] : std::span(kinds).first(options.small ? 1 : 3)) {
    charts.push_back({name, "steps", "symbols remembered (%)"});
    Memory end;
    for (const auto& [way, on] : ways) {
      table.rows.push_back({name, on});
      Series line{on};
      for (const double length : lengths) {
        end[way] = measure(cell, way, static_cast<int64_t>(length), options);
        table.rows.back().push_back(end[way]);
        line.add(length, end[way].mean);
      }
      charts.back().series.push_back(line);
    }
    judge(name, end, verdict);
  }
  return {verdict,
          "one of 8 symbols, remembered through steps of noise by 32 units; dropout rate 0.5.",
          {table},
          {charts}};
}

}  // namespace gradus::lab::recurrent_dropout_experiment
