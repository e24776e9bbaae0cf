// picture_folders_test: folders and tables of picture files as --data.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/ops/shape.hpp"
#include "data/files/image.hpp"
#include "data/sets/mnist.hpp"
#include "tests/apps/halves.hpp"
#include "tests/apps/program.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;

namespace {

namespace fs = std::filesystem;

Process::Result run(const std::string& line, const TemporaryFolder& folder) {
  Process::Result result = run_gradus(line, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  return result;
}

}  // namespace

TEST_CASE("A folder of pictures is trained, evaluated, predicted and replayed") {
  const TemporaryFolder folder;
  write_halves(folder, "set/train", 30);
  write_halves(folder, "set/test", 10);
  const std::string line = "train --data set --model mlp --epochs 8 --batch-size 8 --size 6x8 ";
  const Process::Result trained = run(line + "--out run", folder);
  CHECK(json_of_file(folder.path("run/report.json"))["test_accuracy"] == 1.0);
  CHECK(json_of_file(folder.path("run/report.json"))["classes"].dump().find("upper") !=
        std::string::npos);
  CHECK(json_of_file(folder.path("run/config.json"))["size"] == "6x8");

  CHECK(run("evaluate run", folder).out.find("set, 20 test samples: loss ") != std::string::npos);
  fs::create_directories(folder.path("other"));
  fs::copy(folder.path("set/test/upper"), folder.path("other/upper"));
  CHECK(run("evaluate run --data other", folder).out.starts_with("other, 10 samples: loss "));
  const Process::Result predicted = run("predict run set/test/upper/3.png", folder);
  CHECK(predicted.out.starts_with("set/test/upper/3.png\n"));
  CHECK(predicted.out.find("upper") < predicted.out.find("lower"));
  check_refused(folder,
                {{"predict run set/test/upper/3.png --no-fit", 2,
                  "--no-fit doesn't fit a model that was trained on picture files: pictures "
                  "become samples like these"}});
  CHECK(run("replay run", folder).code == 0);
}

TEST_CASE("Pictures that are read again in each epoch give the same weights") {
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) write_halves(folder, i == 0 ? "set/train" : "set/test", 20);
  const std::string line =
      "train --data set --model lenet --epochs 2 --batch-size 8 --augment flip ";
  run(line + "--out kept", folder);
  // A megabyte is enough for all of them: a larger size isn't.
  const Process::Result again =
      run(line + "--out again --size 100x100 --memory 1 --threads 2", folder);
  const Process::Result large = run(line + "--out large --size 100x100 --threads 1", folder);
  CHECK(again.out.find("80 pictures take 2 MB, but the memory for them is 1 MB: they are read "
                       "again each epoch") != std::string::npos);
  CHECK(read_text(folder.path("again/best.safetensors")) ==
        read_text(folder.path("large/best.safetensors")));
}

TEST_CASE("The validation part of a folder chooses the epoch") {
  const TemporaryFolder folder;
  write_halves(folder, "set/train", 20);
  write_halves(folder, "set/val", 7);
  write_halves(folder, "set/test", 5);
  const std::string line = "train --data set --model mlp --epochs 3 --patience 2 ";
  run(line + "--out run", folder);
  const auto report = json_of_file(folder.path("run/report.json"));
  CHECK(read_text(folder.path("run/metrics.csv")).find(",,") == std::string::npos);
  CHECK(run("replay run", folder).code == 0);
  check_refused(folder, {{"train --data set --val-split 0.2", 2,
                          "--val-split doesn't fit data with a validation part of its own"},
                         {"train --data set --fold 1/5", 2,
                          "--fold doesn't fit data with a validation part of its own"}});
}

TEST_CASE("A table names picture files and what to predict of them") {
  const TemporaryFolder folder;
  write_halves(folder, "pictures", 20);
  std::string rows = "file,kind,brightness\n", without = rows;
  for (int i = 0; i < 20; ++i)
    for (const char* name : {"lower", "upper"})
      rows +=
          fmt::format("pictures/{0}/{1}.png,{0},{2}\n", name, i, name[0] == 'u' ? 1.5 : 0.25 * i);
  folder.write("list.csv", rows);
  run("train --data list.csv --images file --target kind --model mlp --epochs 12 --batch-size 8 "
      "--out classes",
      folder);
  CHECK(json_of_file(folder.path("classes/report.json"))["test_accuracy"] == 1.0);
  run("train --data list.csv --images file --target brightness --model mlp --epochs 3 --out "
      "numbers",
      folder);
  CHECK(json_of_file(folder.path("numbers/report.json"))["task"] == "regress");
  CHECK(run("predict classes pictures/upper/1.png", folder).code == 0);
  CHECK(run("evaluate classes", folder).code == 0);

  folder.write("missing.csv", without + ",upper,1\n" + rows.substr(without.size()));
  check_refused(folder,
                {{"train --data missing.csv --images file --target kind", 1,
                  "missing.csv: sample 1 has no file name in the column 'file'"},
                 {"train --data list.csv --images kind --target kind", 1,
                  "list.csv: the column 'kind' of --images is the target, the weights or a group"},
                 {"train --data list.csv --images file --target kind --test list.csv", 2,
                  "--test cannot be combined with --images"}});
}

TEST_CASE("Options for pictures need pictures") {
  const TemporaryFolder folder;
  folder.write("list.csv", "a,b\n1,2\n3,4\n5,6\n");
  write_halves(folder, "set", 5);
  check_refused(
      folder,
      {{"train --data digits --size 8x8", 2,
        "--size needs a folder of pictures, but --data digits isn't one"},
       {"train --data list.csv --memory 5", 2,
        "--memory needs a folder of pictures, but --data list.csv isn't one"},
       {"train --data digits --images a", 2, "--images needs a table, but --data digits isn't one"},
       {"train --data set --size 8", 2,
        "--size must be HxW, as in 32x48, each from 1 to 4096, got '8'"},
       {"train --data set --size 0x9", 2,
        "--size must be HxW, as in 32x48, each from 1 to 4096, got '0x9'"},
       {"train --data set --fit squeeze", 2, "unknown fit 'squeeze': one of stretch, crop, pad"}});
}

TEST_CASE("Fashion-MNIST as folders of PNG files: the same pixels, and the same weights") {
  const std::string fashion = data::find_idx_folder(data::fashion_mnist_folders());
  REQUIRE(!fashion.empty());
  const data::Split all = data::fashion_mnist();
  const TemporaryFolder folder;
  fs::create_directory(folder.path("idx"));
  // The first samples, in the order of their classes, as PNG files and as IDX files.
  const auto write = [&](const data::Dataset& part, const std::string& name,
                         const std::string& idx_name, int64_t count) {
    const data::Batch batch = part.normalized({}).batch(0, count);
    const std::vector<int64_t> labels = batch.targets.to_vector<int64_t>();
    Bytes pixels, classes;
    for (int64_t label = 0; label < 10; ++label) {
      const std::string path = folder.path(fmt::format("png/{}/{}", name, label));
      fs::create_directories(path);
      for (int64_t i = 0; i < count; ++i) {
        if (labels[static_cast<std::size_t>(i)] != label) continue;
        const Tensor image = slice(batch.inputs, 0, i, i + 1);
        data::write_png(fmt::format("{}/{}.png", path, i), reshape(image, {28, 28}));
        for (const float value : image.to_vector<float>())
          pixels.push_back(static_cast<uint8_t>(std::lround(value * 255)));
        classes.push_back(static_cast<uint8_t>(label));
      }
    }
    const auto n = static_cast<uint32_t>(count);
    folder.write("idx/" + idx_name + "-images-idx3-ubyte", idx_bytes({n, 28, 28}, pixels));
    folder.write("idx/" + idx_name + "-labels-idx1-ubyte", idx_bytes({n}, classes));
  };
  write(all.train, "train", "train", 600);
  write(all.test, "test", "t10k", 200);
  const std::string line = "train --model lenet --epochs 2 --val-split 0.1 ";
  run(line + "--data png --out a", folder);
  run(line + "--data idx --out b", folder);
  CHECK(metric_rows(folder.path("a")) == metric_rows(folder.path("b")));
  const auto a = json_of_file(folder.path("a/report.json")),
             b = json_of_file(folder.path("b/report.json"));
  for (const char* key : {"test_loss", "test_accuracy", "confusion_matrix"})
    CHECK(a[key] == b[key]);
}
