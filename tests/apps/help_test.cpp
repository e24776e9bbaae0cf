#include <doctest/doctest.h>

#include "apps/gradus/cli/version.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "core/text/split.hpp"
#include "core/text/width.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

// No line is wider than a terminal, none ends in a space.
void check_lines(const std::string& help) {
  for (const std::string_view line : split(help, '\n')) {
    CAPTURE(line);
    CHECK(width_of(line) <= 80);
    CHECK_FALSE(line.ends_with(' '));
  }
}

// Of this program and of those beside it.
app::Command command_of(const std::string& name) {
  if (name == "lab") return app::lab_command();
  if (name == "bench") return app::bench_command();
  return app::commands().find(name)();
}

// As the shell splits it.
std::vector<std::string> shell_words(const std::string& line) {
  const TemporaryFolder folder;
  const Process::Result words =
      Process({"/bin/sh", "-c", "printf '%s\\n' " + line}, folder.path()).wait();
  std::vector<std::string> result;
  std::istringstream lines(words.out);
  for (std::string word; std::getline(lines, word);) result.push_back(word);
  return result;
}

}  // namespace

TEST_CASE("Each command's help fits 80 columns and ends with two examples") {
  for (const auto& entry : app::commands().entries()) {
    const std::string& name = entry.name;
    CAPTURE(name);
    const app::Command command = command_of(name);
    const std::string text = command.options.help();
    CHECK(text.starts_with("usage: gradus " + name));
    check_lines(text);
    const std::size_t examples = text.find("\nExamples\n");
    REQUIRE(examples != text.npos);
    REQUIRE(command.options.examples().size() == 2);
    for (const auto& example : command.options.examples())
      CHECK(text.find("\n  " + example.line + "\n      ", examples) != text.npos);
  }
}

TEST_CASE("Each example is a command line that the program takes") {
  for (const auto& [name, help, make] : app::commands().entries()) {
    const app::Command command = command_of(name);
    for (const auto& example : command.options.examples()) {
      const std::string& line = example.line;
      if (name == "completion") continue;  // its lines are for bash alone, tested elsewhere
      CAPTURE(line);
      std::vector<std::string> words = shell_words(line);
      REQUIRE(words.size() >= 2);
      CHECK(words[0] == "gradus");
      CHECK(words[1] == name);
      words.erase(words.begin(), words.begin() + 2);
      CHECK_NOTHROW(command_of(name).options.parse(words));
    }
  }
}

TEST_CASE("The help of train has every choice and default under the heading of its part") {
  const std::string help = app::train_command().options.help();
  std::size_t at = 0;
  for (const std::string part : {"\nData\n",
                                 "  --data NAME|PATH",
                                 "auto)\n",
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
                                 "images a step (default 128)\n",
                                 "  --help",
                                 "\nExamples\n"}) {
    CAPTURE(part);
    at = help.find(part, at);
    REQUIRE(at != help.npos);
  }
}

TEST_CASE("Names with characters of several bytes take one column each") {
  int64_t steps = 0;
  app::Options options("x", "Does ×.");
  options.add("rate", "γ", &steps, "β");
  options.add("a-name-that-is-too-long", "N", &steps, "γ", app::count, {{"λ²", "squared"}});
  CHECK(options.help() ==
        "usage: gradus x\nDoes ×.\n\n"
        "  --rate γ              β (default 0)\n"
        "  --a-name-that-is-too-long N\n"
        "                        γ (default 0)\n"
        "      λ²                squared\n"
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
                           "      train a network on the handwritten digits that are built in\n"
                           "  gradus evaluate runs/digits\n"
                           "      how well it does, class by class\n"));
  for (const std::string name : {"evaluate", "lab", "bench"})
    CHECK(run_gradus(name + " --help", folder).out == command_of(name).options.help());
}

TEST_CASE("gradus --version says which it is") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("--version", folder);
  CHECK(result.code == 0);
  CHECK(result.out == fmt::format("gradus {}\n", app::version));
}

TEST_CASE("A command whose program isn't there says what builds it, and the others work") {
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
          fmt::format("error: gradus {} needs the program {}: './run build' builds it\n", name,
                      folder.path("gradus-" + name)));
  }
  CHECK(run({alone, "--help"}).code == 0);
  const Process::Result completion = run({alone, "completion", "bash"});
  CHECK(completion.code == 0);
  CHECK(completion.out.find(" lab ") != std::string::npos);
  CHECK(completion.out.find("_gradus_command_lab()") == std::string::npos);
}
