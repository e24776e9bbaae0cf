#include "layers/network/models.hpp"

#include "layers/network/network_layers.hpp"

namespace gradus::layers {

// A single word that is not a layer must be a model's name.
static bool is_name(std::string_view text) {
  const bool is_word = text.find_first_of(" ,(|\n\t") == text.npos && !text.empty();
  return is_word && (models().contains(text) || !network_layers().contains(text));
}

// Max pooling comes before activations: for increasing activations the result is the same, with
// less work.
const Registry<std::string>& models() {
  static const Registry<std::string> table(
      "model",
      {{"mlp", "dense 512, 256",
        "flatten, dense 512, norm none, activation, dropout 0, dense 256, norm none, activation, "
        "dropout 0, dense classes"},
       {"mlp-bn", "dense 512, 256, batch normalization before each activation",
        "flatten, dense 512, norm, activation, dropout 0, dense 256, norm, activation, dropout 0, "
        "dense classes"},
       {"lenet",
        "conv 6 5×5, pool, conv 16 5×5, pool, dense 120, 84; LeCun et al. 1998 with max pooling",
        "conv 6 5x5 pad 2, norm none, maxpool 2, activation, conv 16 5x5, norm none, maxpool 2, "
        "activation, dropout 0, flatten, dense 120, activation, dropout 0, dense 84, activation, "
        "dropout 0, dense classes"},
       {"cnn", "conv 32 3×3, conv 64 3×3, pool, dropout, dense 128, dropout",
        "conv 32 3x3, norm none, activation, conv 64 3x3, norm none, maxpool 2, activation, "
        "dropout .25, flatten, dense 128, activation, dropout .5, dense classes"},
       {"cnn-bn", "conv 32 3×3, pool, conv 64 3×3, pool, dense 128, batch normalization",
        "conv 32 3x3 pad 1, norm, maxpool 2, activation, conv 64 3x3 pad 1, norm, maxpool 2, "
        "activation, dropout 0, flatten, dense 128, activation, dropout 0, dense classes"},
       {"rnn", "reads an image row by row with an RNN of 128 units",
        "rnn 128, dropout 0, dense classes"},
       {"lstm", "the same with an LSTM", "lstm 128, dropout 0, dense classes"},
       {"gru", "the same with a GRU", "gru 128, dropout 0, dense classes"},
       {"gpt", "a small GPT for texts: 4 layers of 4 heads, width 128",
        "tied 128 (positions learned, repeat 4 (transformer heads 4 activation gelu no-bias), norm "
        "layer no-bias)"}});
  return table;
}

Sequential build(std::string_view model, const ModelOptions& options, Rng& rng) {
  const bool named = is_name(model);
  const std::string name = named ? std::string(model) : "network";
  const std::string_view text = named ? std::string_view(models().find(model)) : model;
  const std::vector<NetworkItem> items = [&] {
    try {
      return parse_network(text);
    } catch (const std::invalid_argument& error) {
      fail(name, "{}", error.what());
    }
  }();
  return NetworkBuilder(name, network_layers(), options, rng).build(items);
}

}  // namespace gradus::layers
