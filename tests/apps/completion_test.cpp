#include <doctest/doctest.h>

#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

// What bash offers at the end of `words`, which are joined by spaces; each on a line.
std::string completions(const TemporaryFolder& folder, const std::string& words) {
  const std::string script = "source <('" + std::string(GRADUS_PROGRAM) +
                             "' completion bash)\n"
                             "COMP_WORDS=(" +
                             words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_gradus\n"
                             "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
  const Process::Result result = Process({"/bin/bash", "-uc", script}, folder.path()).wait();
  CHECK(result.err == "");
  CHECK(result.code == 0);
  return result.out;
}

}  // namespace

TEST_CASE("bash completes subcommands, options, choices, runs and paths") {
  const TemporaryFolder folder;
  for (const char* run : {"runs/digits-1", "runs/two words", "other"}) {
    std::filesystem::create_directories(folder.path(run));
    folder.write(run + std::string("/config.json"), "{}");
  }
  std::filesystem::create_directories(folder.path("runs/empty"));
  folder.write("data.csv", "");

  CHECK(completions(folder, "gradus tra") == "train\n");
  CHECK(completions(folder, "gradus --h") == "--help\n");
  CHECK(completions(folder, "gradus train --optim") == "--optimizer\n");
  CHECK(completions(folder, "gradus train --epochs 3 --bat") == "--batch-size\n");
  CHECK(completions(folder, "gradus train --optimizer adam") == "adam\nadamw\nadamax\n");
  CHECK(completions(folder, "gradus train --optimizer = adamw") == "adamw\n");
  CHECK(completions(folder, "gradus inspect --model lenet") == "lenet\n");
  CHECK(completions(folder, "gradus train --data d") == "digits\ndata.csv\n");
  CHECK(completions(folder, "gradus train --out ru") == "runs\n");
  CHECK(completions(folder, "gradus train --lr 0") == "\n");
  CHECK(completions(folder, "gradus train --quiet --preview") == "--preview-schedule\n");
  CHECK(completions(folder, "gradus evaluate runs/") == "runs/digits-1\nruns/two words\n");
  CHECK(completions(folder, "gradus evaluate ''") == "other\nruns/digits-1\nruns/two words\n");
  CHECK(completions(folder, "gradus train --resume = ''") ==
        "other\nruns/digits-1\nruns/two words\n");
  CHECK(completions(folder, "gradus runs ru") == "runs\n");
  CHECK(completions(folder, "gradus runs --sort test") == "test_accuracy\n");
  CHECK(completions(folder, "gradus predict data") == "data.csv\n");
  CHECK(completions(folder, "gradus lab dropo") == "dropout\n");
  CHECK(completions(folder, "gradus completion ''") == "bash\n");
  CHECK(completions(folder, "gradus nonsense ''") == "\n");
}

TEST_CASE("gradus completion takes the name of a shell that it knows") {
  const TemporaryFolder folder;
  for (const char* line : {"completion", "completion fish", "completion bash bash"}) {
    const Process::Result result = run_gradus(line, folder);
    CHECK(result.code == 2);
    CHECK(result.err == "error: completion takes the name of a shell: gradus completion bash\n");
  }
}
