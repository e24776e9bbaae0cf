// predict_test: gradus predict.
#include <doctest/doctest.h>

#include <cstdlib>

#include "apps/gradus/run/run_folder.hpp"
#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/files/image.hpp"
#include "data/sets/digits.hpp"
#include "tests/apps/pictures/svg.hpp"
#include "tests/apps/refusal.hpp"
#include "tests/data/files/numpy_files.hpp"

using namespace gradus;
using nlohmann::json;

namespace {

const std::string drawn = TEST_DATA "/drawn/";

// Trains on some of the digits for a second, in the folder run.
void train_small(const TemporaryFolder& folder, const std::string& options = "") {
  const Process::Result result = run_gradus(
      "train --data digits --model mlp --limit 300 --epochs 3 --quiet --out run " + options,
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
}

// Checks the predictions for the drawn digits, whose file names begin with their class.
void check_drawn(const TemporaryFolder& folder) {
  std::string line = "predict run --json";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(drawn))
    if (entry.path().extension() == ".png" || entry.path().extension() == ".jpg") {
      line += ' ' + entry.path().string();
      ++count;
    }
  CHECK(count == 18);
  const Process::Result result = run_gradus(line, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  for (const json& image : json::parse(result.out)) {
    const std::string file = image["file"].get<std::string>().substr(drawn.size());
    CAPTURE(file);
    CHECK(image["classes"][0]["class"] == file[0] - '0');
    CHECK(image["classes"][0]["probability"] > 0.8);
  }
}

// Writes a drawn digit as a photograph of grey ink on grey paper, of which the right half is in the
// shadow.
void photograph_drawn(const std::string& file, double shadow, const std::string& path) {
  Tensor photo = data::read_image(drawn + file);
  const int64_t width = photo.size(2);
  float* values = photo.mutable_data<float>();
  for (int64_t i = 0; i < photo.numel(); ++i) {
    const double light = i % width < width / 2 ? 1 : shadow;
    values[i] = static_cast<float>((0.1 + 0.75 * values[i]) * light);
  }
  data::write_png(path, photo);
}

}  // namespace

TEST_CASE("Digits drawn with a paint program are recognized after training on the built-in digits" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  REQUIRE(run_gradus("train --data digits --quiet --out run", folder).code == 0);
  check_drawn(folder);
}

TEST_CASE("Digits drawn with a paint program are recognized after an epoch of MNIST" *
          doctest::test_suite("slow") * doctest::skip(std::getenv("GRADUS_MNIST_DIR") == nullptr)) {
  const TemporaryFolder folder;
  const std::string mnist = std::getenv("GRADUS_MNIST_DIR");
  const Process::Result result = run_gradus(
      "train --data mnist --model lenet --epochs 1 --quiet --out run --data-dir " + mnist, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  check_drawn(folder);
}

TEST_CASE("predict gives the same probabilities as evaluation for an image of the test set") {
  const TemporaryFolder folder;
  train_small(folder, "--preprocess pca:40");  // the matrix takes flat vectors of the images
  const data::Dataset test = data::digits().test;
  data::write_png(folder.path("a.png"), reshape(test.raw_batch(0, 1).inputs, {28, 28}));
  data::write_pnm(folder.path("b.pgm"), reshape(test.raw_batch(1, 1).inputs, {28, 28}));
  const Process::Result result = run_gradus("predict run a.png b.pgm --top 10 --json", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);

  train::SavedModel saved = app::RunFolder::open(folder.path("run")).load_model();
  const NoGrad no_grad;
  const auto evaluation = saved.model.evaluation_scope();
  const Tensor images = test.normalized(saved.description.normalization).batch(0, 2).inputs;
  const Tensor expected = softmax(cast(saved.model(images), DType::f64), 1);
  const json predictions = json::parse(result.out);
  REQUIRE(predictions.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(predictions[i]["steps"] == "");
    double before = 1;
    REQUIRE(predictions[i]["classes"].size() == 10);
    for (const json& row : predictions[i]["classes"]) {
      const auto c = row["class"].get<std::size_t>();
      CHECK(row["probability"] == expected.data<double>()[i * 10 + c]);
      CHECK(row["probability"] <= before);
      before = row["probability"];
    }
  }
}

TEST_CASE("gradus predict prints the most probable classes and the steps of fitting") {
  const TemporaryFolder folder;
  train_small(folder);
  const std::string three = drawn + "3.png";
  const Process::Result one = run_gradus("predict run " + three + " --top 2", folder);
  CHECK(one.err == "");
  CHECK(one.out.starts_with(three +
                            ": inverted (dark on light), cropped to 84×129, thickened, scaled to "
                            "14×20\nclass  probability\n    3       0."));
  CHECK(std::count(one.out.begin(), one.out.end(), '\n') == 4);
  const Process::Result two = run_gradus("predict run " + three + ' ' + three, folder);
  CHECK(two.out.find("\n\n" + three) != std::string::npos);
  CHECK(std::count(two.out.begin(), two.out.end(), '\n') == 11);

  const Process::Result scaled = run_gradus("predict run --no-fit --invert yes " + three, folder);
  CHECK(scaled.out.starts_with(three + ": inverted, scaled from 200×300\n"));
  CHECK(run_gradus("predict run --top 99 " + three, folder).out.ends_with("0.0000\n"));
}

TEST_CASE("gradus predict evens out a shadow, and says so") {
  const TemporaryFolder folder;
  train_small(folder);
  std::string even = "predict run --json", uneven = even;
  for (const std::string file : {"0.png", "3.png", "4.png", "5.png", "7.png", "8.png"}) {
    photograph_drawn(file, 1, folder.path("even-" + file));
    photograph_drawn(file, 0.5, folder.path("shadow-" + file));
    even += " even-" + file;
    uneven += " shadow-" + file;
  }
  const json expected = json::parse(run_gradus(even, folder).out);
  const json found = json::parse(run_gradus(uneven, folder).out);
  REQUIRE(found.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CAPTURE(found[i]["file"]);
    CHECK(found[i]["steps"] ==
          "uneven light: flattened, " + expected[i]["steps"].get<std::string>());
    CHECK(found[i]["classes"][0]["class"] == expected[i]["classes"][0]["class"]);
    const double probability = expected[i]["classes"][0]["probability"];
    CHECK(found[i]["classes"][0]["probability"] == doctest::Approx(probability).epsilon(0.05));
  }
  photograph_drawn("3.png", 0.08, folder.path("black.png"));
  const Process::Result two = run_gradus("predict run shadow-3.png black.png --top 1", folder);
  CHECK(two.out.starts_with("shadow-3.png: uneven light: flattened, inverted (dark on light), "));
  CHECK(two.out.find("\n\nblack.png: uneven light: the result is doubtful, inverted (dark on "
                     "light), cropped to 84×129, thickened, scaled to 14×20\nclass ") !=
        std::string::npos);
}

TEST_CASE("gradus predict --show draws what the network sees") {
  const TemporaryFolder folder;
  train_small(folder);
  const std::string three = drawn + "3.png", seven = drawn + "7.png";
  const Process::Result shown = run_gradus("predict run --show one.png " + three, folder);
  CHECK(shown.err == "");
  CHECK(shown.out == run_gradus("predict run " + three, folder).out);
  const Tensor one = data::read_image(folder.path("one.png"));
  REQUIRE(one.shape() == Shape{1, 280, 280});
  // White on black as in the training images; squares of ten pixels.
  CHECK(one.data<float>()[0] == 0);
  CHECK(amax(one, {0, 1, 2}).item() == 1);
  for (int64_t i = 0; i < one.numel(); ++i) {
    const int64_t corner = i / 2800 * 2800 + i % 280 / 10 * 10;
    if (one.data<float>()[i] != one.data<float>()[corner]) FAIL("pixel ", i);
  }
  // In order, each with a gap of two pixels around it.
  REQUIRE(run_gradus("predict run --show two.png " + seven + ' ' + three, folder).code == 0);
  const Tensor two = data::read_image(folder.path("two.png"));
  REQUIRE(two.shape() == Shape{1, 284, 566});
  CHECK(slice(slice(two, 1, 2, 282), 2, 284, 564).to_vector<float>() == one.to_vector<float>());
  // The image itself, where nothing is fitted.
  data::write_png(folder.path("seen.png"), slice(slice(one, 1, 5, 280, 10), 2, 5, 280, 10));
  REQUIRE(run_gradus("predict run --show again.png seen.png", folder).code == 0);
  CHECK(read_text(folder.path("again.png")) == read_text(folder.path("one.png")));
}

TEST_CASE("gradus predict --explain draws what decided the two most probable classes") {
  const TemporaryFolder folder;
  const Process::Result trained = run_gradus(
      "train --data digits --model lenet --limit 300 --epochs 1 --quiet --out run", folder);
  REQUIRE_MESSAGE(trained.code == 0, trained.err);
  const std::string images = drawn + "3.png " + drawn + "7.png";
  const Process::Result plain = run_gradus("predict run --top 2 --json " + images, folder);
  const std::string line = "predict run --top 2 --json --explain --show why.svg " + images;
  const Process::Result explained = run_gradus(line, folder);
  CHECK(explained.err == "");
  CHECK(explained.out == plain.out);
  const std::string svg = read_text(folder.path("why.svg"));
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "<image ") == 1 + 2 * 5);
  CHECK(occurrences(svg, ">What decided the class<") == 1);
  CHECK(occurrences(svg, ">3.png<") == 1 + 1);
  for (const json& image : json::parse(plain.out))
    for (const json& row : image["classes"])
      for (const char* way : {"saliency", "Grad-CAM"}) {
        const double probability = row["probability"];
        const std::string chance =
            probability < 0.0005 ? "&lt; 0.1 %" : fmt::format("{:.1f} %", 100 * probability);
        const std::string file =
            std::filesystem::path(image["file"].get<std::string>()).filename().string();
        CHECK(occurrences(svg, fmt::format("<title>{}: {} for {}, {}</title>", file, way,
                                           row["class"].get<int>(), chance)) == 1);
      }
  // The noise is that of the seed, whatever the number of threads.
  REQUIRE(run_gradus(line + " --threads 1", folder).code == 0);
  CHECK(read_text(folder.path("why.svg")) == svg);
  REQUIRE(run_gradus(line + " --seed 1", folder).code == 0);
  CHECK(read_text(folder.path("why.svg")) != svg);
}

TEST_CASE("gradus predict --explain leaves Grad-CAM out for a network without convolutions") {
  const TemporaryFolder folder;
  train_small(folder, "--preprocess pca:40");
  REQUIRE(run_gradus("predict run --explain --show why.svg " + drawn + "3.png", folder).code == 0);
  const std::string svg = read_text(folder.path("why.svg"));
  CHECK(occurrences(svg, "<image ") == 1 + 3);
  CHECK(svg.find("Grad-CAM") == std::string::npos);
}

TEST_CASE("gradus predict gives the numbers of images") {
  const TemporaryFolder folder;
  // How light an image is.
  std::vector<float> values, targets;
  Rng rng(1);
  for (int i = 0; i < 200; ++i) {
    const double light = rng.uniform();
    for (int pixel = 0; pixel < 16; ++pixel) values.push_back(static_cast<float>(light));
    targets.push_back(static_cast<float>(100 * light));
  }
  folder.write("light.npz", zip_bytes({{"X.npy", npy_bytes<float>("<f4", "200, 1, 4, 4", values)},
                                       {"y.npy", npy_bytes<float>("<f4", "200", targets)}}));
  const Process::Result trained =
      run_gradus("train --data light.npz --model mlp --epochs 40 --quiet --out run", folder);
  REQUIRE_MESSAGE(trained.code == 0, trained.err);
  data::write_png(folder.path("grey.png"), Tensor::full({4, 4}, 0.6));
  const json numbers =
      json::parse(run_gradus("predict run grey.png --json", folder).out)[0]["numbers"];
  REQUIRE(numbers.size() == 1);
  CHECK(numbers[0].get<double>() == doctest::Approx(60).epsilon(0.02));
  CHECK(run_gradus("predict run grey.png", folder)
            .out.starts_with("grey.png\nnumber  prediction\n     0     "));
  REQUIRE(run_gradus("predict run grey.png --explain --show why.svg", folder).code == 0);
  const std::string svg = read_text(folder.path("why.svg"));
  CHECK(occurrences(svg, ">What decided the number<") == 1);
  CHECK(occurrences(svg, ">saliency<") == 1);
  check_refused(folder, {{"predict run grey.png --uncertainty 9", 2,
                          "--uncertainty needs a classifier, but the run's task is regress"}});
}

TEST_CASE("gradus predict --uncertainty prints the deviation of predictions with dropout") {
  const TemporaryFolder folder;
  train_small(folder, "--dropout 0.3");
  const std::string line = "predict run --uncertainty 20 " + drawn + "3.png";
  const Process::Result text = run_gradus(line, folder);
  CHECK(text.err == "");
  CHECK(text.out.find("\nclass  probability       ±\n") != std::string::npos);
  CHECK(text.out.find("\nentropy ") != std::string::npos);
  const json first = json::parse(run_gradus(line + " --json", folder).out);
  CHECK(first == json::parse(run_gradus(line + " --json --threads 1", folder).out));
  CHECK(first != json::parse(run_gradus(line + " --json --seed 1", folder).out));
  CHECK(first[0]["entropy"] > first[0]["mutual_information"]);
  CHECK(first[0]["mutual_information"] > 0);
  CHECK(first[0]["classes"][0]["deviation"] > 0);
}

TEST_CASE("Errors of gradus predict") {
  const TemporaryFolder folder;
  train_small(folder);
  const std::string good = drawn + "3.png";
  folder.write("cut.png", read_text(good).substr(0, 60));
  folder.write("text.jpg", "no image");
  data::write_pnm(folder.path("white.pgm"), Tensor::full({50, 40}, 1));
  REQUIRE(run_gradus("train --data moons --epochs 1 --quiet --out moons", folder).code == 0);
  const Refusals cases{
      {"predict", 2, "predict takes a run folder and images or a table, got 0"},
      {"predict run", 2, "predict takes a run folder and images or a table, got 1"},
      {"predict nowhere a.png", 1, "nowhere: no such run folder"},
      {"predict run a.png", 1, "a.png: no such file"},
      {"predict run " + good + " cut.png", 1, "cut.png: damaged PNG: cut off"},
      {"predict run " + good + " text.jpg", 1,
       "text.jpg: is not a PNG, JPEG, WebP, BMP, PBM, PGM or PPM file"},
      {"predict run white.pgm", 1,
       "white.pgm: [fit_image] the picture is blank, no object was found: the contrast must be 0.1 "
       "or more, is 0"},
      {"predict run --invert perhaps " + good, 2,
       "unknown value of --invert 'perhaps': one of yes, auto, no"},
      {"predict run --uncertainty 9 " + good, 2,
       "[monte_carlo_predict] the model must have dropout: without it all samples are the same"},
      {"predict run --show seen.jpg " + good, 2, "--show writes a PNG file, but got 'seen.jpg'"},
      {"predict run --show cut.png cut.png", 2, "--show would replace the image cut.png"},
      {"predict run --explain " + good, 2,
       "--explain draws what decided the classes of images: it needs --show FILE.svg"},
      {"predict run --explain --show seen.png " + good, 2,
       "--show with --explain writes an SVG file, but got 'seen.png'"},
      {"predict run --show no/seen.png " + good, 1,
       "no/seen.png: can't write: No such file or directory"},
      {"predict moons " + good, 2,
       "predict needs a model for images or of a table, but that of moons takes samples (2); "
       "gradus evaluate "
       "moons "
       "--data FILE.csv evaluates it on other samples"}};
  check_refused(folder, cases);
}
