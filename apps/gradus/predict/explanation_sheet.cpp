#include "apps/gradus/predict/explanation_sheet.hpp"

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/files/image.hpp"
#include "train/explanation/grad_cam.hpp"
#include "train/explanation/saliency.hpp"

namespace gradus::app {
namespace {

constexpr int64_t noisy_copies = 25;
constexpr double tile_width = 120;

// A way to explain, with its maps f32 (N, H, W) of each output.
struct ExplainedMaps {
  const char* name;
  Tensors of_output = {};

  // The largest value of an image in the maps of all outputs, so that these can be compared.
  double largest(int64_t image) const {
    double result = 0;
    for (const Tensor& maps : of_output) result = std::max(result, maps[image].amax().item());
    return result;
  }
};

// The outputs at `place` of each image, i64 (N).
Tensor outputs_at(const std::vector<ExplainedImage>& images, std::size_t place) {
  std::vector<int64_t> outputs;
  for (const ExplainedImage& image : images) outputs.push_back(image.outputs.at(place).index);
  return Tensor::from(outputs, {std::ssize(outputs)});
}

std::string prediction_text(double prediction, bool is_number) {
  if (is_number) return fmt::format("{:.4g}", prediction);
  return prediction < 0.0005 ? "< 0.1 %" : fmt::format("{:.1f} %", 100 * prediction);
}

}  // namespace

pictures::Sheet explanation_sheet(const train::TrainedModel& model, const Tensor& inputs,
                                  const std::vector<ExplainedImage>& images, const Rng& rng) {
  layers::Module& network = model.network();
  const train::PredictedTargets& targets = model.description().targets;
  const bool has_maps = !train::convolutions(network).empty();
  const bool are_numbers = targets.kind == data::TargetKind::numbers;
  const std::size_t outputs = images.at(0).outputs.size();
  std::vector<ExplainedMaps> ways{{"saliency"}};
  if (has_maps) ways.push_back({"Grad-CAM"});
  for (std::size_t place = 0; place < outputs; ++place) {
    const Tensor chosen = outputs_at(images, place);
    ways[0].of_output.push_back(
        train::saliency(network, inputs, chosen, {.copies = noisy_copies, .rng = rng}));
    if (has_maps) ways[1].of_output.push_back(train::grad_cam(network, inputs, chosen));
  }

  const char* what = are_numbers ? "number" : "class";
  pictures::Sheet sheet{
      .title = fmt::format("What decided the {}", what),
      .subtitle = fmt::format("saliency: pixels that matter{}",
                              has_maps ? "; Grad-CAM: places that speak for it" : ""),
      .tile_width = tile_width,
      .tile_height =
          tile_width * static_cast<double>(inputs.size(2)) / static_cast<double>(inputs.size(3)),
      .columns = 1 + outputs * ways.size(),
      .tiles = {},
      .bar = pictures::heat_bar("nothing", "the most in the image")};
  for (int64_t i = 0; i < inputs.size(0); ++i) {
    const ExplainedImage& image = images[static_cast<std::size_t>(i)];
    const Tensor input = inputs[i];
    sheet.tiles.push_back({.png = data::to_png(input),
                           .caption = image.name,
                           .note = "network's input",
                           .tooltip = image.name});
    for (std::size_t place = 0; place < outputs; ++place) {
      const auto [index, prediction] = image.outputs[place];
      const std::string of = targets.names.empty() && outputs == 1
                                 ? ""
                                 : " for " + data::target_name(targets.names, index);
      const std::string note = prediction_text(prediction, are_numbers);
      for (const ExplainedMaps& way : ways)
        sheet.tiles.push_back(
            {.png =
                 data::to_png(pictures::heat_over(input, way.of_output[place][i], way.largest(i))),
             .caption = way.name + of,
             .note = note,
             .tooltip = fmt::format("{}: {}{}, {}", image.name, way.name, of, note)});
    }
  }
  return sheet;
}

}  // namespace gradus::app
