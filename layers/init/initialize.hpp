// Initial weights of a whole module, chosen by text.
#pragma once

#include <functional>

#include "core/random.hpp"

namespace gradus::layers {

class Module;

/// Initializes the dense and convolution layers of `module` as `text` says: parts joined by "+",
/// applied in order, each
///
///     [TYPE=]NAME[:ARGUMENT,…]
///
/// NAME is one of initializers() (layers/init/initializers.hpp). An argument is key=value; the
/// first ones may go without their keys, in the order that the help lists. A part draws the weights
/// of all dense and convolution layers, or of those of its TYPE, dense or conv, and sets their
/// biases to 0; bias=NAME sets all of these biases alone. recurrent=NAME draws the weights of
/// recurrent layers, gate by gate, and leaves their biases:
///
///     he-normal
///     he-uniform:gain=leaky-relu,slope=0.2
///     conv=he-normal:fan=out+dense=xavier-uniform+bias=constant:0.01
///     orthogonal+lsuv
///     xavier-uniform+recurrent=orthogonal
///     he-normal+pretrained:best.safetensors,0.*
///
/// Parameters of other layers stay, except for what `pretrained` reads. `lsuv` as the first part
/// draws orthogonal weights itself; it needs a `batch` of inputs. Transposed convolutions are drawn
/// by the numbers of their outputs and inputs. Throws std::invalid_argument for a text that can't
/// be read, before anything is changed, for a layer whose weight is normalized already, for
/// conv=, dense= or recurrent= where there is no such layer, and what the initializers throw.
///
/// `normalize`, where it is given, normalizes the weights of `module`, which it does from those
/// that were drawn. A file for `pretrained` that has the tensors of normalized weights is read
/// after it.
void initialize(Module& module, std::string_view text, Rng& rng, const Tensor& batch = {},
                const std::function<void()>& normalize = {});

/// Draws one weight; wraps the functions of layers/init_functions.hpp.
using Initializer = std::function<void(Tensor& weight, Rng& rng)>;

/// Draws the weights of all dense and convolution layers, in their order, and sets their biases to
/// 0.
void initialize(Module& module, const Initializer& initializer, Rng& rng);

}  // namespace gradus::layers
