// completions and gradus completion: the words that gradus and bash complete.
#include <doctest/doctest.h>

#include "apps/gradus/commands/commands.hpp"
#include "tests/apps/odd_values.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

// A folder with runs and files for completions.
struct Workplace {
  TemporaryFolder folder;

  Workplace() {
    for (const char* run : {"runs/digits-1", "runs/two words", "other"}) {
      std::filesystem::create_directories(folder.path(run));
      folder.write(run + std::string("/config.json"), "{}");
    }
    std::filesystem::create_directories(folder.path("runs/empty"));
    folder.write("data.csv", "");
  }

  // The completions of a shell, one per line, printed by the script.
  std::string offered(const char* shell, const std::string& options,
                      const std::string& script) const {
    const Process::Result result = Process({shell, options, script}, folder.path()).wait();
    CHECK(result.err == "");
    CHECK(result.code == 0);
    return result.out;
  }
  std::string by_bash(const std::string& words) const {
    return offered(
        "/bin/bash", "-uc",
        fmt::format("PATH={}:$PATH\nsource <(gradus completion bash)\nCOMP_WORDS=({})\n"
                    "COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n_gradus\n"
                    "printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                    std::filesystem::path(GRADUS_PROGRAM).parent_path().string(), words));
  }
};

// The completions that gradus prints for a shell, without their meanings.
std::string answer(const app::Arguments& words) {
  std::string result;
  for (const std::string& line : lines_of(app::completions(words)))
    result += line.substr(0, line.find('\t')) + '\n';
  return result;
}

}  // namespace

TEST_CASE("gradus completes subcommands, options, choices and help topics") {
  CHECK(answer({"tra"}) == "train\n");
  CHECK(answer({"--h"}) == "--help\n");
  CHECK(app::completions({"--v"}) == "--version\tthe program's version\n");
  CHECK(answer({"train", "--optim"}) == "--optimizer\n");
  CHECK(answer({"train", "--epochs", "3", "--bat"}) == "--batch-size\n");
  CHECK(app::completions({"train", "--epochs", "3", "--bat"}) ==
        "--batch-size\tsamples of a batch\n");
  CHECK(answer({"train", "--optimizer", "adam"}) == "adam\nadamw\nadamax\n");
  for (const app::Arguments& pieces :
       {app::Arguments{"--optimizer", "=", "adamw"}, app::Arguments{"--optimizer", "=adamw"}}) {
    app::Arguments words{"train"};
    words.insert(words.end(), pieces.begin(), pieces.end());
    CHECK(answer(words) == (pieces.size() == 3 ? "adamw\n" : ""));
  }
  CHECK(answer({"train", "--optimizer=adamw"}) == "--optimizer=adamw\n");
  CHECK(answer({"train", "--anneal", "="}) == "cosine\nlinear\n");
  CHECK(answer({"train", "--lr", "0"}) == "");
  CHECK(answer({"train", "--wd", ""}) == "");
  CHECK(answer({"train", "--quiet", "--preview"}) == "--preview-schedule\n");
  CHECK(answer({"train", "--help", "d"}) == "data\ndistillation\n");
  CHECK(answer({"train", "--help", "al"}) == "all\n");
  CHECK(answer({"inspect", "--model", "lenet"}) == "lenet\n");
  CHECK(answer({"runs", "--sort", "test"}) == "test_accuracy\n");
  CHECK(answer({"completion", ""}) == "bash\nzsh\nfish\n");
  CHECK(answer({"nonsense", ""}) == "");
  CHECK(answer({}).starts_with("train\nevaluate\n"));
}

TEST_CASE("gradus completes runs, and tells the shell to add files and folders") {
  const Workplace workplace;
  const Elsewhere there(workplace.folder.path());
  const std::string all = ":paths\nother\nruns/digits-1\nruns/two words\n";
  CHECK(answer({"evaluate", ""}) == all);
  CHECK(answer({"evaluate", "runs/"}) == ":paths\nruns/digits-1\nruns/two words\n");
  CHECK(answer({"evaluate", "./runs/d"}) == ":paths\n./runs/digits-1\n");
  CHECK(answer({"evaluate", "nowhere/"}) == ":paths\n");
  CHECK(answer({"train", "--resume", ""}) == all);
  CHECK(answer({"train", "--data", "d"}) == "digits\ndiabetes\n:files\n");
  CHECK(answer({"train", "--data=d"}) == "--data=digits\n--data=diabetes\n:files\n");
  CHECK(answer({"train", "--out", "ru"}) == ":folders\n");
  CHECK(answer({"runs", "ru"}) == ":folders\n");
  CHECK(answer({"predict", "da"}) == ":paths\n:files\n");
}

TEST_CASE("bash offers the completions of gradus") {
  const Workplace workplace;
  CHECK(workplace.by_bash("gradus tra") == "train\n");
  CHECK(workplace.by_bash("gradus train --epochs 3 --bat") == "--batch-size\n");
  CHECK(workplace.by_bash("gradus train --optimizer = adamw") == "adamw\n");
  CHECK(workplace.by_bash("gradus train --data d") == "digits\ndiabetes\ndata.csv\n");
  CHECK(workplace.by_bash("gradus train --data = d") == "digits\ndiabetes\ndata.csv\n");
  CHECK(workplace.by_bash("gradus train --out ru") == "runs\n");
  CHECK(workplace.by_bash("gradus evaluate runs/") == "runs/digits-1\nruns/two words\n");
  CHECK(workplace.by_bash("gradus train --resume = ''") ==
        "other\nruns/digits-1\nruns/two words\n");
  CHECK(workplace.by_bash("gradus lab dropo") == "dropout\n");
  CHECK(workplace.by_bash("gradus nonsense ''") == "\n");
}

TEST_CASE("Errors of gradus completion list the shells") {
  const TemporaryFolder folder;
  const auto refused = [&](const char* line, const char* error) {
    const Process::Result result = run_gradus(line, folder);
    CHECK(result.code == 2);
    CHECK(result.err == fmt::format("error: {}\n", error));
  };
  refused("completion", "completion takes the name of a shell: bash, zsh or fish, got 0");
  refused("completion bash zsh", "completion takes the name of a shell: bash, zsh or fish, got 2");
  refused("completion powershell", "unknown shell 'powershell': one of bash, zsh, fish");
}
