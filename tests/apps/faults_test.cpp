// faults_test: runs and searches survive a fault at any system call that changes files.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

namespace fs = std::filesystem;

// A fault at one of a program's calls that change files (tests/faults/interpose.cpp).
class Fault {
 public:
  Fault(const std::string& kind, const std::string& program, int at)
      : is_kill_(kind == "kill"), mark_(mark_folder_.path("mark")) {
    set("LD_PRELOAD", GRADUS_FAULTS);
    set("GRADUS_FAULT", kind);
    set("GRADUS_FAULT_IN", program);
    set("GRADUS_FAULT_AT", std::to_string(at));
    set("GRADUS_FAULT_MARK", mark_);
  }
  ~Fault() {
    for (const std::string& name : names_) unsetenv(name.c_str());
  }
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;

  // Runs a program with the fault and checks that its error is one line. Returns whether the fault
  // occurred.
  bool happens_to(const std::string& line, const TemporaryFolder& folder) {
    const Process::Result result = run_gradus(line, folder);
    const bool happened = fs::exists(mark_);
    CAPTURE(result.err);
    if (!happened || !is_kill_)
      CHECK((result.code == 0 || (result.code == 1 && lines_of(result.err).size() == 1 &&
                                  result.err.starts_with("error: "))));
    return happened;
  }

 private:
  void set(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    names_.push_back(name);
  }

  bool is_kill_;
  TemporaryFolder mark_folder_;
  std::string mark_;
  std::vector<std::string> names_;
};

const std::string faulty_training =
    "train --keep-checkpoints --data moons --model mlp --batch-size 800 --epochs 2 "
    "--checkpoint-every 0.000001s "
    "--optimizer sgd --quiet ";

// Resumes or starts the run, like a user would.
void continue_run(const TemporaryFolder& folder) {
  const bool begun = fs::exists(folder.path("run/config.json"));
  const Process::Result result = run_gradus(
      begun ? "train --keep-checkpoints --quiet --resume run" : faulty_training + "--out run",
      folder);
  const bool was_finished = result.code == 1 && result.err.find("finished") != std::string::npos;
  REQUIRE_MESSAGE((result.code == 0 || was_finished), result.err);
}

// The kinds of faults to try at each call: it is killed, and it fails by the one error or by the
// other at alternate calls, since programs treat both alike.
const std::vector<std::pair<std::string, std::string>> kinds = {{"kill", "kill"},
                                                                {"ENOSPC", "EIO"}};
const std::string& kind_at(const std::pair<std::string, std::string>& kind, int at) {
  return at % 2 == 0 ? kind.first : kind.second;
}

// Each call of `line` fails once; the continued run must give the result of "whole".
void check_all_faults(const std::string& line, const TemporaryFolder& folder,
                      const std::string& start) {
  for (const auto& pair : kinds) {
    int at = 0;
    for (bool happened = true; happened;) {
      ++at;
      const std::string& kind = kind_at(pair, at);
      CAPTURE(kind);
      CAPTURE(at);
      fs::remove_all(folder.path("run"));
      if (!start.empty())
        fs::copy(folder.path(start), folder.path("run"), fs::copy_options::recursive);
      happened = Fault(kind, "gradus", at).happens_to(line, folder);
      continue_run(folder);
      check_same_result(folder, "whole", "run");
      CHECK(read_text(folder.path("run/steps.csv")) == read_text(folder.path("whole/steps.csv")));
    }
    CHECK(at > 30);
  }
}

}  // namespace

TEST_SUITE("slow") {
  TEST_CASE("A failed call or a kill at any call doesn't lose a run") {
    const TemporaryFolder folder;
    REQUIRE(run_gradus(faulty_training + "--out whole", folder).code == 0);
    check_all_faults(faulty_training + "--out run", folder, "");
  }

  TEST_CASE("A failed call or a kill at any call doesn't lose a resumed run") {
    const TemporaryFolder folder;
    REQUIRE(run_gradus(faulty_training + "--out whole", folder).code == 0);
    REQUIRE(run_gradus(faulty_training + "--until-epoch 1 --out half", folder).code == 0);
    check_all_faults("train --keep-checkpoints --quiet --resume run", folder, "half");
    // The newest checkpoint is damaged; the one before it must not be lost.
    fs::resize_file(folder.path("half/checkpoint.safetensors"), 1000);
    check_all_faults("train --keep-checkpoints --quiet --resume run", folder, "half");
  }

  TEST_CASE("A failed call or a kill at any call doesn't change the result of a search") {
    const TemporaryFolder folder;
    const std::string search =
        "search --data moons --model mlp --optimizer sgd --epochs 2 --budget 2 --method random "
        "--no-test "
        "--space lr=log(1e-3,1e-1) --quiet ";
    REQUIRE(run_gradus(search + "--out whole", folder).code == 0);
    const std::string table = read_text(folder.path("whole/trials.csv"));
    for (const std::string program : {"gradus", "gradus-child"}) {
      // Most calls of a child are those of a training, which the tests above try one by one.
      const int step = program == "gradus" ? 1 : 3;
      for (const auto& pair : kinds) {
        int at = 1 - step;
        for (bool happened = true; happened;) {
          CAPTURE(program);
          at += step;
          const std::string& kind = kind_at(pair, at);
          CAPTURE(kind);
          CAPTURE(at);
          fs::remove_all(folder.path("run"));
          happened = Fault(kind, program, at).happens_to(search + "--out run", folder);
          const bool begun = fs::exists(folder.path("run/search.json"));
          const Process::Result result =
              run_gradus(begun ? "search --quiet --resume run" : search + "--out run", folder);
          REQUIRE_MESSAGE(result.code == 0, result.err);
          REQUIRE(read_text(folder.path("run/trials.csv")) == table);
        }
        CHECK(at > 10);
      }
    }
  }
}
