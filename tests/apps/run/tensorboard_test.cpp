// TensorBoard: event files, read back by tests/apps/event_reader.hpp.
#include "train/tensorboard.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "core/io/safetensors.hpp"
#include "data/files/image.hpp"
#include "tests/apps/event_reader.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

float scalar(const events::Point& point) {
  return std::bit_cast<float>(static_cast<uint32_t>(point.value.number(2)));
}

// The columns of metrics.csv by their names.
std::map<std::string, std::vector<std::string>> metrics(const std::string& run) {
  std::map<std::string, std::vector<std::string>> columns;
  std::vector<std::string> names;
  for (const std::string& row : metric_rows(run)) {
    std::istringstream cells(row);
    std::string cell;
    for (std::size_t i = 0; std::getline(cells, cell, ','); ++i)
      if (row.starts_with("epoch"))
        names.push_back(cell);
      else
        columns[names[i]].push_back(cell);
  }
  return columns;
}

// `set` is evaluated after each epoch; its columns begin with `prefix`.
void check_scalars(const std::string& run, const std::string& set, const std::string& prefix) {
  const auto points = events::read_folder(run + "/tensorboard");
  auto columns = metrics(run);
  const std::pair<std::string, std::string> pairs[] = {{"loss/training", "train_loss"},
                                                       {"loss/" + set, prefix + "_loss"},
                                                       {"accuracy/training", "train_accuracy"},
                                                       {"accuracy/" + set, prefix + "_accuracy"},
                                                       {"learning rate", "lr"}};
  for (const auto& pair : pairs) {
    CAPTURE(pair.first);
    const auto& [tag, column] = pair;
    REQUIRE(points.contains(tag));
    const auto& values = points.at(tag);
    REQUIRE(values.size() == columns[column].size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      CHECK(std::to_string(values[i].step) == columns["step"][i]);
      CHECK(scalar(values[i]) == std::stof(columns[column][i]));
    }
  }
}

}  // namespace

TEST_CASE("Checksums are CRC32C") {
  CHECK(events::crc32c("123456789") == 0xe3069283);  // RFC 3720, appendix B.4, and its errata
  CHECK(events::crc32c(std::string(32, '\0')) == 0x8a9136aa);
}

TEST_CASE("A summary has its scalars, histograms and images in TensorFlow's fields") {
  const TemporaryFolder folder;
  {
    train::EventSummary summary;
    summary.add_scalar("group/scalar", -1.5);
    summary.add_histogram("h", std::vector<float>{-1, 0, 0, 3, NAN, INFINITY});
    summary.add_histogram("constant", std::vector<float>{2, 2});
    summary.add_histogram("nothing", std::vector<float>{NAN});
    summary.add_image("i", data::to_png(Tensor::zeros({3, 4, 300})));
    summary.add_image("grey", data::to_png(Tensor::zeros({1, 4, 5})));
    train::EventFile(folder.path(), 1).add(300, summary);
  }
  const auto points = events::read_folder(folder.path());
  CHECK(points.size() == 5);
  CHECK(points.at("group/scalar")[0].step == 300);
  CHECK(scalar(points.at("group/scalar")[0]) == -1.5f);

  const events::Message histogram(points.at("h")[0].value.text(5));
  const double expected[] = {-1, 3, 4, 2, 10};  // least, largest, count, sum, sum of squares
  for (uint64_t field = 1; field <= 5; ++field) CHECK(histogram.real(field) == expected[field - 1]);
  const std::vector<double> limits = events::doubles(histogram.text(6));
  const std::vector<double> counts = events::doubles(histogram.text(7));
  REQUIRE(limits.size() == 64);
  REQUIRE(counts.size() == 64);
  CHECK(limits.back() == 3);
  CHECK(limits[0] == -1 + 4. / 64);
  CHECK(counts[0] == 1);
  CHECK(counts[16] == 2);
  CHECK(counts[63] == 1);
  const events::Message constant(points.at("constant")[0].value.text(5));
  CHECK(events::doubles(constant.text(6)) == std::vector<double>{2});
  CHECK(events::doubles(constant.text(7)) == std::vector<double>{2});

  const events::Message image(points.at("i")[0].value.text(4));
  CHECK(image.number(1) == 4);
  CHECK(image.number(2) == 300);
  CHECK(image.number(3) == 3);
  CHECK(image.text(4) == data::to_png(Tensor::zeros({3, 4, 300})));
  CHECK(events::Message(points.at("grey")[0].value.text(4)).number(3) == 1);
}

TEST_CASE("Errors of event files") {
  const TemporaryFolder folder;
  std::ofstream(folder.path("file")) << "in the way";
  const std::string path = folder.path("file/tensorboard");
  CHECK_THROWS_WITH(train::EventFile(path, 1),
                    (path + ": the folder can't be made: Not a directory").c_str());
  train::EventSummary summary;
  CHECK_THROWS_WITH(summary.add_image("i", "short"),
                    "[tensorboard] 'i' is not a PNG file: 5 bytes");
}

TEST_CASE("TensorBoard ignores what was logged about an epoch that is trained again") {
  const TemporaryFolder folder;
  std::vector<train::EpochRecord> history{{.epoch = 1, .step = 10, .train_loss = 2},
                                          {.epoch = 2, .step = 20, .train_loss = 1}};
  train::TensorBoard first(folder.path(), {}, train::task_of(data::TargetKind::classes).score);
  for (const train::EpochRecord& record : history) first.add_epoch(record, {});
  history.pop_back();
  train::TensorBoard second(folder.path(), history,
                            train::task_of(data::TargetKind::classes).score);
  second.add_epoch({.epoch = 2, .step = 20, .train_loss = 0.5}, {});
  const auto losses = events::read_folder(folder.path("tensorboard")).at("loss/training");
  REQUIRE(losses.size() == 2);
  CHECK(scalar(losses[0]) == 2);
  CHECK(scalar(losses[1]) == 0.5);
}

TEST_CASE("The name of an event file sorts after those of our earlier files") {
  const TemporaryFolder folder;
  for (const char* name : {"events.out.tfevents.copy", "events.out.tfevents.copy.gradus",
                           "events.out.tfevents.99999999999999999999.gradus",
                           "events.out.tfevents.9999999999.gradus", "zzz"})
    folder.write(name, "");
  const auto names = [&] {
    std::set<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      if (std::filesystem::file_size(entry.path()) > 0) result.insert(entry.path().filename());
    return result;
  };
  { train::EventFile(folder.path(), 0); }
  REQUIRE(names().size() == 1);
  folder.write("events.out.tfevents.5000000000.gradus", "a clock that went back since");
  { train::EventFile(folder.path(), 0); }
  CHECK(names().contains("events.out.tfevents.5000000001.gradus"));
}

TEST_CASE("Event files contain the values of metrics.csv, weights, gradients and images") {
  const TemporaryFolder folder;
  const std::string train =
      "train --data digits --model lenet --dropout 0.3 --epochs 2 --watch-test --quiet ";
  REQUIRE(run_gradus(train + "--tensorboard --out logged", folder).code == 0);
  REQUIRE(run_gradus(train + "--out plain", folder).code == 0);
  const std::string run = folder.path("logged");
  // Logging doesn't change the training.
  CHECK(metric_rows(run) == metric_rows(folder.path("plain")));
  check_scalars(run, "test", "test");

  const auto points = events::read_folder(run + "/tensorboard");
  const auto weights = read_safetensors(run + "/best.safetensors");
  for (const auto& named : weights.tensors) {
    CAPTURE(named.first);
    const auto& [name, tensor] = named;
    REQUIRE(points.contains("weights/" + name));
    CHECK(points.at("gradients/" + name).size() == 2);
    const auto& epochs = points.at("weights/" + name);
    REQUIRE(epochs.size() == 2);
    const events::Message histogram(epochs.back().value.text(5));
    const std::vector<float> values = tensor.to_vector<float>();
    CHECK(histogram.real(1) == *std::min_element(values.begin(), values.end()));
    CHECK(histogram.real(3) == static_cast<double>(values.size()));
  }
  CHECK(points.contains("filters/01"));
  const auto mistakes = std::count_if(points.begin(), points.end(), [](const auto& tagged) {
    return tagged.first.starts_with("mistakes/");
  });
  const std::string misclassified = read_text(run + "/misclassified.svg");
  CHECK(misclassified.find("the most confident " + std::to_string(mistakes) + " of ") !=
        std::string::npos);
}

TEST_CASE("Event files of a resumed run contain each epoch once") {
  const TemporaryFolder folder;
  Process process(gradus_arguments("train --data digits --model lenet --epochs 4 --tensorboard "
                                   "--val-split 0.1 --out run"),
                  folder.path());
  process.wait_for("epoch 2/4");
  process.kill(SIGKILL);
  process.wait();
  const Process::Result resumed = run_gradus("train --resume run", folder);
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  REQUIRE(metric_rows(folder.path("run")).size() == 5);
  check_scalars(folder.path("run"), "validation", "val");
}
