// hostile_folders_test: folders and files that other programs or attackers may have made.
#include <sys/stat.h>

#include "tests/apps/refusal.hpp"
#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

namespace fs = std::filesystem;

const std::string moons =
    "train --keep-checkpoints --data moons --model mlp --batch-size 100 --epochs 2 --quiet ";

}  // namespace

TEST_CASE("train refuses a folder with any file of another run") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--out whole", folder).code == 0);
  for (const std::string name :
       {"checkpoint.next.safetensors", "checkpoint.safetensors", "checkpoint.previous.safetensors",
        "best.safetensors", "metrics.csv", "steps.csv", "report.json"}) {
    fs::remove_all(folder.path("new"));
    fs::create_directory(folder.path("new"));
    folder.write("new/" + name, std::string("x"));
    check_refused(folder, {{moons + "--out new", 1,
                            "new: contains " + name +
                                " of another run; choose another --out, or remove it"}});
    CHECK(read_text(folder.path("new/" + name)) == "x");
    CHECK_FALSE(fs::exists(folder.path("new/config.json")));
  }
}

TEST_CASE("search refuses a folder with files of another search") {
  const TemporaryFolder folder;
  const std::string search =
      "search --data moons --model mlp --epochs 1 --budget 1 --method random "
      "--space lr=log(1e-3,1e-1) --quiet --out s";
  REQUIRE(run_gradus(search, folder).code == 0);
  fs::remove(folder.path("s/search.json"));
  for (const std::string name : {"trials", "trials.csv", "test.json"}) {
    check_refused(folder, {{search, 1,
                            "s: contains " + name +
                                " of another search; choose another --out, or remove it"}});
    fs::remove_all(folder.path("s/" + name));
  }
  CHECK(run_gradus(search, folder).code == 0);
}

TEST_CASE("Temporary files of a killed program are removed by the next run or search") {
  const TemporaryFolder folder;
  const char* leftover = "run/.gradus-1-0.tmp";
  const auto check_removed = [&](const std::string& command) {
    CAPTURE(command);
    fs::create_directory(folder.path("run"));
    folder.write(leftover, std::string("half"));
    const Process::Result result = run_gradus(command, folder);
    CHECK_MESSAGE(result.code == 0, result.err);
    CHECK_FALSE(fs::exists(folder.path(leftover)));
  };
  check_removed(moons + "--until-epoch 1 --out run");
  check_removed("train --keep-checkpoints --resume run --quiet");
  fs::remove_all(folder.path("run"));
  check_removed(
      "search --data moons --model mlp --epochs 1 --budget 1 --method random "
      "--space lr=log(1e-3,1e-1) --quiet --out run");
  check_removed("search --resume run --quiet");
}

TEST_CASE("A checkpoint of another configuration is refused") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--until-epoch 1 --out run", folder).code == 0);
  REQUIRE(run_gradus(moons + "--until-epoch 1 --weight-decay 0.5 --out other", folder).code == 0);
  fs::copy_file(folder.path("other/checkpoint.safetensors"),
                folder.path("run/checkpoint.safetensors"), fs::copy_options::overwrite_existing);
  check_refused(folder, {{"train --keep-checkpoints --quiet --resume run", 1,
                          "run/checkpoint.safetensors: belongs to another run: its weight_decay is "
                          "0.5, expected null"}});
}

TEST_CASE("Links in a run folder are replaced, not followed") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--out whole --tensorboard", folder).code == 0);
  REQUIRE(run_gradus(moons + "--until-epoch 1 --out run --tensorboard", folder).code == 0);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path("whole")))
    if (entry.path().filename() != "config.json") names.push_back(entry.path().filename());
  CHECK(names.size() > 10);
  // A resumed run needs its checkpoint and steps; all other files become links to a victim.
  for (const std::string& name : names) {
    if (name == "checkpoint.safetensors" || name == "steps.csv") continue;
    const std::string victim = name == "tensorboard" ? "victims" : "victim-" + name;
    if (name == "tensorboard")
      fs::create_directory(folder.path(victim));
    else
      folder.write(victim, std::string("mine"));
    if (name == "report.json") continue;  // it would mark the run as finished
    fs::remove_all(folder.path("run/" + name));
    fs::create_symlink(folder.path(victim), folder.path("run/" + name));
  }
  fs::remove(folder.path("run/metrics.csv"));
  fs::create_symlink(folder.path("victim-metrics.csv"), folder.path("run/metrics.csv"));
  const Process::Result result =
      run_gradus("train --keep-checkpoints --quiet --resume run", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  check_same_result(folder, "whole", "run");
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK_FALSE(fs::is_symlink(folder.path("run/" + name)));
    if (name != "tensorboard" && fs::exists(folder.path("victim-" + name)))
      CHECK(read_text(folder.path("victim-" + name)) == "mine");
  }
  CHECK(fs::is_empty(folder.path("victims")));
}

TEST_CASE("Pipes, endless files and deep JSON don't prevent a list of runs") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--out good", folder).code == 0);
  for (const char* name : {"pipe", "deep", "endless", "no-json"})
    fs::create_directory(folder.path(name));
  REQUIRE(mkfifo(folder.path("pipe/config.json").c_str(), 0600) == 0);
  folder.write("deep/config.json", std::string(100'000, '[') + std::string(100'000, ']'));
  folder.write("no-json/config.json", std::string("{\"a\": "));
  folder.write("endless/config.json", std::string("{}"));
  fs::create_symlink("/dev/zero", folder.path("endless/metrics.csv"));
  const Process::Result runs = run_gradus("runs . --json", folder);
  REQUIRE_MESSAGE(runs.code == 0, runs.err);
  const auto list = nlohmann::json::parse(runs.out);
  CHECK(list.size() == 5);
  check_refused(
      folder, {{"evaluate pipe", 1, "pipe/config.json: is not a regular file"},
               {"evaluate deep", 1,
                "deep/config.json: arrays and objects must not be nested more than 100 deep"},
               {"train --config deep/config.json", 1,
                "deep/config.json: arrays and objects must not be nested more than 100 deep"},
               {"train --config pipe/config.json", 1, "pipe/config.json: is not a regular file"}});
}

TEST_CASE("Runs with an invalid swa in config.json are listed") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--out run", folder).code == 0);
  auto config = json_of_file(folder.path("run/config.json"));
  for (const std::string swa : {"-5", "0", "9223372036854775807", "1e300", "\"x\"", "[1]", "{}"}) {
    CAPTURE(swa);
    config["swa"] = nlohmann::json::parse(swa);
    folder.write("run/config.json", config.dump());
    const Process::Result runs = run_gradus("runs . --json", folder);
    REQUIRE_MESSAGE(runs.code == 0, runs.err);
    CHECK(nlohmann::json::parse(runs.out)[0]["state"] == "finished");
  }
}

TEST_CASE("Invalid numbers in a model file are refused") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--out run", folder).code == 0);
  const std::string path = folder.path("run/best.safetensors");
  const SafetensorsFile file = read_safetensors(path);
  const std::string description = file.metadata.at("gradus.model");
  for (const auto& [was, is, error] :
       {std::tuple<std::string, std::string, std::string>{
            "\"input\":[2]", "\"input\":[2.5]",
            "must be a whole number from 1 to 1000000000, got 2.5"},
        {"\"input\":[2]", "\"input\":[1e300]",
         "must be a whole number from 1 to 1000000000, got 1e+300"},
        {"\"input\":[2]", "\"input\":[-1]", "must be a whole number from 1 to 1000000000, got -1"},
        {"\"input\":[2]", "\"input\":[100000,100000]",
         "must be a whole number from 1 to 10000, got 100000"},
        {"\"classes\":2", "\"classes\":200000000000000000000",
         "must be a whole number from 1 to 1000000000, got 2e+20"}}) {
    auto metadata = file.metadata;
    const std::size_t at = description.find(was);
    REQUIRE(at != std::string::npos);
    metadata["gradus.model"] = std::string(description).replace(at, was.size(), is);
    write_safetensors(path, file.tensors, metadata);
    check_refused(folder, {{"evaluate run", 1, "run/best.safetensors: " + error}});
  }
}

TEST_CASE("A config.json with damaged origins or versions is refused at the start") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--out run", folder).code == 0);
  const auto config = json_of_file(folder.path("run/config.json"));
  for (const std::string key : {"origins", "versions"})
    for (const std::string value : {"5", "[\"flag\"]", "{\"lr\": 1}"}) {
      auto damaged = config;
      damaged[key] = nlohmann::json::parse(value);
      folder.write("run/config.json", damaged.dump());
      check_refused(folder, {{"train --keep-checkpoints --resume run", 1,
                              "run/config.json: " + key + " must be an object of texts, got " +
                                  damaged[key].dump()}});
    }
  folder.write("run/config.json", std::string("[1]"));
  check_refused(folder, {{"train --keep-checkpoints --resume run", 1,
                          "run/config.json: must contain a JSON object"}});
}

TEST_CASE("A search whose trials don't train ends with an error") {
  const TemporaryFolder folder;
  const std::string search =
      "search --data moons --model mlp --epochs 1 --budget 2 --method random "
      "--space lr=log(1e-3,1e-1) --quiet --out s";
  REQUIRE(run_gradus(search, folder).code == 0);
  auto json = json_of_file(folder.path("s/search.json"));
  json["plan"]["train"] = {"--help"};
  json["events"] = nlohmann::json::array();
  fs::remove_all(folder.path("s/trials"));
  folder.write("s/search.json", json.dump());
  check_refused(folder, {{"search --quiet --resume s", 1,
                          "all 2 trials failed; the first error: ended without a value of the "
                          "metric"}});
}

TEST_CASE("Missing rows of steps.csv are reported when a run is resumed") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(moons + "--until-epoch 1 --out run", folder).code == 0);
  std::string rows;
  for (const std::string& line : lines_of(read_text(folder.path("run/steps.csv")))) {
    rows += line + '\n';
    if (line.starts_with("7,")) break;
  }
  folder.write("run/steps.csv", rows);
  const Process::Result result =
      run_gradus("train --keep-checkpoints --quiet --resume run", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(lines_of(result.out)[0] ==
        "run/steps.csv: the rows of 1 step are missing; gradus replay can't check this run");
}
