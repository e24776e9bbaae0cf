#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

const std::string training =
    "train --data digits --model lenet --norm batch --dropout 0.2 --limit 256 --batch-size 32 "
    "--epochs 2 --quiet ";

// The line of a text file, from 0, with `from` replaced.
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

TEST_CASE("A run is repeated and compared step by step") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(training + "--threads 2 --out run", folder).code == 0);
  const Process::Result same = run_gradus("replay run --threads 1 --quiet", folder);
  CHECK_MESSAGE(same.code == 0, same.err);
  CHECK(same.out == "all 16 steps gave the same bits\n");

  // Of the third tensor of the seventh step.
  std::istringstream lines(read_text(folder.path("run/steps.csv")));
  std::string line, cell;
  for (int i = 0; i <= 7; ++i) std::getline(lines, line);
  std::istringstream cells(line);
  for (int i = 0; i <= 5; ++i) std::getline(cells, cell, ',');
  change_line(folder.path("run/steps.csv"), 7, cell, "0123456789abcdef");
  const Process::Result other = run_gradus("replay run --quiet", folder);
  CHECK(other.code == 1);
  CHECK(other.out == "step 7 differs: 1.bias was 0123456789abcdef, is " + cell + "\n");

  auto config = read_json(folder.path("run/config.json"));
  config["versions"].clear();
  config["versions"]["gradus"] = "0.0.1";
  folder.write("run/config.json", config.dump());
  const Process::Result older = run_gradus("replay run --quiet", folder);
  CHECK_MESSAGE(older.out.find("; the run was made by {\"gradus\":\"0.0.1\"}, this is "
                               "{\"gradus\":\"") != std::string::npos,
                older.out);
}

TEST_CASE("A run on data that has changed is neither repeated nor resumed") {
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
                                         "/table.csv is not what it was: its checksums are {"),
                  result.err);
  }
}

TEST_CASE("What can't be repeated is said") {
  const TemporaryFolder folder;
  CHECK(run_gradus("replay", folder).err == "error: replay takes one run folder, got 0\n");
  CHECK(run_gradus("replay nowhere", folder).err == "error: nowhere: no such run folder\n");
  REQUIRE(run_gradus(training + "--out run", folder).code == 0);
  change_line(folder.path("run/steps.csv"), 0, "1.bias", "2.bias");
  const Process::Result columns = run_gradus("replay run", folder);
  CHECK(columns.code == 1);
  CHECK_MESSAGE(columns.err.starts_with("error: run/steps.csv: is of another model: its columns "
                                        "are step,lr,loss,0.weight,"),
                columns.err);
  std::filesystem::remove(folder.path("run/steps.csv"));
  CHECK(run_gradus("replay run", folder).err ==
        "error: run/steps.csv: holds no steps to compare with\n");
}
