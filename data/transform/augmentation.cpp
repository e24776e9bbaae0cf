#include "data/transform/augmentation.hpp"

#include <cctype>
#include <cmath>
#include <numbers>

#include "core/math.hpp"
#include "core/parallel.hpp"
#include "core/text/option_table.hpp"

namespace gradus::data {
namespace {

using Values = std::vector<double>;

// An entry whose options are all numbers; make() gets their values.
template <class Make>
Registry<AugmentationFactory>::Entry entry(const char* name, const char* help,
                                           const std::vector<OptionInfo>& options, Make make) {
  return {name, described(help, options), made_from(options, make)};
}

double between(double low, double high, Rng& rng) {
  return low + (high - low) * rng.uniform();
}

// An augmentation by a random affine map; draw() makes it from the values.
template <class Draw>
auto moved(Draw draw) {
  return [=](const Values& v) {
    return Augmentation{
        .move = [=](Warp& warp, Rng& rng) { warp.affine = warp.affine.then(draw(v, rng)); }};
  };
}

Affine shifted(const Values& v, Rng& rng) {
  const double right = between(-v[0], v[0], rng);
  return Affine::shift(right, between(-v[0], v[0], rng));
}

Affine flipped(const Values& v, Rng& rng) {
  return rng.uniform() < v[0] ? Affine::flip() : Affine{};
}

// A window of the image's size in the padded image.
Affine cropped(const Values& v, Rng& rng) {
  const auto padding = static_cast<int64_t>(v[0]);
  const auto offset = [&] { return static_cast<double>(rng.below(2 * padding + 1) - padding); };
  const double right = offset();
  return Affine::shift(right, offset());
}

Augmentation elastic(const Values& v) {
  return {.move = [field = ElasticField(v[0], v[1])](Warp& warp, Rng& rng) {
    field.add_to(warp, rng);
  }};
}

// Two normal numbers from one draw, by Box and Muller; f32 is exact enough for noise.
std::pair<float, float> normal_pair(Rng& rng) {
  const uint64_t bits = rng.bits();
  const float u = (static_cast<float>(bits >> 40) + 1) * 0x1p-24f;
  const float angle =
      static_cast<float>(bits & 0xFFFFFF) * 0x1p-24f * 2 * std::numbers::pi_v<float>;
  const float radius = std::sqrt(-2 * math::log(u));
  return {radius * math::cos(angle), radius * math::sin(angle)};
}

Augmentation noise(const Values& v) {
  return {.draw = [deviation = static_cast<float>(v[0])](const Pixels& image, Rng& rng) {
    const int64_t count = image.channels * image.height * image.width;
    for (int64_t i = 0; i < count; i += 2) {
      const auto [first, second] = normal_pair(rng);
      image.values[i] += deviation * first;
      if (i + 1 < count) image.values[i + 1] += deviation * second;
    }
  }};
}

// A rectangle inside the image; empty if none of the wanted area was found.
struct Rectangle {
  int64_t top = 0, left = 0, height = 0, width = 0;
};

Rectangle random_rectangle(const Pixels& image, double smallest, double largest, Rng& rng) {
  constexpr int attempts = 100;
  constexpr double flattest = 0.3;
  for (int i = 0; i < attempts; ++i) {
    const double area =
        between(smallest, largest, rng) * static_cast<double>(image.height * image.width);
    const double aspect = between(flattest, 1 / flattest, rng);
    const int64_t height = std::llround(std::sqrt(area * aspect));
    const int64_t width = std::llround(std::sqrt(area / aspect));
    if (height < 1 || width < 1 || height > image.height || width > image.width) continue;
    const int64_t top = rng.below(image.height - height + 1);
    return {top, rng.below(image.width - width + 1), height, width};
  }
  return {};
}

Augmentation erase(const Values& v) {
  require(v[1] <= v[2], "erase", "smallest must be at most largest, got {} and {}", v[1], v[2]);
  return {.draw = [=](const Pixels& image, Rng& rng) {
    if (rng.uniform() >= v[0]) return;
    const auto [top, left, height, width] = random_rectangle(image, v[1], v[2], rng);
    for (int64_t channel = 0; channel < image.channels; ++channel)
      for (int64_t y = top; y < top + height; ++y)
        for (int64_t x = left; x < left + width; ++x)
          image.values[(channel * image.height + y) * image.width + x] =
              static_cast<float>(rng.uniform());
  }};
}

// from (C, H, W) → to (C, H, W)
void change(const float* from, const Pixels& to, const std::vector<Augmentation>& augmentations,
            Rng rng) {
  Warp warp{.height = to.height, .width = to.width};
  for (const Augmentation& augmentation : augmentations)
    if (augmentation.move) augmentation.move(warp, rng);
  warp_image(from, to.values, to.channels, warp);
  for (const Augmentation& augmentation : augmentations)
    if (augmentation.draw) augmentation.draw(to, rng);
}

}  // namespace

const Registry<AugmentationFactory>& augmentations() {
  const OptionInfo probability{"probability", "", 0.5, range::fraction};
  static const Registry<AugmentationFactory> table(
      "augmentation",
      {entry("rotate", "rotate by a random angle, at most so many degrees",
             {{"degrees", "", 10., {.low = 0, .high = 180}}}, moved([](const Values& v, Rng& rng) {
               return Affine::rotation(between(-v[0], v[0], rng));
             })),
       entry("shift", "move by a random distance, at most so many pixels in x and y",
             {{"pixels", "", 2., {.low = 0, .high = 1000}}}, moved(shifted)),
       entry("zoom", "make larger or smaller, at most by this fraction",
             {{"part", "", 0.1, range::fraction}}, moved([](const Values& v, Rng& rng) {
               return Affine::zoom(1 + between(-v[0], v[0], rng));
             })),
       entry("shear", "shear by a random angle, at most so many degrees",
             {{"degrees", "", 10., {.low = 0, .high = 90, .excludes_high = true}}},
             moved([](const Values& v, Rng& rng) {
               return Affine::shear(between(-v[0], v[0], rng));
             })),
       entry("flip", "exchange left and right", {probability}, moved(flipped)),
       entry("crop", "pad with so many black pixels, then take a random window",
             {{"padding", "", 4., range::whole(0, 1000)}}, moved(cropped)),
       entry("elastic", "bend by smooth random displacements (Simard et al. 2003)",
             {{"alpha", "", 34., {.low = 0, .high = 10000}},
              {"sigma", "", 4., {.low = 0.1, .high = 100}}},
             elastic),
       entry("noise", "add normal noise of this deviation (white is 1)",
             {{"deviation", "", 0.1, {.low = 0, .high = 100}}}, noise),
       entry("erase",
             "fill a random rectangle with noise; smallest and largest are fractions of the area "
             "(Zhong et al. 2020)",
             {probability,
              {"smallest", "", 0.02, range::fraction},
              {"largest", "", 0.4, range::fraction}},
             erase)});
  return table;
}

BatchTransform augment(std::vector<Augmentation> chosen) {
  return [chosen = std::move(chosen)](const Tensor& images, Rng& rng) {
    require(images.rank() == 4, "augment", "images must be (N, C, H, W), got {}", images.shape());
    const int64_t channels = images.size(1), height = images.size(2), width = images.size(3);
    const int64_t size = channels * height * width;
    const Rng own(rng.bits());
    Tensor result = Tensor::empty(images.shape());
    const float* from = images.data<float>();
    float* to = result.mutable_data<float>();
    parallel_for(images.size(0), 8, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        change(from + i * size, {to + i * size, channels, height, width}, chosen,
               own.fork(static_cast<uint64_t>(i)));
    });
    return result;
  };
}

BatchTransform augment(std::string_view text) {
  // The older form "rotate:10,shift:2" is still read: a name after a comma starts a new spec.
  const auto ends = [](std::string_view, std::string_view rest) {
    const std::string_view word = trimmed(rest.substr(1, rest.find_first_of("+,:/", 1) - 1));
    const bool is_name = word.find('=') == word.npos &&
                         (word.empty() || std::isalpha(static_cast<unsigned char>(word[0])));
    return rest[0] == '+' || is_name;
  };
  std::vector<Augmentation> chosen;
  for (const Spec& spec :
       parse_specs(text, {.owner = "augment", .joints = "+,", .separators = ",/", .ends = ends}))
    chosen.push_back(augmentations().make(spec));
  return augment(std::move(chosen));
}

}  // namespace gradus::data
