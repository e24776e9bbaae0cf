// TrainedModel, load_run, prepared.
#include "train/prediction/trained_model.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/metrics.hpp"
#include "data/picture/fit_image.hpp"
#include "data/table/read_table.hpp"
#include "data/table/table_data.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;
using train::TrainedModel;

namespace {

// Of images (1, 2, 3) in two classes.
train::SavedModel image_model() {
  Rng rng(1);
  return {.description = {.model = "flatten, dense classes",
                          .options = {.input = {1, 2, 3}, .classes = 2},
                          .normalization = {{0.25}, {0.3}}},
          .model = layers::Sequential{layers::Dropout(0.5, rng), layers::Flatten(),
                                      layers::Dense(6, 2, rng)}};
}

// Of two features that are scaled by themselves, with these targets.
train::SavedModel feature_model(const train::PredictedTargets& targets, int64_t outputs) {
  Rng rng(2);
  return {.description = {.model = "",
                          .options = {.input = {2}, .classes = outputs},
                          .normalization = {{1, 2}, {3, 4}},
                          .targets = targets},
          .model = layers::Sequential{layers::Dense(2, outputs, rng)}};
}

// The network's outputs for inputs that aren't normalized.
Tensor outputs_of(const train::SavedModel& saved, const Tensor& inputs) {
  layers::Sequential network = saved.model;
  const auto scope = network.evaluation_scope();
  return network(saved.description.normalization(inputs));
}

std::vector<uint8_t> some_bytes() {
  return {0, 255, 3, 200, 17, 99, 101, 1, 254, 128, 64, 32};
}

data::Dataset some_images() {
  return data::Dataset::of_bytes(some_bytes(), {1, 2, 3}, {0, 1}, 2);
}

}  // namespace

TEST_CASE("A trained model gives the probabilities of images, whatever form they have") {
  const train::SavedModel saved = image_model();
  const TrainedModel model(saved);
  const data::Dataset images = some_images();
  const Tensor inputs = images.raw_batch(0, 2).inputs;
  const Tensor expected = data::probabilities(outputs_of(saved, inputs));
  const Tensor p = model(inputs);
  CHECK(p.dtype() == DType::f64);
  REQUIRE(p.shape() == Shape{2, 2});
  for (int64_t i = 0; i < 4; ++i)
    CHECK(p.data<double>()[i] == doctest::Approx(expected.data<double>()[i]).epsilon(1e-6));
  // The normalization of a data set doesn't matter.
  CHECK(same_bits(p, model(images)));
  CHECK(same_bits(p, model(images.normalized({{7}, {8}}))));
  const std::vector<uint8_t> bytes = some_bytes();
  const std::vector<int64_t> numbers(bytes.begin(), bytes.end());
  CHECK(same_bits(p, model(Tensor::from(numbers, {2, 1, 2, 3}))));
  CHECK(same_bits(p, model(cast(inputs, DType::f64))));
  CHECK(same_bits(p, model(train::rounded_to_bytes(inputs + 0.001))));
  // Values between bytes count as they are.
  const Tensor between = inputs * 0.9 + 0.001;
  const Tensor other = data::probabilities(outputs_of(saved, between));
  for (int64_t i = 0; i < 4; ++i)
    CHECK(model(between).data<double>()[i] ==
          doctest::Approx(other.data<double>()[i]).epsilon(1e-6));
  CHECK(model.classes() == std::vector<std::string>{"0", "1"});
}

TEST_CASE("A trained model is a handle, and predicting doesn't change or record anything") {
  const TrainedModel model(image_model()), copy = model;
  CHECK(model.network().is_training());
  const Tensor inputs = some_images().raw_batch(0, 2).inputs;
  const Tensor p = model(inputs);
  CHECK_FALSE(p.requires_grad());
  CHECK(model.network().is_training());
  CHECK(same_bits(p, copy(inputs)));
  NamedTensors zeros;
  for (const auto& [name, tensor] : copy.network().state_dict())
    zeros.emplace_back(name, Tensor::zeros(tensor.shape()));
  copy.network().load_state_dict(zeros);
  CHECK(model(inputs).to_vector<double>() == std::vector<double>{0.5, 0.5, 0.5, 0.5});
}

TEST_CASE("The network of a trained model takes samples before normalization") {
  const train::SavedModel saved = image_model();
  const TrainedModel model(saved);
  layers::Module& network = model.network();
  std::vector<std::string> names;
  for (const auto& [name, tensor] : network.named_parameters()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"2.weight", "2.bias"});
  const auto scope = network.evaluation_scope();
  const Tensor x = Tensor::full({1, 1, 2, 3}, 0.4);
  CHECK(same_bits(network(x), outputs_of(saved, x)));
}

TEST_CASE("A trained model names its classes and labels, and gives the labels' probabilities") {
  const train::SavedModel saved = feature_model(
      {.kind = data::TargetKind::labels, .names = {"red", "round"}, .loss = "binary"}, 2);
  const TrainedModel model(saved);
  CHECK(model.classes() == std::vector<std::string>{"red", "round"});
  const Tensor x = Tensor::from<float>({1, -2, 3, 5}, {2, 2});
  const Tensor p = model(x), logits = cast(outputs_of(saved, x), DType::f64);
  for (int64_t i = 0; i < 4; ++i)
    CHECK(p.data<double>()[i] ==
          doctest::Approx(1 / (1 + std::exp(-logits.data<double>()[i]))).epsilon(1e-6));
}

TEST_CASE("A trained model gives numbers in their own unit, with their deviations") {
  const train::SavedModel saved = feature_model(
      {.kind = data::TargetKind::numbers, .scale = {{100}, {10}}, .loss = "gaussian"}, 2);
  const TrainedModel model(saved);
  const Tensor x = Tensor::from<float>({1, -2, 3, 5}, {2, 2});
  const data::Dataset samples = data::Dataset::of_tensors(x, Tensor::zeros({2}));
  const train::Predictions made = model.predict(samples);
  const Tensor outputs = outputs_of(saved, x);
  REQUIRE(made.values.shape() == Shape{2, 1});
  REQUIRE(made.deviations.shape() == Shape{2, 1});
  const train::Loss loss = train::make_loss(data::TargetKind::numbers, "gaussian");
  for (int64_t i = 0; i < 2; ++i) {
    CHECK(made.values.data<double>()[i] ==
          doctest::Approx(100 + 10 * outputs.data<float>()[2 * i]).epsilon(1e-6));
    CHECK(made.deviations.data<double>()[i] ==
          doctest::Approx(10 * loss.deviations(outputs).data<float>()[i]).epsilon(1e-6));
  }
  CHECK(same_bits(model(x), made.values));
  CHECK_FALSE(TrainedModel(feature_model({}, 2)).predict(samples).deviations.defined());
  refuses([&] { model.classes(); }, "[trained_model] the model predicts numbers, not classes");
}

TEST_CASE("prepared() normalizes samples for a model, and scales numbers like its targets") {
  const train::SavedModel saved = feature_model(
      {.kind = data::TargetKind::numbers, .scale = {{100}, {10}}, .loss = "squared"}, 1);
  const Tensor x = Tensor::from<float>({1, -2, 4, 6}, {2, 2});
  const data::Dataset samples =
      data::Dataset::of_tensors(x, Tensor::from<float>({100, 130}, {2})).normalized({{9}, {9}});
  const auto [inputs, targets] = train::prepared(saved.description, samples).batch(0, 2);
  CHECK(inputs.to_vector<float>() == std::vector<float>{0, -1, 1, 1});
  CHECK(targets.to_vector<float>() == std::vector<float>{0, 3});
  refuses([&] { train::prepared(saved.description, some_images()); },
          "[trained_model] samples must be (2), got (1, 2, 3)");
}

TEST_CASE("A trained model fits pictures to its training images") {
  train::SavedModel saved = image_model();
  saved.description.sample = saved.description.options.input = {1, 8, 8};
  saved.description.framing = data::Framing{.extent = 6, .row = 3.5, .column = 3.5, .stroke = 1};
  Rng rng(3);
  saved.model = layers::Sequential{layers::Flatten(), layers::Dense(64, 2, rng)};
  const TrainedModel model(saved);
  Tensor drawn = Tensor::ones({1, 40, 30});  // a black bar on white
  drawn.assign({Slice{}, Slice{5, 35}, Slice{12, 18}}, 0);
  const Tensor picture = model.fitted(drawn);
  CHECK(picture.shape() == Shape{1, 1, 8, 8});
  const Tensor fitted =
      data::fit_image(drawn, {1, 8, 8}, {.framing = saved.description.framing}).image;
  for (int64_t i = 0; i < 64; ++i)
    CHECK(picture.data<float>()[i] == doctest::Approx(fitted.data<float>()[i]).epsilon(0.003));
  CHECK(amax(picture).item() == 1);
  CHECK(same_bits(picture, train::rounded_to_bytes(picture)));
  CHECK(model(picture).shape() == Shape{1, 2});
  refuses(
      [&] {
        model.fitted(Tensor::ones({1, 20, 20}));
      },
      "[fit_image] the picture is blank, no object was found: the contrast must be 0.1 or more, "
      "is 0");
  refuses([&] { TrainedModel(feature_model({}, 2)).fitted(drawn); },
          "[trained_model] the model's samples are (2), not pictures (C, H, W)");
}

TEST_CASE("A trained model predicts the rows of a table, whose columns it finds by name") {
  const data::DataTable table =
      data::parse_table("size,colour,label\n1,red,a\n3,blue,b\n2.5,red,a\n7,blue,b\n", "t.csv");
  const std::vector<int64_t> all{0, 1, 2, 3};
  const data::TableEncoding encoding = data::TableEncoding::fit(table, all);
  Rng rng(4);
  const int64_t features = encoding.features();
  train::SavedModel saved{.description = {.model = "",
                                          .options = {.input = {features}, .classes = 2},
                                          .normalization = {{2}, {3}}},
                          .model = layers::Sequential{layers::Dense(features, 2, rng)}};
  saved.description.targets.names = {"a", "b"};
  saved.description.table = train::TableInputs{data::schema_of(table), encoding};
  const TrainedModel model(saved);
  const TemporaryFolder folder;
  const data::DataTable rows =
      model.read_table(folder.write("new.csv", "colour,size\nblue,7\ngreen,1\n"));
  std::vector<int64_t> unknown;
  const data::Dataset samples = model.encoded(rows, &unknown);
  CHECK(unknown == std::vector<int64_t>{0, 1});
  const Tensor raw = samples.raw_batch(0, 2).inputs, p = model(rows);
  const Tensor expected = data::probabilities(outputs_of(saved, raw));
  for (int64_t i = 0; i < 4; ++i)
    CHECK(p.data<double>()[i] == doctest::Approx(expected.data<double>()[i]).epsilon(1e-6));
  CHECK(same_bits(p, model(raw)));
  // The second sample of the training table is the first row.
  CHECK(p.data<double>()[0] == model(table).data<double>()[6]);
  refuses([&] { TrainedModel(feature_model({}, 2)).read_table("t.csv"); },
          "[trained_model] the model wasn't trained on a table");
}

TEST_CASE("Inputs that don't fit a trained model are refused") {
  const TrainedModel images(image_model()), features(feature_model({}, 2));
  refuses(
      [&] {
        images(Tensor::ones({1, 2, 3}));
      },
      "[trained_model] inputs must be (N, 1, 2, 3), got (1, 2, 3)");
  refuses(
      [&] {
        images(Tensor::ones({4, 1, 3, 2}));
      },
      "[trained_model] inputs must be (N, 1, 2, 3), got (4, 1, 3, 2)");
  refuses(
      [&] {
        images(Tensor::zeros({0, 1, 2, 3}));
      },
      "[trained_model] inputs must be (N, 1, 2, 3), got (0, 1, 2, 3)");
  refuses(
      [&] {
        images(Tensor::full({1, 1, 2, 3}, 256, DType::i64));
      },
      "[trained_model] pictures as i64 must be bytes 0 to 255, got 256");
  refuses(
      [&] {
        images(Tensor::zeros({1, 1, 2, 3}, DType::boolean));
      },
      "[trained_model] inputs must be f32, f64 or i64, got bool");
  refuses(
      [&] {
        features(Tensor::ones({2, 3}));
      },
      "[trained_model] inputs must be (N, 2), got (2, 3)");
  refuses(
      [&] {
        features(Tensor::zeros({1, 2}, DType::i64));
      },
      "[trained_model] inputs must be f32 or f64, got i64");
  refuses([&] { features(some_images()); }, "[trained_model] samples must be (2), got (1, 2, 3)");
}

TEST_CASE("load_run loads the weights of a run's folder, and says what is wrong with it") {
  const TemporaryFolder folder;
  const auto fails = [&](const std::string& path, const std::string& text) {
    CHECK_THROWS_WITH_AS(train::load_run(path), (path + ": " + text).c_str(), std::runtime_error);
  };
  fails(folder.path("nowhere"), "no such run folder");
  fails(folder.path(), "contains no weights yet");
  train::ModelDescription description{.model = "flatten, dense classes",
                                      .options = {.input = {1, 2, 3}, .classes = 2},
                                      .normalization = {{0.25}, {0.3}}};
  Rng rng(5);
  layers::Sequential network = layers::build(description.model, description.options, rng);
  const std::string runs[] = {folder.path("fold-2"), folder.path("fold-1")};
  for (const std::string& run : runs) {
    std::filesystem::create_directory(run);
    train::write_model(run + "/best.safetensors", network.state_dict(), description);
  }
  const TrainedModel model = train::load_run(runs[0]);
  const Tensor inputs = some_images().raw_batch(0, 2).inputs;
  CHECK(same_bits(model(inputs), TrainedModel({description, network})(inputs)));
  fails(folder.path(), "contains 2 runs; load one of them, such as " + runs[1]);
  // Before the end of a training there is only a checkpoint.
  description.normalization = {{0}, {1}};
  std::filesystem::rename(runs[0] + "/best.safetensors", runs[0] + "/checkpoint.safetensors");
  CHECK(same_bits(train::load_run(runs[0])(inputs), model(inputs)));
  train::write_model(runs[0] + "/best.safetensors", network.state_dict(), description);
  CHECK_FALSE(same_bits(train::load_run(runs[0])(inputs), model(inputs)));
  folder.write("fold-1/best.safetensors", "damaged");
  CHECK_THROWS_AS(train::load_run(runs[1]), std::runtime_error);
}
