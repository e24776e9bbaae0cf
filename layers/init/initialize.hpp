// initialize: sets the initial weights of a whole module, as a text describes.
#pragma once

#include <functional>

#include "core/random.hpp"

namespace gradus::layers {

class Module;

/// Initializes the dense and convolution layers of `module`. The text has parts joined by "+",
/// applied in order, each of the form
///
///     [TYPE=]NAME[:ARGUMENT,…]
///
/// NAME is one of initializers() (layers/init/initializers.hpp). An argument is key=value; the
/// first ones don't need their keys, in the order of the help. A part draws the weights of all
/// dense and convolution layers, or only those of its TYPE (dense or conv), and sets their biases
/// to 0; bias=NAME only sets these biases. Attention has dense layers: its projections to queries,
/// keys and values are drawn one by one. recurrent=NAME draws the weights of recurrent layers, gate
/// by gate, and doesn't change their biases:
///
///     he-normal
///     he-uniform:gain=leaky-relu,slope=0.2
///     conv=he-normal:fan=out+dense=xavier-uniform+bias=constant:0.01
///     orthogonal+lsuv
///     xavier-uniform+recurrent=orthogonal
///     he-normal+pretrained:best.safetensors,0.*
///
/// Parameters of other layers don't change, except those that `pretrained` reads. `lsuv` needs a
/// `batch` of inputs; as the first part it draws orthogonal weights first. For transposed
/// convolutions the fans count their own outputs and inputs. Throws std::invalid_argument for a
/// wrong text (before it changes anything), for a layer whose weight is already normalized, for
/// conv=, dense= or recurrent= without such a layer, and the errors of the initializers.
///
/// `normalize`, if given, adds weight normalizations to `module`, which start from the drawn
/// weights. A `pretrained` file with the tensors of normalized weights is read after it.
void initialize(Module& module, std::string_view text, Rng& rng, const Tensor& batch = {},
                const std::function<void()>& normalize = {});

/// Draws one weight, for example by a function of layers/init_functions.hpp.
using Initializer = std::function<void(Tensor& weight, Rng& rng)>;

/// Draws the weights of all dense and convolution layers, in their order, and sets their biases to
/// 0.
void initialize(Module& module, const Initializer& initializer, Rng& rng);

}  // namespace gradus::layers
