// help: the help texts of all commands, their examples, and gradus --version.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/cli/options.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "core/text/split.hpp"
#include "core/text/width.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

// No line has more than 80 columns or ends in a space.
void check_lines(const std::string& help) {
  for (const std::string_view line : split(help, '\n')) {
    CAPTURE(line);
    CHECK(width_of(line) <= 80);
    CHECK_FALSE(line.ends_with(' '));
  }
}

// Commands of this program and of gradus-lab and gradus-bench.
app::Command command_of(const std::string& name) {
  if (name == "lab") return app::lab_command();
  if (name == "bench") return app::bench_command();
  return app::commands().find(name)();
}

}  // namespace

TEST_CASE("Each command's help fits 80 columns and ends with two examples") {
  for (const auto& entry : app::commands().entries()) {
    const std::string& name = entry.name;
    CAPTURE(name);
    const app::Command command = command_of(name);
    check_lines(app::help(command.options, "all"));
    const std::string text = app::help(command.options);
    CHECK(text.starts_with("usage: gradus " + name));
    check_lines(text);
    const std::size_t examples = text.find("\nExamples\n");
    REQUIRE(examples != text.npos);
    REQUIRE(command.options.examples().size() == 2);
    for (const auto& example : command.options.examples())
      CHECK(text.find("\n  " + example.line + "\n      ", examples) != text.npos);
  }
}

TEST_CASE("Options named in help texts and rules exist, and option names are unique") {
  for (const auto& entry : app::commands().entries()) {
    const app::Command command = command_of(entry.name);
    const app::Options& options = command.options;
    CAPTURE(entry.name);
    std::multiset<std::string> names{"help", "logdir"};  // logdir is an option of TensorBoard
    for (const app::Option& option : options.all()) {
      names.insert(option.name);
      names.insert(option.aliases.begin(), option.aliases.end());
    }
    for (const std::string& name : names) CHECK_MESSAGE(names.count(name) == 1, name);
    const std::string text = app::help(options) + app::help(options, "all");
    for (std::size_t at = 0; (at = text.find(" --", at)) != text.npos;) {
      at += 3;
      const std::string name =
          text.substr(at, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", at) - at);
      CHECK_MESSAGE((names.count(name) == 1 || name == "layers"), name);  // option of inspect
    }
  }
}

TEST_CASE("All examples of help texts run, and all quoted texts are valid") {
  const TemporaryFolder folder;
  folder.write("space.txt", "lr = log(1e-4, 0.1)\nbatch = [16, 32]\n");
  folder.write("suite.json",
               R"({"suite": "example", "trainings": [{"name": "moons", "train": "--data moons",
                   "expect": {"test_accuracy": ">=.8"}}]})");
  for (const char* path : {"docs", ".config/fish/completions"})
    std::filesystem::create_directories(folder.path(path));
  std::filesystem::copy_file(TEST_DATA "/drawn/2.png", folder.path("seven.png"));
  std::filesystem::copy_file(TEST_DATA "/drawn/2-noise.jpg", folder.path("two.jpg"));
  std::string houses = "rooms,garden,price\n";
  for (int row = 0; row < 60; ++row) houses += fmt::format("{},{},{}.5\n", row % 7, row % 11, row);
  folder.write("houses.csv", houses);
  folder.write("new.csv", "garden,rooms\n3,4\n");
  const auto run = [&](const std::string& line) {
    CAPTURE(line);
    const std::string script =
        fmt::format("PATH='{}':$PATH HOME=$PWD; {}",
                    std::filesystem::path(GRADUS_PROGRAM).parent_path().string(), line);
    const Process::Result result = Process({"/bin/bash", "-c", script}, folder.path()).wait();
    CHECK_MESSAGE(result.code == 0, result.err);
  };
  run("gradus train --data houses.csv --epochs 1 --quiet --out runs/houses");
  folder.write("text.txt", "Once upon a time there was a text, and that is all.\n");
  run("gradus train --data text.txt --context 3 --model rnn --steps 1 --quiet --out runs/gpt");
  // Options appended to make the examples small; the last value of an option counts.
  const std::string small = " --data digits --limit 64 --epochs 1 --quiet ";
  const std::map<std::string, std::string> smaller{{"train", small + "--batch-size 16 "},
                                                   {"search", small + "--budget 1 --threads 2"},
                                                   {"evaluate", " --data digits"},
                                                   {"lab", " --small --quiet"}};
  for (const auto& [name, help, make] : app::commands().entries()) {
    const app::Command command = command_of(name);
    for (const auto& example : command.options.examples()) {
      const bool is_long =
          example.line.find("lab --all") != std::string::npos;  // run by the test pages.lab
      const auto more = smaller.find(name);
      run(example.line + (is_long ? " --list" : more == smaller.end() ? "" : more->second));
      // Runs that other examples use.
      if (example.line.ends_with("--out runs/digits"))
        for (const char* copy : {"digits-mlp-1", "digits-cnn-bn-1"})
          run(std::string("cp -r runs/digits runs/") + copy);
    }
  }

  const auto quoted = [](const std::string& text) {
    std::vector<std::string> result;
    for (std::size_t at = 0; (at = text.find(" '", at)) != text.npos;) {
      const std::size_t end = text.find('\'', at + 2);
      result.push_back(text.substr(at + 1, end - at));
      at = end;
    }
    return result;
  };
  int texts = 0;
  const app::Command train = app::train_command(), search = app::search_command();
  for (const app::Option& option : train.options.all())
    for (const std::string& text : quoted(option.help)) {
      const char* needed = option.name == "penalize" ? "--l1 0.01 "
                           : option.name == "expect" ? "--limit 1000 --epochs 10 --model mlp "
                                                     : "";
      run("gradus train" + smaller.at("train") + needed + "--" + option.name + ' ' + text);
      ++texts;
    }
  CHECK(texts == 8);
  for (const std::string& space : quoted(search.options.find("space")->help)) {
    run("gradus search" + smaller.at("search") + " --method random --space " + space);
    ++texts;
  }
  CHECK(texts == 10);
}

TEST_CASE("train --help fits on a screen and lists the topics") {
  const app::Command train = app::train_command();
  const app::Options& options = train.options;
  const std::string text = app::help(options);
  CHECK(std::ranges::count(text, '\n') <= 24);
  for (const app::Options::Group& group : options.groups()) {
    if (group.heading.empty()) continue;
    CAPTURE(group.heading);
    std::string topic = group.heading;
    topic[0] = static_cast<char>(std::tolower(topic[0]));
    CHECK(text.find("\n    " + topic + ' ') != text.npos);
    CHECK(width_of(group.summary) <= 56);
  }
}

TEST_CASE("--help TOPIC prints groups that begin with it, an option, or all options") {
  const app::Command train = app::train_command();
  const app::Options& options = train.options;
  const std::string gradients = app::help(options, "gradients");
  CHECK(gradients.starts_with("Gradients\n  --accumulate N"));
  CHECK(gradients.find("\n  --gradient-noise ETA") != gradients.npos);
  CHECK(gradients.find("--l1") == gradients.npos);
  for (const char* topic : {"Gradients", "GRAD", "g"})
    CHECK(app::help(options, topic) == gradients);
  // The groups Data and Distillation.
  CHECK(app::help(options, "d") == app::help(options, "data") + app::help(options, "dist"));
  CHECK(app::help(options, "min-delta") ==
        "  --min-delta X         smallest improvement that counts for --patience (default\n"
        "                        0; needs --patience)\n");
  CHECK(app::help(options, "wd") == app::help(options, "weight-decay"));
  CHECK_THROWS_WITH_AS(
      app::help(options, "x"),
      "unknown help topic 'x': one of recipe, data, table, network, loss, optimizer, "
      "schedule, gradients, regularization, distillation, run, all, or an option "
      "of train",
      app::UsageError);
  using Words = app::Arguments;
  CHECK(app::help_topic(Words{"--lr", "3"}) == std::nullopt);
  for (const Words& words : {Words{"--help"}, Words{"-h", "--lr", "3"}, Words{"--quiet", "-h"}})
    CHECK(app::help_topic(words) == "");
  for (const Words& words :
       {Words{"--help", "run"}, Words{"--lr", "1", "-h", "run"}, Words{"--help=run"}})
    CHECK(app::help_topic(words) == "run");
  const TemporaryFolder folder;
  const Process::Result unknown = run_gradus("evaluate --help nothing", folder);
  CHECK(unknown.code == 2);
  CHECK(unknown.err ==
        "error: unknown help topic 'nothing': one of data, evaluation, all, or an option of "
        "evaluate\n");
}

TEST_CASE("The help of train lists options, choices and defaults in their groups") {
  const std::string help = app::help(app::train_command().options, "all");
  std::size_t at = 0;
  for (const std::string part : {"\nData\n",
                                 "  --data NAME|PATH",
                                 "auto; also --dataset)\n",
                                 "      moons ",
                                 "  --limit N",
                                 "\nNetwork\n",
                                 "  --model NAME|TEXT",
                                 "      cnn-bn ",
                                 "\nLoss\n",
                                 "  --focal-gamma G",
                                 "\nOptimizer\n",
                                 "      adam  ",
                                 "beta1 0.9",
                                 "  --ema DECAY",
                                 "\nSchedule\n",
                                 "      one-cycle ",
                                 "\nGradients\n",
                                 "  --clip-norm X",
                                 "\nRegularization\n",
                                 "  --mixup A",
                                 "\nDistillation\n",
                                 "  --teacher RUN",
                                 "\nRun\n",
                                 "  --batch-size N",
                                 "samples of a batch (default 128; also --bs, --batch)\n",
                                 "  --help",
                                 "\nExamples\n"}) {
    CAPTURE(part);
    at = help.find(part, at);
    REQUIRE(at != help.npos);
  }
}

TEST_CASE("Help texts are aligned by characters, not bytes") {
  int64_t steps = 0;
  app::Options options("x", "Does ×.");
  options.add("rate γ", &steps, "β");
  options.add("a-name-that-is-too-long N", &steps, "γ", {.choices = {{"λ²", "squared", {"4"}}}});
  CHECK(app::help(options) ==
        "usage: gradus x\nDoes ×.\n\n"
        "  --rate γ              β (default 0)\n"
        "  --a-name-that-is-too-long N\n"
        "                        γ (default 0)\n"
        "      λ²                squared (also 4)\n"
        "  --help                this text\n");
}

TEST_CASE("gradus --help lists every command and ends with two examples") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("--help", folder);
  CHECK(result.code == 0);
  check_lines(result.out);
  for (const auto& [name, help, make] : app::commands().entries())
    CHECK(result.out.find("\n  " + name + ' ') != std::string::npos);
  CHECK(
      result.out.ends_with("\nExamples\n"
                           "  gradus train --data digits --out runs/digits\n"
                           "      train a network on the built-in handwritten digits\n"
                           "  gradus evaluate runs/digits\n"
                           "      print its accuracy and the scores of each class\n"));
  for (const std::string name : {"evaluate", "lab", "bench"})
    for (const std::string& line : {name + " --help", "help " + name, "--help " + name})
      CHECK(run_gradus(line, folder).out == app::help(command_of(name).options));
  const app::Command train = app::train_command();
  CHECK(run_gradus("help train lr", folder).out == app::help(train.options, "lr"));
  for (const char* line : {"help", "help help", "--help --help"})
    CHECK(run_gradus(line, folder).out == result.out);
  CHECK(
      run_gradus("help trian", folder).err.starts_with("error: unknown command 'trian': did you "));
}

TEST_CASE("gradus --version and COMMAND --version print the version") {
  const TemporaryFolder folder;
  for (const char* line : {"--version", "train --version", "bench --version", "lab --version"}) {
    const Process::Result result = run_gradus(line, folder);
    CHECK(result.code == 0);
    CHECK(result.out == fmt::format("gradus {}\n", app::version));
  }
}

TEST_CASE("Help is wrapped to a narrow terminal") {
  const TemporaryFolder folder;
  const std::string command = fmt::format(
      "COLUMNS=60 {0} evaluate --help; COLUMNS=200 {0} evaluate --help", GRADUS_PROGRAM);
  const Process::Result result = Process({"/bin/sh", "-c", command}, folder.path()).wait();
  const std::string wide = app::help(app::evaluate_command().options);
  REQUIRE(result.out.ends_with(wide));
  const std::string narrow = result.out.substr(0, result.out.size() - wide.size());
  CHECK(narrow.starts_with("usage: gradus evaluate RUN [options]\n"));
  for (const std::string_view line : split(narrow, '\n')) CHECK(width_of(line) <= 60);
}

TEST_CASE("The error of a command whose program is missing says how to build it") {
  const TemporaryFolder folder;
  const std::string alone = folder.path("gradus");
  std::filesystem::copy_file(GRADUS_PROGRAM, alone);
  const auto run = [&](const std::vector<std::string>& words) {
    return Process(words, folder.path()).wait();
  };
  for (const std::string name : {"lab", "bench"}) {
    const Process::Result result = run({alone, name, "--help"});
    CHECK(result.code == 1);
    CHECK(result.out == "");
    CHECK(result.err ==
          fmt::format("error: gradus {} needs the program {}; './run build' builds it\n", name,
                      folder.path("gradus-" + name)));
  }
  CHECK(run({alone, "--help"}).code == 0);
  CHECK(run({alone, "--complete", "la"}).out.starts_with("lab\t"));
  CHECK(run({alone, "--complete", "lab", ""}).out == "");
}
