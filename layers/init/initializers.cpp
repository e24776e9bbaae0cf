#include "layers/init/initializers.hpp"

#include "core/text/option_table.hpp"
#include "layers/init/lsuv.hpp"
#include "layers/init/pretrained.hpp"
#include "layers/init_functions.hpp"

namespace gradus::layers {
namespace {

// The arguments of all initializers; each uses some of them.
struct Arguments {
  init::Fan fan = init::Fan::in;
  std::string gain_text = "1", file = "", names = "*";
  double slope = 0.01, std = 0.01, mean = 0, cut = 2, low = -0.05, high = 0.05, sparsity = 0.9,
         value = 0.01, tolerance = 0.01;
  int64_t iterations = 10;

  // A number, or the gain of an activation.
  init::Gain gain() const {
    if (const auto number = parse_number<double>(gain_text)) {
      range::finite.check("initialize", "gain", *number);
      return *number;
    }
    return {gain_text, slope};
  }
};

// In the order in which they may be given without names.
OptionTable<Arguments> all_arguments() {
  using A = Arguments;
  return {{"fan", &A::fan, {"in", "out", "average"}, "divisor of the variance"},
          {"gain", &A::gain_text, "a number or an activation"},
          {"slope", &A::slope, range::finite, "slope of leaky-relu"},
          {"sparsity", &A::sparsity, range::zero_to_one, "fraction of zeros"},
          {"std", &A::std, range::not_negative, "deviation"},
          {"mean", &A::mean, range::finite, "mean"},
          {"cut", &A::cut, range::positive, "number of deviations"},
          {"low", &A::low, range::finite, "the lowest weight"},
          {"high", &A::high, range::finite, "the highest weight"},
          {"value", &A::value, range::finite, "value of every weight"},
          {"tolerance", &A::tolerance, range::positive, "tolerance of the variance"},
          {"iterations", &A::iterations, range::count, "maximal number"},
          {"file", &A::file, "file to read"},
          {"names", &A::names, "pattern of the names to read"}};
}

template <class Make>
Registry<InitializerFactory>::Entry entry(const char* name, const char* help,
                                          const std::vector<std::string>& names, Make make,
                                          const Arguments& defaults = {}) {
  const OptionTable<Arguments> table = rows_of(all_arguments(), names);
  return {
      name, described(help, option_infos(table, defaults)),
      [=](const Spec& spec) -> Initialization { return make(with_spec(spec, table, defaults)); }};
}

// An entry for a function (weight, rng, options) with options from the arguments.
template <class Draw, class Read>
auto drawn(Draw draw_weight, Read read) {
  return [=](const Arguments& a) -> LayerInitializer {
    return [=, options = read(a)](Tensor& weight, Rng& rng, int64_t) {
      draw_weight(weight, rng, options);
    };
  };
}

LayerInitializer passing(const Arguments& a) {
  return [gain = static_cast<double>(a.gain())](Tensor& weight, Rng&, int64_t groups) {
    if (weight.rank() <= 2)
      init::identity(weight, {.gain = gain});
    else
      init::dirac(weight, {.groups = groups, .gain = gain});
  };
}

}  // namespace

const Registry<InitializerFactory>& initializers() {
  using namespace init;
  const Arguments of_relu{.gain_text = "relu"};
  const auto he = [](const Arguments& a) { return HeOptions{.fan = a.fan, .gain = a.gain()}; };
  const auto lecun = [](const Arguments& a) {
    return LeCunOptions{.fan = a.fan, .gain = a.gain()};
  };
  const auto xavier = [](const Arguments& a) { return XavierOptions{.gain = a.gain()}; };
  static const Registry<InitializerFactory> table(
      "initializer",
      {entry("he-normal", "normal, deviation gain/√fan (He et al. 2015)", {"fan", "gain", "slope"},
             drawn(he_normal, he), of_relu),
       entry("he-uniform", "uniform of the same deviation", {"fan", "gain", "slope"},
             drawn(he_uniform, he), of_relu),
       entry("xavier-normal",
             "normal, deviation gain·√(2/(fan_in + fan_out)) (Glorot and Bengio 2010)",
             {"gain", "slope"}, drawn(xavier_normal, xavier)),
       entry("xavier-uniform", "uniform of the same deviation", {"gain", "slope"},
             drawn(xavier_uniform, xavier)),
       entry("lecun-normal", "normal, deviation gain/√fan (LeCun et al. 1998), for SELU",
             {"fan", "gain", "slope"}, drawn(lecun_normal, lecun)),
       entry("lecun-uniform", "uniform of the same deviation", {"fan", "gain", "slope"},
             drawn(lecun_uniform, lecun)),
       entry("orthogonal", "orthonormal rows or columns (Saxe et al. 2014)", {"gain", "slope"},
             drawn(orthogonal,
                   [](const Arguments& a) { return OrthogonalOptions{.gain = a.gain()}; })),
       entry("normal", "normal, independent of the layer's size", {"std", "mean"},
             drawn(normal,
                   [](const Arguments& a) { return NormalOptions{.mean = a.mean, .std = a.std}; })),
       entry("truncated-normal", "normal, truncated so many deviations from the mean",
             {"std", "mean", "cut"},
             drawn(truncated_normal,
                   [](const Arguments& a) {
                     const double reach = a.cut * a.std;
                     return TruncatedNormalOptions{.mean = a.mean,
                                                   .std = a.std,
                                                   .low = a.mean - reach,
                                                   .high = a.mean + reach};
                   })),
       entry(
           "uniform", "uniform, independent of the layer's size", {"low", "high"},
           drawn(uniform,
                 [](const Arguments& a) { return UniformOptions{.low = a.low, .high = a.high}; })),
       entry("sparse",
             "normal, with a fraction of the weights of each input set to 0 (Martens 2010)",
             {"sparsity", "std"},
             drawn(sparse,
                   [](const Arguments& a) {
                     return SparseOptions{.sparsity = a.sparsity, .std = a.std};
                   })),
       entry("constant", "every weight the same: the units of a layer stay equal", {"value"},
             [](const Arguments& a) -> LayerInitializer {
               return [value = a.value](Tensor& weight, Rng&, int64_t) {
                 init::constant(weight, value);
               };
             }),
       entry("zeros", "every weight 0: no gradient reaches the first layers", {},
             [](const Arguments&) -> LayerInitializer {
               return [](Tensor& weight, Rng&, int64_t) { init::constant(weight, 0); };
             }),
       entry("identity", "each output copies its input; dirac for convolutions", {"gain"}, passing),
       entry("dirac", "each channel copies its input (middle of the kernel); identity for matrices",
             {"gain"}, passing),
       entry("lsuv",
             "scale the weights until each layer's outputs for a batch have variance 1; alone it "
             "starts from orthogonal (Mishkin and Matas 2016)",
             {"tolerance", "iterations"},
             [](const Arguments& a) -> ModuleInitializer {
               const LsuvOptions options{.tolerance = a.tolerance, .iterations = a.iterations};
               return [=](Module& module, const Tensor& batch) { lsuv(module, batch, options); };
             }),
       entry("pretrained", "values from a safetensors file, for matching names such as 0.*",
             {"file", "names"},
             [](const Arguments& a) -> ModuleInitializer {
               require(!a.file.empty(), "pretrained",
                       "a file is needed, as in pretrained:best.safetensors");
               return [path = a.file, names = a.names](Module& module, const Tensor&) {
                 load_pretrained(module, path, names);
               };
             })},
      // A family's name alone means the distribution of its paper.
      {{"he-normal", {"he", "kaiming", "kaiming-normal"}},
       {"he-uniform", {"kaiming-uniform"}},
       {"xavier-uniform", {"xavier", "glorot", "glorot-uniform"}},
       {"xavier-normal", {"glorot-normal"}},
       {"lecun-normal", {"lecun"}},
       {"truncated-normal", {"trunc-normal"}},
       {"normal", {"random-normal"}},
       {"uniform", {"random-uniform"}},
       {"identity", {"eye"}}});
  return table;
}

}  // namespace gradus::layers
