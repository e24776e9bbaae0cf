#include "layers/init/initializers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/text/number.hpp"
#include "layers/init/lsuv.hpp"
#include "layers/init/pretrained.hpp"
#include "layers/init_functions.hpp"

namespace gradus::layers {
namespace {

using Texts = std::vector<std::string_view>;

// "a,b" is a and b; an empty text has no parts.
Texts split_at(std::string_view text, std::string_view separator) {
  Texts parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return parts;
}

// "key=value" as two; without "=" the second is missing.
std::pair<std::string, std::optional<std::string>> key_and_value(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return {std::string(text), std::nullopt};
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

// What stands behind an initializer's name.
class Arguments {
 public:
  // `known` lists the arguments with their defaults: "std=0.01, mean=0".
  Arguments(const char* name, const char* known, std::string_view given)
      : name_(name), known_(known) {
    std::vector<std::string> order;
    for (const std::string_view argument : split_at(known, ", ")) {
      const auto [key, value] = key_and_value(argument);
      order.push_back(key);
      values_[key] = value;
    }
    std::size_t place = 0;
    std::map<std::string, bool> seen;
    for (const std::string_view argument : split_at(given, ",")) {
      auto [key, value] = key_and_value(argument);
      if (!value) {
        if (place == order.size()) wrong("'{}' is one argument too many", key);
        value = std::exchange(key, order[place++]);
      }
      if (!values_.contains(key)) wrong("has no argument '{}'", key);
      if (std::exchange(seen[key], true)) wrong("{} is given twice", key);
      values_[key] = value;
    }
    for (const auto& [key, value] : values_)
      if (!value || value->empty()) wrong("{} is missing", key);
  }

  const std::string& text(const std::string& key) const { return *values_.at(key); }

  double number(const std::string& key) const {
    const std::optional<double> value = read(text(key));
    if (!value) wrong("{} is a number, got '{}'", key, text(key));
    return *value;
  }

  int64_t whole_number(const std::string& key) const {
    const double value = number(key);
    if (value != std::floor(value) || std::abs(value) > 1e9)
      wrong("{} is a whole number, got '{}'", key, text(key));
    return static_cast<int64_t>(value);
  }

  init::Fan fan() const {
    const std::string& chosen = text("fan");
    if (chosen == "in") return init::Fan::in;
    if (chosen == "out") return init::Fan::out;
    if (chosen != "average") wrong("fan is in, out or average, got '{}'", chosen);
    return init::Fan::average;
  }

  init::Gain gain() const {
    const double slope = number("slope");
    if (const std::optional<double> value = read(text("gain"))) return *value;
    try {
      return {text("gain"), slope};
    } catch (const std::invalid_argument& error) {
      wrong("gain is a number or an activation: {}", error.what());
    }
  }

 private:
  static std::optional<double> read(const std::string& text) {
    const std::optional<double> value = parse_number<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
  }

  template <class... Args>
  [[noreturn]] void wrong(fmt::format_string<Args...> message, Args&&... args) const {
    fail(name_, "{}; it takes {}", fmt::format(message, std::forward<Args>(args)...),
         *known_ ? known_ : "no arguments");
  }

  const char *name_, *known_;
  std::map<std::string, std::optional<std::string>> values_;
};

template <class Make>
Registry<InitializerFactory>::Entry entry(const char* name, const char* help, const char* known,
                                          Make make) {
  return {name, *known ? fmt::format("{}: {}", help, known) : help,
          [=](std::string_view given) -> Initialization {
            return make(Arguments(name, known, given));
          }};
}

// Of a function (weight, rng, options) whose options come from the arguments.
template <class Draw, class Read>
auto drawn(Draw draw_weight, Read read) {
  return [=](const Arguments& a) -> LayerInitializer {
    return [=, options = read(a)](Tensor& weight, Rng& rng, int64_t) {
      draw_weight(weight, rng, options);
    };
  };
}

LayerInitializer passing(const Arguments& a) {
  return [gain = a.number("gain")](Tensor& weight, Rng&, int64_t groups) {
    if (weight.rank() <= 2)
      init::identity(weight, {.gain = gain});
    else
      init::dirac(weight, {.groups = groups, .gain = gain});
  };
}

}  // namespace

const Registry<InitializerFactory>& initializers() {
  using namespace init;
  const auto he = [](const Arguments& a) { return HeOptions{.fan = a.fan(), .gain = a.gain()}; };
  const auto lecun = [](const Arguments& a) {
    return LeCunOptions{.fan = a.fan(), .gain = a.gain()};
  };
  const auto xavier = [](const Arguments& a) { return XavierOptions{.gain = a.gain()}; };
  static const Registry<InitializerFactory> table(
      "initializer",
      {entry("he-normal", "normal, deviation gain/√fan (He et al. 2015)",
             "fan=in, gain=relu, slope=0.01", drawn(he_normal, he)),
       entry("he-uniform", "uniform of the same deviation", "fan=in, gain=relu, slope=0.01",
             drawn(he_uniform, he)),
       entry("xavier-normal",
             "normal, deviation gain·√(2/(fan_in + fan_out)) (Glorot and Bengio 2010)",
             "gain=1, slope=0.01", drawn(xavier_normal, xavier)),
       entry("xavier-uniform", "uniform of the same deviation", "gain=1, slope=0.01",
             drawn(xavier_uniform, xavier)),
       entry("lecun-normal", "normal, deviation gain/√fan (LeCun et al. 1998), for SELU",
             "fan=in, gain=1, slope=0.01", drawn(lecun_normal, lecun)),
       entry("lecun-uniform", "uniform of the same deviation", "fan=in, gain=1, slope=0.01",
             drawn(lecun_uniform, lecun)),
       entry("orthogonal", "orthonormal rows or columns (Saxe et al. 2014)", "gain=1, slope=0.01",
             drawn(orthogonal,
                   [](const Arguments& a) { return OrthogonalOptions{.gain = a.gain()}; })),
       entry("normal", "normal, whatever the size", "std=0.01, mean=0",
             drawn(normal,
                   [](const Arguments& a) {
                     return NormalOptions{.mean = a.number("mean"), .std = a.number("std")};
                   })),
       entry("truncated-normal", "normal, cut so many deviations from the mean",
             "std=0.01, mean=0, cut=2",
             drawn(truncated_normal,
                   [](const Arguments& a) {
                     const double mean = a.number("mean"), std = a.number("std"),
                                  reach = a.number("cut") * std;
                     return TruncatedNormalOptions{
                         .mean = mean, .std = std, .low = mean - reach, .high = mean + reach};
                   })),
       entry("uniform", "uniform, whatever the size", "low=-0.05, high=0.05",
             drawn(uniform,
                   [](const Arguments& a) {
                     return UniformOptions{.low = a.number("low"), .high = a.number("high")};
                   })),
       entry("sparse", "normal, but a part of the weights from each input is 0 (Martens 2010)",
             "sparsity=0.9, std=0.01",
             drawn(sparse,
                   [](const Arguments& a) {
                     return SparseOptions{.sparsity = a.number("sparsity"), .std = a.number("std")};
                   })),
       entry("constant", "every weight the same, so that the units of a layer stay equal",
             "value=0.01",
             [](const Arguments& a) -> LayerInitializer {
               return [value = a.number("value")](Tensor& weight, Rng&, int64_t) {
                 init::constant(weight, value);
               };
             }),
       entry("zeros", "every weight 0: nothing reaches the first layers", "",
             [](const Arguments&) -> LayerInitializer {
               return [](Tensor& weight, Rng&, int64_t) { init::constant(weight, 0); };
             }),
       entry("identity", "each output its input; dirac for convolutions", "gain=1", passing),
       entry("dirac", "each channel its input, by the middle of the kernel; identity for matrices",
             "gain=1", passing),
       entry("lsuv",
             "weights scaled until each layer's outputs for a batch have variance 1, alone after "
             "orthogonal (Mishkin and Matas 2016)",
             "tolerance=0.01, iterations=10",
             [](const Arguments& a) -> ModuleInitializer {
               const LsuvOptions options{.tolerance = a.number("tolerance"),
                                         .iterations = a.whole_number("iterations")};
               return [=](Module& module, const Tensor& batch) { lsuv(module, batch, options); };
             }),
       entry("pretrained", "values from a safetensors file, of names that match, as 0.*",
             "file, names=*",
             [](const Arguments& a) -> ModuleInitializer {
               return [path = a.text("file"), names = a.text("names")](
                          Module& module, const Tensor&) { load_pretrained(module, path, names); };
             })},
      // A family's name alone is what its paper draws from.
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
