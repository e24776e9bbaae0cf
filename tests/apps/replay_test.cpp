// gradus replay: equal, different, older and damaged runs.
#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include "apps/gradus/run/provenance.hpp"
#include "core/text/split.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

const std::string replayed =
    "train --data digits --model lenet --norm batch --dropout 0.2 --limit 256 --batch-size 32 "
    "--epochs 2 --quiet ";

// Replaces `from` in a line of a text file; lines are counted from 0.
void change_line(const std::string& path, int number, const std::string& from,
                 const std::string& to) {
  std::istringstream lines(read_text(path));
  std::string text;
  for (std::string line; std::getline(lines, line); --number) {
    if (number == 0) line.replace(line.find(from), from.size(), to);
    text += line + '\n';
  }
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("replay trains a run again and compares every step") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(replayed + "--threads 2 --out run", folder).code == 0);
  const Process::Result same = run_gradus("replay run --threads 1 --quiet", folder);
  CHECK_MESSAGE(same.code == 0, same.err);
  CHECK(same.out == "all 16 steps gave the same bits\n");

  // The checksum of the third tensor after the seventh step.
  std::istringstream lines(read_text(folder.path("run/steps.csv")));
  std::string line, cell;
  for (int i = 0; i <= 7; ++i) std::getline(lines, line);
  std::istringstream cells(line);
  for (int i = 0; i <= 5; ++i) std::getline(cells, cell, ',');
  change_line(folder.path("run/steps.csv"), 7, cell, "0123456789abcdef");
  const Process::Result other = run_gradus("replay run --quiet", folder);
  CHECK(other.code == 1);
  CHECK(other.out == "step 7 differs: 1.bias was 0123456789abcdef, is " + cell + "\n");

  auto config = json_of_file(folder.path("run/config.json"));
  CHECK(config["format"] == 3);
  CHECK(config["numerics"] == 6);
  config["versions"].clear();
  config["versions"]["gradus"] = "0.0.1";
  folder.write("run/config.json", config.dump());
  const Process::Result older = run_gradus("replay run --quiet", folder);
  CHECK_MESSAGE(older.out.find("; the run was made by {\"gradus\":\"0.0.1\"}, this is "
                               "{\"gradus\":\"") != std::string::npos,
                older.out);
}

TEST_CASE("replay compares only losses of a run with other numerics or OpenBLAS's products") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(replayed + "--out run", folder).code == 0);
  const std::string row = lines_of(read_text(folder.path("run/steps.csv")))[3];
  const auto cells = split(row, ',');
  const auto replay_with = [&](const std::string& loss, const char* key, const char* value) {
    std::string changed = fmt::format("{},{},{}", cells[0], cells[1], loss);
    for (std::size_t i = 3; i < cells.size(); ++i) changed += ",0000000000000000";
    std::vector<std::string> lines = lines_of(read_text(folder.path("run/steps.csv")));
    lines[3] = changed;
    folder.write("run/steps.csv", fmt::format("{}\n", fmt::join(lines, "\n")));
    auto config = json_of_file(folder.path("run/config.json"));
    config["numerics"] = app::numerics;
    config["versions"].erase("products");
    if (std::string_view(key) == "numerics")
      config[key] = std::stoi(value);
    else
      config["versions"][key] = value;
    folder.write("run/config.json", config.dump());
    return run_gradus("replay run --quiet", folder);
  };
  const std::string first =
      fmt::format("step 3 differs: 0.weight was 0000000000000000, is {}; ", cells[3]);
  const Process::Result older = replay_with(std::string(cells[2]), "numerics", "1");
  CHECK(older.code == 0);
  CHECK(older.out == "all 16 steps gave the same losses within 0.0001\n" + first +
                         "the run has version 1 of the numerics, this program 6\n");
  const double loss = std::stod(std::string(cells[2]));
  const std::string near = fmt::format("{}", loss * (1 + 5e-5)),
                    far = fmt::format("{}", loss + 1e-3);
  CHECK(replay_with(near, "products", "OpenBLAS").code == 0);
  const Process::Result wrong = replay_with(far, "products", "OpenBLAS");
  CHECK(wrong.code == 1);
  CHECK_MESSAGE(wrong.out.starts_with(fmt::format("step 3 differs: loss was {}, is ", far)),
                wrong.out);
  // Another compiler and other instructions give the same bits.
  for (const char* key : {"compiler", "instructions"}) {
    const Process::Result elsewhere = replay_with(near, key, "1.0");
    CHECK(elsewhere.code == 1);
    CHECK_MESSAGE(elsewhere.out.starts_with(fmt::format("step 3 differs: loss was {}, is ", near)),
                  elsewhere.out);
  }
}

TEST_CASE("A config.json of a newer format is refused") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(replayed + "--until-epoch 1 --out run", folder).code == 0);
  auto config = json_of_file(folder.path("run/config.json"));
  config["format"] = 4;
  folder.write("run/config.json", config.dump());
  for (const char* command : {"replay run", "evaluate run", "train --resume run",
                              "train --config run/config.json --out new"})
    CHECK(run_gradus(command, folder).err ==
          "error: run/config.json: has format 4 of a newer program; this one reads format 3\n");
  config["format"] = "new";
  folder.write("run/config.json", config.dump());
  const Process::Result damaged = run_gradus("evaluate run", folder);
  CHECK_MESSAGE(damaged.err.starts_with("error: run/config.json: "), damaged.err);
  config["format"] = 3;
  config["numerics"] = 1.5;
  folder.write("run/config.json", config.dump());
  const Process::Result fraction = run_gradus("replay run", folder);
  CHECK(fraction.code == 1);
  CHECK_MESSAGE(fraction.err.find("1.5") != std::string::npos, fraction.err);
}

TEST_CASE("A run whose data has changed can't be replayed or resumed") {
  const TemporaryFolder folder;
  std::string table = "a,b,label\n";
  for (int i = 0; i < 60; ++i) table += fmt::format("{},{},{}\n", i % 7, i % 5, i % 2);
  folder.write("table.csv", table);
  REQUIRE(run_gradus("train --data table.csv --epochs 2 --until-epoch 1 --quiet --out run", folder)
              .code == 0);
  table[table.size() - 4] = '3';
  folder.write("table.csv", table);
  for (const std::string command : {"replay run", "train --resume run"}) {
    const Process::Result result = run_gradus(command, folder);
    CHECK(result.code == 1);
    CHECK_MESSAGE(result.err.starts_with("error: run: the data set " + folder.path() +
                                         "/table.csv has changed: its checksums are {"),
                  result.err);
  }
}

TEST_CASE("Errors of replay") {
  const TemporaryFolder folder;
  CHECK(run_gradus("replay", folder).err == "error: replay takes one run folder, got 0\n");
  CHECK(run_gradus("replay nowhere", folder).err == "error: nowhere: no such run folder\n");
  REQUIRE(run_gradus(replayed + "--out run", folder).code == 0);
  change_line(folder.path("run/steps.csv"), 0, "1.bias", "2.bias");
  const Process::Result columns = run_gradus("replay run", folder);
  CHECK(columns.code == 1);
  CHECK_MESSAGE(columns.err.starts_with("error: run/steps.csv: belongs to another model: its "
                                        "columns are step,lr,loss,0.weight,"),
                columns.err);
  std::filesystem::remove(folder.path("run/steps.csv"));
  CHECK(run_gradus("replay run", folder).err ==
        "error: run/steps.csv: contains no steps to compare with\n");
}
