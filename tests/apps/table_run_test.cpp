// What a run keeps of its table: evaluate and predict on other tables; weights, parts, folds,
// resume and replay.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/apps/refusal.hpp"
#include "tests/apps/same_result.hpp"
#include "tests/apps/table_files.hpp"

using namespace gradus;

namespace {

using nlohmann::json;

// Flowers: a number, a colour, a text that isn't used; the kind depends on both. `first` and `last`
// rows of 200.
std::string flowers_csv(int first = 0, int last = 200, bool is_regression = false) {
  std::string text = is_regression ? "size,colour,name,height\n" : "size,colour,name,kind\n";
  for (int i = first; i < last; ++i) {
    const int size = i * 37 % 200;
    const char* const colour = std::array{"red", "green", "blue"}[static_cast<std::size_t>(i % 3)];
    const bool is_tall = size + (i % 3 == 0 ? 60 : 0) > 120;
    text += fmt::format("{},{},flower {},", size * 0.05, colour, i);
    text += is_regression ? fmt::format("{:.2f}\n", 0.1 * size + (i % 3 == 0 ? 3 : 0))
                          : fmt::format("{}\n", is_tall ? "tall" : "low");
  }
  return text;
}

const std::string flowers_line =
    "train --model mlp --epochs 10 --batch-size 32 --threads 1 --quiet ";

// Trains on the table in flowers.csv.
void train_flowers(const TemporaryFolder& folder, const std::string& options = "--out run",
                   bool is_regression = false) {
  folder.write("flowers.csv", flowers_csv(0, 200, is_regression));
  const Process::Result result = run_gradus(flowers_line + "--data flowers.csv " + options, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
}

json of_output(const std::string& line, const TemporaryFolder& folder, const std::string& notes) {
  const Process::Result result = run_gradus(line + " --json", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == notes);
  return json::parse(result.out);
}

}  // namespace

TEST_CASE("evaluate scores the test rows of a table, unless a cell has changed") {
  const TemporaryFolder folder;
  train_flowers(folder);
  const auto report = json_of_file(folder.path("run/report.json"));
  CHECK(report["test_accuracy"] > 0.9);
  const json scores = of_output("evaluate run", folder, "");
  CHECK(scores["samples"] == 40);
  CHECK(scores["accuracy"] == report["test_accuracy"]);
  CHECK(scores["loss"] == report["test_loss"]);

  // The rows have other names: they aren't used.
  std::string text = flowers_csv();
  text.replace(text.find("flower 7"), 8, "flower X");
  folder.write("flowers.csv", text);
  CHECK(of_output("evaluate run", folder, "") == scores);
  text.replace(text.find("1.85,"), 4, "1.75");
  folder.write("flowers.csv", text);
  const Process::Result changed = run_gradus("evaluate run", folder);
  CHECK(changed.code == 1);
  CHECK(changed.out == "");
  CHECK_MESSAGE(changed.err.starts_with("error: run: the data set " + folder.path("flowers.csv") +
                                        " has changed: its checksums are "),
                changed.err);
}

TEST_CASE("evaluate finds the columns of another table by name") {
  const TemporaryFolder folder;
  train_flowers(folder);
  const auto both = of_output("evaluate run --data flowers.csv", folder,
                              "160 of 200 samples are training samples of the run\n");
  CHECK(both["samples"] == 200);

  // Another order, an extra column, and only one class.
  folder.write("other.csv",
               "kind,place,colour,size\nlow,here,blue,1\nlow,there,blue,1.11\nlow,here,red,0.31\n");
  const json low =
      of_output("evaluate run --data other.csv", folder, "extra columns are not used: place\n");
  CHECK(low["samples"] == 3);
  CHECK(low["accuracy"] == 1);
  REQUIRE(low["classes"].size() == 2);
  CHECK(low["classes"][0]["name"] == "low");
  CHECK(low["classes"][0]["support"] == 3);
  CHECK(low["classes"][1]["name"] == "tall");
  CHECK(low["classes"][1]["support"] == 0);

  folder.write("pink.csv", "size,colour,kind\n9.01,pink,tall\n1.01,black,low\n0.99,blue,low\n");
  CHECK(of_output(
            "evaluate run --data pink.csv", folder,
            "column 'colour': 2 unknown values, which training samples don't have\n")["samples"] ==
        3);
  folder.write("plain.csv", "9.01,red,x,tall\n1.01,blue,y,low\n");
  CHECK(
      of_output(
          "evaluate run --data plain.csv", folder,
          "it has no header line: its columns are taken in the order of the run's\n")["accuracy"] ==
      1);

  folder.write("without.csv", "size,kind\n1,low\n");
  folder.write("untold.csv", "size,colour\n1,red\n");
  folder.write("unknown.csv", "size,colour,kind\n1,red,low\n1,red,middle\n");
  folder.write("missing.csv", "size,colour,kind\n1,red,low\n1,red,\n");
  folder.write("twice.csv", "size,colour,size,kind\n1,red,2,low\n");
  folder.write("short.csv", "1,low\n2,tall\n");
  check_refused(
      folder,
      {{"evaluate run --data without.csv", 1,
        "without.csv: has no column 'colour', which the run needs"},
       {"evaluate run --data untold.csv", 1,
        "untold.csv: has no column 'kind', which the run needs"},
       {"evaluate run --data unknown.csv", 1,
        "unknown.csv: line 3, column 3 (kind): the run has no class 'middle'"},
       {"evaluate run --data missing.csv", 1,
        "missing.csv: line 3, column 3 (kind): the target is missing"},
       {"evaluate run --data twice.csv", 1,
        "twice.csv: two columns are named 'size' (1 and 3); rename one"},
       {"evaluate run --data short.csv", 1,
        "short.csv: has 2 columns and no header line, but the run's table has 4"},
       {"evaluate run --data digits", 2,
        "--data digits has samples (1, 28, 28) in 10 classes, the run's model needs (4) in 2"}});
}

TEST_CASE("predict keeps the columns of a table that the model doesn't use") {
  const TemporaryFolder folder;
  train_flowers(folder);
  const std::string rows = "id,colour,size\na7,red,9\nb8,blue,1\nc9,pink,5\n";
  const std::string notes =
      "extra columns are not used: id\n"
      "column 'colour': 1 unknown value, which training samples don't have\n";
  folder.write("rows.csv", rows);
  const json list = of_output("predict run rows.csv", folder, notes);
  REQUIRE(list.size() == 3);
  for (const json& row : list) {
    CHECK(row["p(low)"].get<double>() + row["p(tall)"].get<double>() == doctest::Approx(1));
    CHECK(row["probability"] == std::max(row["p(low)"], row["p(tall)"]));
  }
  CHECK(list[0]["row"] == 1);
  CHECK(list[0]["id"] == "a7");
  CHECK(list[0]["prediction"] == "tall");
  CHECK(list[1]["prediction"] == "low");
  CHECK_FALSE(list[0].contains("size"));

  const Process::Result text = run_gradus("predict run rows.csv", folder);
  CHECK(text.err == notes);
  const std::vector<std::string> lines = lines_of(text.out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "row  id  prediction  probability   p(low)  p(tall)");
  CHECK(lines[1].starts_with("  1  a7  tall "));

  // The same from the standard input, and into a file.
  const Process::Result standard = run_gradus("predict run rows.csv --out -", folder);
  CHECK(standard.out.starts_with("row,id,prediction,probability,p(low),p(tall)\n1,a7,tall,"));
  const Process::Result file = run_gradus("predict run rows.csv --out new.csv", folder);
  CHECK(file.out == "");
  CHECK(read_text(folder.path("new.csv")) == standard.out);
  REQUIRE(run_gradus("predict run rows.csv --json --out new.json", folder).code == 0);
  CHECK(json_of_file(folder.path("new.json")) == list);
  const std::string piped = fmt::format("'{}' predict run - --out - < rows.csv", GRADUS_PROGRAM);
  const Process::Result input = Process({"/bin/sh", "-c", piped}, folder.path()).wait();
  CHECK(input.out == standard.out);
  CHECK(input.err == notes);
  const Process::Result bad =
      Process({"/bin/sh", "-c", fmt::format("echo size | '{}' predict run -", GRADUS_PROGRAM)},
              folder.path())
          .wait();
  CHECK(bad.code == 1);
  CHECK(bad.err == "error: standard input: has no column 'colour', which the run needs\n");

  // The training's table, with its unused text and its target.
  CHECK(run_gradus("predict run flowers.csv --out -", folder)
            .out.starts_with("row,name,kind,prediction,probability,p(low),p(tall)\n"
                             "1,flower 0,low,low,"));
}

TEST_CASE("Errors of predictions for tables") {
  const TemporaryFolder folder;
  train_flowers(folder);
  folder.write("text.csv", "size,colour\n1,red\ntiny,red\n");
  folder.write("without.csv", "size\n1\n");
  folder.write("empty.csv", "");
  folder.write("header.csv", "size,colour\n");
  folder.write("rows.csv", "size,colour\n1,red\n");
  check_refused(
      folder,
      {{"predict run text.csv", 1, "text.csv: line 3, column 1 (size): 'tiny' is not a number"},
       {"predict run without.csv", 1, "without.csv: has no column 'colour', which the run needs"},
       {"predict run empty.csv", 1, "empty.csv: is empty"},
       {"predict run header.csv", 1, "header.csv: line 1: no samples follow the header"},
       {"predict run nosuch.csv", 1, "nosuch.csv: no such file"},
       {"predict run rows.csv --header maybe", 2,
        "unknown value of --header 'maybe': one of yes, no"},
       {"predict run rows.csv --invert yes", 2,
        "--invert is for images, but run was trained on a table"},
       {"predict run rows.csv rows.csv", 2, "predict takes one table, got 2 files"},
       {"predict run rows.csv --out no/new.csv", 1,
        "no/new.csv: can't write: No such file or directory"}});
  CHECK(folder.files() == 7);
}

TEST_CASE("predict gives numbers with the interval of their errors") {
  const TemporaryFolder folder;
  train_flowers(folder, "--out run", true);
  folder.write("rows.csv", "size,colour\n9,red\n1,blue\n");
  const json list = of_output("predict run rows.csv", folder, "");
  REQUIRE(list.size() == 2);
  const auto number = [&](int row, const char* name) {
    return list[static_cast<std::size_t>(row)][name].get<double>();
  };
  const double half = number(0, "prediction high") - number(0, "prediction");
  CHECK(half > 0);
  CHECK(half < 5);
  for (int row = 0; row < 2; ++row) {
    CHECK(number(row, "prediction high") - number(row, "prediction") == doctest::Approx(half));
    CHECK(number(row, "prediction") - number(row, "prediction low") == doctest::Approx(half));
  }
  CHECK(number(0, "prediction") == doctest::Approx(21).epsilon(0.15));
  CHECK(lines_of(run_gradus("predict run rows.csv", folder).out)[0] ==
        "row  prediction  prediction low  prediction high");

  // About 95 % of the test samples are within it.
  const json all = of_output("predict run flowers.csv", folder, "");
  int inside = 0;
  for (const json& row : all) {
    const double height = std::stod(row["height"].get<std::string>());
    inside += row["prediction low"] <= height && height <= row["prediction high"];
  }
  CHECK(inside >= 180);
}

TEST_CASE("predict --explain says what each cell changes, and no name is used twice") {
  const TemporaryFolder folder;
  std::string text = "prediction,size,noise,y\n";
  for (int i = 0; i < 80; ++i)
    text += fmt::format("row {},{},{},{}.5\n", i, i % 20, i * 7 % 13, 10 * (i % 20));
  folder.write("t.csv", text);
  const Process::Result trained = run_gradus(
      "train --data t.csv --target y --ignore prediction --model mlp --epochs 80 "
      "--quiet --out run",
      folder);
  REQUIRE_MESSAGE(trained.code == 0, trained.err);
  folder.write("new.csv", "prediction,size,noise\nfirst,19,5\nsecond,?,5\n");
  const json rows = of_output("predict run new.csv --explain", folder, "");
  CHECK(rows[0]["prediction (table)"] == "first");
  CHECK(rows[0]["prediction"].get<double>() == doctest::Approx(190.5).epsilon(0.05));
  // The median of the sizes is about 9.5.
  CHECK(rows[0]["effect of size"].get<double>() == doctest::Approx(95).epsilon(0.15));
  CHECK(rows[1]["effect of size"] == 0);
  CHECK(std::abs(rows[0]["effect of noise"].get<double>()) < 10);
}

TEST_CASE("predict gives several labels separated by |") {
  const TemporaryFolder folder;
  std::string text = "a,b,tags\n";
  for (int i = 0; i < 200; ++i) {
    const int a = i * 37 % 100, b = i * 53 % 97;
    const char* const both = a > 50 && b > 50 ? "|" : "";
    text += fmt::format("{},{},{}{}{}\n", a, b, a > 50 ? "big" : "", both, b > 50 ? "old" : "");
  }
  folder.write("tags.csv", text);
  const Process::Result result = run_gradus(
      "train --data tags.csv --model mlp --epochs 20 --batch-size 32 --threads 1 --out run",
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.out.starts_with("200 samples: 2 numbers; target tags: 2 labels\n"));
  folder.write("rows.csv", "a,b\n90,90\n90,5\n5,5\n5,90\n");
  const json list = of_output("predict run rows.csv", folder, "");
  REQUIRE(list.size() == 4);
  CHECK(list[0]["prediction"] == "big|old");
  CHECK(list[1]["prediction"] == "big");
  CHECK(list[2]["prediction"] == "");
  CHECK(list[3]["prediction"] == "old");
  CHECK(list[1]["p(big)"] > 0.5);
  CHECK(list[1]["p(old)"] < 0.5);
  CHECK(of_output("evaluate run", folder, "")["accuracy"] > 0.9);
  folder.write("new.csv", "a,b,tags\n90,90,big|new\n");
  check_refused(folder, {{"evaluate run --data new.csv", 1,
                          "new.csv: line 2, column 3 (tags): the run has no label 'new'"}});
}

TEST_CASE("The loss says what a predicted number is, and whether it has an interval") {
  const TemporaryFolder folder;
  train_flowers(folder, "--loss gaussian --out gaussian", true);
  train_flowers(folder, "--loss pinball:0.9 --out quantile", true);
  train_flowers(folder, "--loss poisson --out counts", true);
  const auto row_of = [&](const char* run) {
    return of_output(fmt::format("predict {} flowers.csv", run), folder, "")[0];
  };
  for (const char* run : {"gaussian", "counts"}) {
    CAPTURE(run);
    const json row = row_of(run);
    CHECK(row["prediction low"] < row["prediction"]);
    CHECK(row["prediction high"] > row["prediction"]);
    const auto description =
        read_safetensors(folder.path(run) + "/best.safetensors").metadata.at("gradus.model");
    const json targets = json::parse(description)["targets"];
    CHECK(targets["mean"].size() == (run[0] == 'g' ? 1 : 0));
    CHECK(targets["error_bounds"].size() == 1);
  }
  // The interval of gaussian is that of its own deviation, of counts the same for all rows.
  const json gaussian = of_output("predict gaussian flowers.csv", folder, "");
  const auto width = [](const json& row) {
    return row["prediction high"].get<double>() - row["prediction low"].get<double>();
  };
  CHECK(width(gaussian[0]) != doctest::Approx(width(gaussian[1])).epsilon(1e-6));
  const json counts = of_output("predict counts flowers.csv", folder, "");
  CHECK(width(counts[0]) == doctest::Approx(width(counts[1])).epsilon(1e-6));
  const json quantiles = of_output("predict quantile flowers.csv", folder, "");
  CHECK_FALSE(quantiles[0].contains("prediction low"));
  int below = 0;
  for (const json& row : quantiles)
    below += std::stod(row["height"].get<std::string>()) <= row["prediction"].get<double>();
  CHECK(below > 140);  // 180 of 200 for the exact quantile
}

TEST_CASE("compare judges two runs that predict numbers or labels by their scores") {
  const TemporaryFolder folder;
  train_flowers(folder, "--out a", true);
  train_flowers(folder, "--lr 1e-6 --out b", true);
  const std::string numbers = run_gradus("compare a b", folder).out;
  CHECK_MESSAGE(numbers.find("\nrmse ") != std::string::npos, numbers);
  CHECK(numbers.find(" more than chance") != std::string::npos);
  CHECK(numbers.find("McNemar") == std::string::npos);
  std::string labels = "size,kind\n";
  for (int i = 0; i < 100; ++i)
    labels += fmt::format("{},{}\n", i, i % 3 == 0 ? "red|round" : i % 3 == 1 ? "red" : "");
  folder.write("labels.csv", labels);
  for (const char* run : {"c --lr 1e-3 --mixup 0.2", "d --lr 1e-6"})
    REQUIRE(
        run_gradus(flowers_line + "--data labels.csv --number size --out " + run, folder).code ==
        0);
  const Process::Result result = run_gradus("compare c d", folder);
  CHECK(result.err == "");
  CHECK(result.out.find("\nsubset_accuracy ") != std::string::npos);
  // Runs of different tasks have no scores in common.
  CHECK(run_gradus("compare a c", folder).out.find("\nscore ") == std::string::npos);
}

TEST_CASE("The runs of several seeds predict the mean of their probabilities") {
  const TemporaryFolder folder;
  train_flowers(folder, "--seeds 2 --out seeds");
  folder.write("rows.csv", "size,colour\n5.5,red\n6,blue\n3,green\n");
  const json mean = of_output("predict seeds rows.csv", folder, "");
  const json one = of_output("predict seeds/seed-1 rows.csv", folder, "");
  const json two = of_output("predict seeds/seed-2 rows.csv", folder, "");
  REQUIRE(mean.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(one[i]["p(tall)"] != two[i]["p(tall)"]);
    CHECK(mean[i]["p(tall)"].get<double>() ==
          doctest::Approx((one[i]["p(tall)"].get<double>() + two[i]["p(tall)"].get<double>()) / 2)
              .epsilon(1e-12));
  }
}

TEST_CASE("--weight: samples of weight 0 don't count, and only ratios matter") {
  const TemporaryFolder folder;
  // Each sample also with the wrong class and weight 0, so that means and deviations are the same.
  std::string plain = "a,b,y\n", mixed = "a,b,w,y\n", ones = mixed, fours = mixed, test = plain;
  for (int i = 0; i < 100; ++i) {
    const double a = 0.1 * (i * 37 % 50), b = i * 7 % 13;
    const char *const right = a > 2.4 ? "up" : "down", *const wrong = a > 2.4 ? "down" : "up";
    plain += fmt::format("{},{},{}\n", a, b, right);
    mixed += fmt::format("{},{},1,{}\n{},{},0,{}\n", a, b, right, a, b, wrong);
    ones += fmt::format("{},{},1,{}\n", a, b, right);
    fours += fmt::format("{},{},4,{}\n", a, b, right);
    test += fmt::format("{},{},{}\n", a + 0.03, b, right);
  }
  folder.write("plain.csv", plain);
  folder.write("mixed.csv", mixed);
  folder.write("ones.csv", ones);
  folder.write("fours.csv", fours);
  folder.write("test.csv", test);
  const auto report = [&](const std::string& options, const std::string& run) {
    const Process::Result result = run_gradus(
        "train --test test.csv --model mlp --epochs 10 --batch-size 1000 --lr 0.01 --threads 1 "
        "--schedule constant --quiet --out " +
            run + " --data " + options,
        folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    return json_of_file(folder.path(run + "/report.json"));
  };
  const auto without = report("plain.csv", "without"),
             with = report("mixed.csv --weight w", "with");
  CHECK(without["test_accuracy"] > 0.9);
  CHECK(with["test_accuracy"] == without["test_accuracy"]);
  CHECK(with["test_loss"].get<double>() ==
        doctest::Approx(without["test_loss"].get<double>()).epsilon(1e-3));
  CHECK(report("mixed.csv --ignore w", "ignored")["test_accuracy"] < 0.8);
  report("ones.csv --weight w", "ones");
  report("fours.csv --weight w", "fours");
  CHECK(read_text(folder.path("ones/best.safetensors")) ==
        read_text(folder.path("fours/best.safetensors")));
  CHECK(metric_rows(folder.path("ones")) == metric_rows(folder.path("fours")));
}

TEST_CASE("--split-by keeps groups on one side, and --split-by-time tests on the latest") {
  const TemporaryFolder folder;
  const std::string header = "x,person,day,y\n";
  std::vector<std::string> of_person(10, header);
  std::string text = header, early = header, late = header;
  for (int i = 0; i < 200; ++i) {
    const int person = i * 7 % 10, day = i * 37 % 200;
    const std::string row = fmt::format("{},p{},2024-{:02}-{:02},{}\n", i * 0.5, person,
                                        1 + day / 28, 1 + day % 28, i > 99 ? "up" : "down");
    text += row;
    of_person[static_cast<std::size_t>(person)] += row;
    (day >= 160 ? late : early) += row;
  }
  folder.write("days.csv", text);
  const std::string line = "train --data days.csv --model mlp --epochs 1 --threads 1 --quiet ";
  REQUIRE(run_gradus(line + "--split-by person --ignore day --out groups", folder).code == 0);
  int tested = 0;
  for (const std::string& rows : of_person) {
    folder.write("person.csv", rows);
    const std::string notes = run_gradus("evaluate groups --data person.csv", folder).err;
    const bool is_trained = notes == "20 of 20 samples are training samples of the run\n";
    CHECK_MESSAGE((is_trained || notes == ""), notes);
    tested += !is_trained;
  }
  CHECK(tested == 2);

  REQUIRE(run_gradus(line + "--split-by-time day --ignore person --out times", folder).code == 0);
  folder.write("early.csv", early);
  folder.write("late.csv", late);
  CHECK(run_gradus("evaluate times --data early.csv", folder).err ==
        "160 of 160 samples are training samples of the run\n");
  CHECK(run_gradus("evaluate times --data late.csv", folder).err == "");
  const std::string once = "x,person,day,y\n0,p0,2024-01-01,down\n";
  folder.write("once.csv", once);
  CHECK(run_gradus("evaluate times --data once.csv", folder).err ==
        "1 of 1 sample is a training sample of the run\n");
}

TEST_CASE("--test FILE is kept with the run, whatever the folder") {
  const TemporaryFolder folder;
  folder.write("test.csv", "colour,kind,size\nred,tall,9.01\nblue,low,1.01\ngreen,low,0.99\n");
  train_flowers(folder, "--test test.csv --out run");
  const auto report = json_of_file(folder.path("run/report.json"));
  std::filesystem::create_directory(folder.path("elsewhere"));
  std::vector<std::string> arguments = gradus_arguments("evaluate ../run --json");
  const Process::Result result = Process(arguments, folder.path("elsewhere")).wait();
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const json scores = json::parse(result.out);
  CHECK(scores["samples"] == 3);
  CHECK(scores["loss"] == report["test_loss"]);
}

TEST_CASE("A regression on a table has folds and a validation set") {
  const TemporaryFolder folder;
  train_flowers(folder, "--folds 3 --out folds", true);
  const auto report = json_of_file(folder.path("folds/report.json"));
  CHECK(report["test_r2"] > 0.5);
  CHECK(report["test_rmse_interval"][0] < report["test_rmse"]);
  const Process::Result result = run_gradus(
      "train --data flowers.csv --epochs 2 --val-split 0.25 --model mlp --out run", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK_MESSAGE(
      result.out.find("\nflowers.csv: 120 samples to train, 40 to validate, 40 to test; ") !=
          std::string::npos,
      result.out);
  CHECK(json_of_file(folder.path("run/report.json"))["best_epoch_chosen_on"] == "validation");
}

TEST_CASE("A run on a table gives the same bits when it is resumed and replayed") {
  const TemporaryFolder folder;
  folder.write("passengers.csv", passengers_csv());
  const std::string line =
      "train --data passengers.csv --target Survived --model mlp --dropout 0.2 --epochs 6 "
      "--batch-size 32 --keep-checkpoints --quiet --out ";
  REQUIRE(run_gradus(line + "whole", folder).code == 0);
  REQUIRE(run_gradus(line + "parts --until-epoch 2", folder).code == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path("parts/report.json")));
  const Process::Result resumed =
      run_gradus("train --resume parts --keep-checkpoints --quiet", folder);
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  check_same_result(folder, "whole", "parts");
  Process process(gradus_arguments("train --data passengers.csv --target Survived --model mlp "
                                   "--dropout 0.2 --epochs 6 --batch-size 32 --keep-checkpoints "
                                   "--out stopped"),
                  folder.path());
  process.wait_for("epoch 1/6");
  process.kill(SIGINT);
  process.wait();
  if (!std::filesystem::exists(folder.path("stopped/report.json")))
    REQUIRE(run_gradus("train --resume stopped --keep-checkpoints --quiet", folder).code == 0);
  check_same_result(folder, "whole", "stopped");
  const Process::Result replayed = run_gradus("replay whole --quiet", folder);
  CHECK_MESSAGE(replayed.code == 0, replayed.err);
  CHECK(replayed.out == "all 138 steps gave the same bits\n");

  // A resumed run needs the table as it was.
  REQUIRE(run_gradus(line + "later --until-epoch 2", folder).code == 0);
  std::string text = passengers_csv();
  text.replace(text.find(",male,"), 6, ",boy,");
  folder.write("passengers.csv", text);
  const Process::Result changed = run_gradus("train --resume later --quiet", folder);
  CHECK(changed.code == 1);
  CHECK_MESSAGE(changed.err.find(" has changed") != std::string::npos, changed.err);
}
