// predict_pictures: prints the classes or numbers of images.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "apps/gradus/predict/explanation_sheet.hpp"
#include "apps/gradus/predict/prediction.hpp"
#include "apps/gradus/run/config.hpp"
#include "apps/pictures/table.hpp"
#include "core/io/file.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "data/files/image.hpp"
#include "data/sets/picture_files.hpp"
#include "layers/monte_carlo.hpp"

namespace gradus::app {
namespace {

constexpr int64_t images_at_once = 256;

constexpr int64_t pixel_side = 10;                 // of --show, in pixels
constexpr int64_t most_values = int64_t{1} << 25;  // of the sheet: half a gigabyte of memory
constexpr int64_t most_explained = 100;            // images of --explain
constexpr std::size_t explained_classes = 2;       // the predicted one and the runner-up

// An image and its prediction.
struct Picture {
  std::string path;
  data::FittedImage fitted;
  bool are_numbers = false;                         // instead of probabilities
  const std::vector<std::string>* names = nullptr;  // of the classes; empty if they have none
  std::vector<double> probabilities = {}, deviations = {};
  double entropy = 0, mutual_information = 0;

  // The most probable classes, the first one first, at most `most`; numbers in their order.
  std::vector<std::size_t> top(std::size_t most) const {
    std::vector<std::size_t> classes(probabilities.size());
    std::iota(classes.begin(), classes.end(), 0);
    if (!are_numbers)
      std::ranges::stable_sort(classes, std::greater(),
                               [&](std::size_t c) { return probabilities[c]; });
    classes.resize(std::min(classes.size(), most));
    return classes;
  }
};

// Reads all images before any prediction is printed.
std::vector<Picture> read(const Arguments& paths, const train::ModelDescription& description,
                          const PredictOptions& line) {
  data::FitImageOptions options{.invert = as_usage([&] { return inversions().find(line.invert); })};
  if (!line.no_fit) options.framing = description.framing;
  const bool are_numbers = description.targets.kind == data::TargetKind::numbers;
  if (description.fit && (line.no_fit || options.invert != data::Invert::automatic))
    throw UsageError(
        "--{} doesn't fit a model that was trained on picture files: pictures become "
        "samples like these",
        line.no_fit ? "no-fit" : "invert");
  std::vector<Picture> pictures;
  for (const std::string& path : paths) {
    if (description.fit) {
      pictures.push_back({path,
                          {data::picture_sample(path, description.sample, *description.fit)},
                          are_numbers,
                          &description.targets.names});
      continue;
    }
    const Tensor image = data::read_image(path);
    try {
      pictures.push_back({path, data::fit_image(image, description.sample, options), are_numbers,
                          &description.targets.names});
    } catch (const std::invalid_argument& error) {
      file_error(path, "{}", error.what());
    }
  }
  return pictures;
}

// Row `row` of (N, K).
std::vector<double> row_of(const Tensor& table, int64_t row) {
  const double* first = table.data<double>() + row * table.size(1);
  return {first, first + table.size(1)};
}

// (N, C, H, W), rounded to bytes like those of training images: an image of a data set gives the
// same bits as in evaluation.
Tensor inputs_of(std::span<const Picture> pictures) {
  Tensors images;
  for (const Picture& picture : pictures) images.push_back(picture.fitted.image);
  return train::rounded_to_bytes(stack(images));
}

// The probabilities of a model, or their mean over several.
Tensor mean_probabilities(const Models& models, const Tensor& inputs) {
  Tensor sum;
  for (const train::TrainedModel& model : models) {
    const Tensor probabilities = model(inputs);
    sum = sum.defined() ? sum + probabilities : probabilities;
  }
  return sum / static_cast<double>(models.size());
}

void predict(const Models& models, std::span<Picture> pictures, const PredictOptions& line,
             Rng& rng) {
  const Tensor inputs = inputs_of(pictures);
  layers::MonteCarloPrediction made;
  if (line.predictions)
    made = as_usage([&] {
      return layers::monte_carlo_predict(models[0].network(), inputs, *line.predictions, rng);
    });
  else
    made.mean = mean_probabilities(models, inputs);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    pictures[i].probabilities = row_of(made.mean, row);
    if (!line.predictions) continue;
    pictures[i].deviations = row_of(made.deviation, row);
    pictures[i].entropy = made.entropy.data<double>()[i];
    pictures[i].mutual_information = made.mutual_information.data<double>()[i];
  }
}

void predict(const Models& models, std::span<Picture> pictures, const PredictOptions& line) {
  const NoGrad no_grad;
  Rng rng = Streams(line.seed).sampling();
  while (!pictures.empty()) {
    const std::size_t part = std::min<std::size_t>(pictures.size(), images_at_once);
    predict(models, pictures.first(part), line, rng);
    pictures = pictures.subspan(part);
  }
}

// Refuses a file that would replace an image, be called what it isn't, or be too large.
void check_show(const PredictOptions& options, const Arguments& images, const Shape& sample) {
  const std::string& show = options.show;
  if (options.explain && show.empty())
    throw UsageError(
        "--explain draws what decided the classes of images: it needs --show FILE.svg");
  if (show.empty()) return;
  const std::filesystem::path file = show;
  if (file.extension() != (options.explain ? ".svg" : ".png"))
    throw UsageError("--show{} writes {} file, but got '{}'",
                     options.explain ? " with --explain" : "", options.explain ? "an SVG" : "a PNG",
                     show);
  for (const std::string& image : images) {
    std::error_code missing;
    if (std::filesystem::equivalent(file, image, missing))
      throw UsageError("--show would replace the image {}", image);
  }
  const int64_t most =
      options.explain ? most_explained : most_values / (sample.numel() * pixel_side * pixel_side);
  if (std::ssize(images) > most)
    throw UsageError("--{} draws at most {} images of this model, got {}",
                     options.explain ? "explain" : "show", most, images.size());
}

// Each pixel becomes a square of them.
Tensor enlarged(const Tensor& image) {
  const int64_t channels = image.size(0), height = image.size(1), width = image.size(2);
  const Tensor squares = expand(reshape(image, {channels, height, 1, width, 1}),
                                {channels, height, pixel_side, width, pixel_side});
  return reshape(squares, {channels, height * pixel_side, width * pixel_side});
}

void write_sheet(const std::string& path, const std::vector<Picture>& pictures) {
  Tensors images;
  for (const Picture& picture : pictures) images.push_back(enlarged(picture.fitted.image));
  // Images may be black or white at their edge.
  data::write_png(path,
                  images.size() == 1 ? images[0] : data::tile(stack(images), {.background = 0.5}));
}

void write_explanations(const train::TrainedModel& model, std::span<const Picture> pictures,
                        const PredictOptions& options) {
  std::vector<ExplainedImage> images;
  for (const Picture& picture : pictures) {
    ExplainedImage& image = images.emplace_back();
    image.name = printable(std::filesystem::path(picture.path).filename().string());
    for (const std::size_t c : picture.top(explained_classes))
      image.outputs.push_back({static_cast<int64_t>(c), picture.probabilities[c]});
  }
  const Rng rng = Streams(options.seed).sampling();
  write_file_atomically(
      options.show, pictures::render(explanation_sheet(model, inputs_of(pictures), images, rng)));
}

Json to_json(const Picture& picture, std::size_t top) {
  if (picture.are_numbers)
    return {{"file", picture.path},
            {"steps", picture.fitted.steps},
            {"numbers", picture.probabilities}};
  Json classes = Json::array();
  for (const std::size_t c : picture.top(top)) {
    classes.push_back({{"class", c}, {"probability", picture.probabilities[c]}});
    if (!picture.names->empty()) classes.back()["name"] = (*picture.names)[c];
    if (!picture.deviations.empty()) classes.back()["deviation"] = picture.deviations[c];
  }
  Json json = {{"file", picture.path}, {"steps", picture.fitted.steps}, {"classes", classes}};
  if (picture.deviations.empty()) return json;
  json["entropy"] = picture.entropy;
  json["mutual_information"] = picture.mutual_information;
  return json;
}

void print(const Picture& picture, std::size_t top) {
  const std::string& steps = picture.fitted.steps;
  fmt::print("{}{}{}\n", printable(picture.path), steps.empty() ? "" : ": ", steps);
  const bool uncertain = !picture.deviations.empty();
  pictures::Table table{"", {{"class", 0}, {"probability", 4}}};
  if (picture.are_numbers) table.columns = {{"number", 0}, {"prediction", 4}};
  if (uncertain) table.columns.push_back({"±", 4});
  for (const std::size_t c :
       picture.top(picture.are_numbers ? picture.probabilities.size() : top)) {
    table.rows.push_back({c, picture.probabilities[c]});
    if (!picture.names->empty())
      table.rows.back()[0] = printable((*picture.names)[c], longest_value);
    if (uncertain) table.rows.back().push_back(picture.deviations[c]);
  }
  fmt::print("{}", pictures::to_text(table));
  if (uncertain)
    fmt::print("entropy {:.4f}, mutual information {:.4f} (nats)\n", picture.entropy,
               picture.mutual_information);
}

void print(const std::vector<Picture>& pictures, const PredictOptions& line) {
  const auto top = static_cast<std::size_t>(line.top);
  Json list = Json::array();
  for (const Picture& picture : pictures) {
    if (line.json) {
      list.push_back(to_json(picture, top));
      continue;
    }
    if (&picture != pictures.data()) fmt::print("\n");
    print(picture, top);
  }
  if (line.json) print_as_json(list);
}

}  // namespace

const Registry<data::Invert>& inversions() {
  static const Registry<data::Invert> table(
      "value of --invert",
      {{"auto", "if the picture's edge is dark and that of the training images light, or reverse",
        data::Invert::automatic},
       {"yes", "always", data::Invert::yes},
       {"no", "never", data::Invert::no}});
  return table;
}

void predict_pictures(const Models& models, const Arguments& images,
                      const PredictOptions& options) {
  const Shape& sample = models[0].description().sample;
  check_show(options, images, sample);
  std::vector<Picture> pictures = read(images, models[0].description(), options);
  predict(models, pictures, options);
  if (options.explain)
    write_explanations(models[0], pictures, options);
  else if (!options.show.empty())
    write_sheet(options.show, pictures);
  print(pictures, options);
}

}  // namespace gradus::app
