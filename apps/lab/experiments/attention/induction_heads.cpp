// Claim: a network of two attention layers learns to copy by an induction head, one of one layer
// doesn't. (Olsson et al. 2022.)
#include "apps/lab/experiments/toolbox.hpp"
#include "apps/lab/models/language_model.hpp"

namespace gradus::lab::induction_heads_experiment {

constexpr int64_t tokens = 24, length = 30, run_length = 5, width = 48;

// Attention layers with shortcuts, without feed-forward networks.
class AttentionOnly : public Layer<AttentionOnly> {
 public:
  AttentionOnly(int64_t layers, int64_t heads, Rng& rng)
      : embedding_(tokens, width, rng), output_(width, tokens, rng) {
    for (int64_t i = 0; i < layers; ++i) {
      norms_.emplace_back(Shape{width});
      attentions_.emplace_back(width, heads, rng, MultiheadAttentionOptions{.is_causal = true});
    }
  }

  Tensor forward(const Tensor& x) override { return run(x, nullptr); }

  // Also appends the weights (N, L, L) of each layer, the mean over its heads.
  Tensor run(const Tensor& x, Tensors* patterns) {
    Tensor y = embedding_(x) + sinusoidal_positions(x.size(1), width);
    for (std::size_t i = 0; i < attentions_.size(); ++i) {
      const AttentionOutput attended = attentions_[i].run(
          norms_[i](y), {.is_causal = true, .need_weights = patterns != nullptr});
      if (patterns) patterns->push_back(attended.weights);
      y = y + attended.y;
    }
    return output_(y);
  }

  void members(Members& members) override {
    members.child("embedding", embedding_);
    for (std::size_t i = 0; i < attentions_.size(); ++i) {
      members.child(fmt::format("norms.{}", i), norms_[i]);
      members.child(fmt::format("attentions.{}", i), attentions_[i]);
    }
    members.child("output", output_);
  }
  std::string description() const override { return "AttentionOnly()"; }

 private:
  Embedding embedding_;
  std::vector<LayerNorm> norms_;
  std::vector<MultiheadAttention> attentions_;
  Dense output_;
};

// Sequences whose first half are different tokens in random order.
struct Repetitions {
  TokenBatch batch;
  // Of token t of sequence i, at i·L + t: its place in the first half.
  std::vector<int64_t> first;
};

// The second half repeats the first: as it is, so that the next token is always at the same
// distance, or in runs of `run_length` tokens, each from a random place.
Repetitions draw_repetitions(int64_t count, bool in_runs, Rng& rng) {
  Repetitions result;
  std::vector<int64_t> all;
  for (int64_t i = 0; i < count; ++i) {
    const std::vector<int64_t> half = rng.permutation(tokens);
    int64_t place = -1;
    for (int64_t t = 0; t <= length; ++t) {
      const bool jumps = in_runs && t >= length / 2 && t % run_length == 0;
      place = jumps ? rng.below(length / 2 - run_length + 1) : (place + 1) % (length / 2);
      all.push_back(half[static_cast<std::size_t>(place)]);
      if (t < length) result.first.push_back(place);
    }
  }
  const Tensor rows = Tensor::from(all, {count, length + 1});
  result.batch = {slice(rows, 1, 0, length), slice(rows, 1, 1, length + 1)};
  return result;
}

// The mean of value(sequence, place, place in the first half) over the places of the second half
// that a place of the same run follows.
template <class Value>
double mean_of_copies(const Repetitions& repetitions, Value value) {
  std::vector<double> values;
  for (std::size_t i = 0; i < repetitions.first.size(); ++i) {
    const int64_t at = static_cast<int64_t>(i), t = at % length;
    if (t >= length / 2 && t % run_length != run_length - 1)
      values.push_back(value(at / length, t, repetitions.first[i]));
  }
  return estimate(values).mean;
}

// The mean weight, in percent, of the previous token at the places of the first half: weights
// (N, L, L).
double weight_of_previous(const Tensor& weights) {
  double sum = 0;
  for (int64_t t = 1; t < length / 2; ++t) sum += mean(weights(gradus::Slice{}, t, t - 1)).item();
  return 100 * sum / (length / 2 - 1);
}

struct Run {
  std::vector<double> accuracy;  // in percent, after each twentieth of the steps
  // Weights, in percent: of the first layer for the previous token, of the last layer for the token
  // that once followed the same one.
  double previous = 0, induction = 0;
  Tensors patterns = {};  // of the first test sequence

  double last() const { return accuracy.back(); }
};

Tensor second_half(const Tensor& sequences) {
  return slice(sequences, 1, length / 2, length);
}

constexpr const char *accuracy = "predicted", *first_layer = "first layer: previous token",
                     *last_layer = "last layer: what followed the same";

struct Network {
  const char* name;
  int64_t layers, heads;
  bool in_runs = true;
};
const Network networks[] = {{"two layers of one head", 2, 1},
                            {"one layer of one head", 1, 1},
                            {"one layer of four heads", 1, 4},
                            {"four heads, same distance", 1, 4, false}};

enum : std::size_t { two_layers, one_head, four_heads, same_distance };  // their places

Run train(const Network& network, int64_t steps, uint64_t seed, const ExperimentOptions& options) {
  Rng weights = weights_rng(seed), draws = Rng(seed).fork(1), test_draws = Rng(seed).fork(2);
  AttentionOnly model(network.layers, network.heads, weights);
  optim::Adam optimizer(model.parameters(), {.lr = 0.005});
  const Repetitions test = draw_repetitions(100, network.in_runs, test_draws);
  Run run;
  while (optimizer.steps() < steps) {
    options.report(fmt::format("{}, seed {}, step {}", network.name, seed, optimizer.steps() + 1));
    const TokenBatch batch = draw_repetitions(32, network.in_runs, draws).batch;
    optimizer.zero_grad();
    token_loss(second_half(model(batch.inputs)), second_half(batch.targets)).backward();
    optimizer.step();
    if (optimizer.steps() % (steps / 20) != 0) continue;
    const Tensor guesses = argmax(no_grad([&] { return model(test.batch.inputs); }), 2);
    run.accuracy.push_back(100 * mean_of_copies(test, [&](int64_t i, int64_t t, int64_t) {
                             return guesses(i, t).item() == test.batch.targets(i, t).item() ? 1.
                                                                                            : 0.;
                           }));
  }
  Tensors patterns;
  no_grad([&] { return model.run(test.batch.inputs, &patterns); });
  run.previous = weight_of_previous(patterns.front());
  run.induction = 100 * mean_of_copies(test, [&](int64_t i, int64_t t, int64_t first) {
                    return patterns.back()(i, t, first + 1).item();
                  });
  for (const Tensor& pattern : patterns) run.patterns.push_back(pattern(0));
  return run;
}

Chart pattern_chart(const char* title, const Tensor& pattern) {
  Chart chart{title, "place attended to", "place"};
  chart.plot_height = 396;
  return chart.heat_map(flip(pattern, {0}), {0, length}, {0, length});
}

Verdict verdict(const Table& table) {
  const auto at = [&](std::size_t network, const char* column) {
    return number_at(table, {networks[network].name}, column);
  };
  const auto above = [&](const char* says, const Estimate& percent, double limit) {
    return fact(fmt::format("{} {:.0f} %", says, limit), percent.mean > limit,
                to_string(percent, 1) + " %");
  };
  const Estimate two = at(two_layers, accuracy), same = at(same_distance, accuracy);
  return {{above("two layers predict the repeated tokens: more than", two, 90),
           above("their first layer attends to the previous token with a weight of more than",
                 at(two_layers, first_layer), 50),
           above("their second layer attends to the token that followed the same one with a weight "
                 "of more than",
                 at(two_layers, last_layer), 50),
           higher("two layers of one head predict more (%) than one layer of one head", two,
                  at(one_head, accuracy), 1),
           higher("two layers of one head predict more (%) than one layer of four heads", two,
                  at(four_heads, accuracy), 1),
           within("one layer of four heads doesn't copy at a constant distance either: it predicts "
                  "less than 10 points (%) more than in runs",
                  same, at(four_heads, accuracy), 10, 1)},
          "At a constant distance places are enough: no layer has to find the same token.",
          "feed-forward networks, which one layer may use; text"};
}

Report run(const ExperimentOptions& options) {
  const int64_t steps = options.longer ? 2000 : options.small ? 300 : 400;
  Table table{"Repeated tokens that are predicted, and weights of attention (%)",
              {"network", {accuracy, 1}, {first_layer, 1}, {last_layer, 1}}};
  Chart chart{"Training", "twentieth of the training", "repeated tokens predicted (%)"};
  std::vector<Chart> patterns;
  for (const Network& network : networks) {
    const auto runs = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
      return train(network, steps, seed, options);
    });
    add_row(table, {network.name}, runs, &Run::last, &Run::previous, &Run::induction);
    add_or_join(chart, mean_curve(network.name, runs, &Run::accuracy));
    if (network.layers == 2)
      patterns = {pattern_chart("First layer: the previous token", runs[0].patterns[0]),
                  pattern_chart("Second layer: the induction head", runs[0].patterns[1])};
  }
  const std::string measured = fmt::format(
      "sequences of {} tokens: {} different ones in random order, which then repeat in runs of {} "
      "from random places, or as a whole (the same distance). The loss is that of the second half, "
      "the accuracy that of the tokens within runs; a guess among those of the first half is right "
      "in {:.0f} %. {} steps of Adam, attention without feed-forward networks.",
      length, length / 2, run_length, 200. / length, steps);
  return {verdict(table), measured, {table}, {{chart}, patterns}};
}

}  // namespace gradus::lab::induction_heads_experiment
