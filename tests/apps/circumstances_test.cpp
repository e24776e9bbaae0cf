// What may be odd around a program: limits, locales, clocks, threads, folders, pipes, terminals. It
// does as otherwise, or ends with a line that says why not.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

const std::string gradus_train = std::string(GRADUS_PROGRAM) +
                                 " train --keep-checkpoints --data moons --model mlp --batch-size "
                                 "200 --epochs 1 --quiet --tensorboard --out ";

Process::Result run_shell(const std::string& script, const TemporaryFolder& folder) {
  return Process({"/bin/sh", "-c", script}, folder.path()).wait();
}

// A line on stderr, and exit code 1.
void check_error(const Process::Result& result) {
  CAPTURE(result.err);
  CHECK(result.code == 1);
  CHECK(lines_of(result.err).size() == 1);
  CHECK(result.err.starts_with("error: "));
}

}  // namespace

TEST_CASE("A run is the same with a decimal comma, a clock that goes back, and without threads") {
  const TemporaryFolder folder;
  REQUIRE(run_shell(gradus_train + "whole", folder).code == 0);
  const std::string preload = "LD_PRELOAD=" GRADUS_FAULTS " ";
  for (const std::string& circumstance :
       {std::string("LC_ALL=de_DE.UTF-8 "), std::string("LC_ALL=tr_TR.UTF-8 "),
        preload + "GRADUS_CLOCK=back ", preload + "GRADUS_THREADS=none ",
        std::string("TZ=Pacific/Kiritimati "), std::string("env -i ")}) {
    CAPTURE(circumstance);
    std::filesystem::remove_all(folder.path("run"));
    const Process::Result result = run_shell(circumstance + gradus_train + "run", folder);
    CHECK_MESSAGE(result.code == 0, result.err);
    check_same_result(folder, "whole", "run");
  }
}

#ifndef GRADUS_SANITIZED  // sanitizers need more of everything
TEST_CASE("A program within limits of memory, files and their size ends in order") {
  const TemporaryFolder folder;
  int done = 0;
  for (const std::string limit : {"-v 40000", "-v 80000", "-v 120000", "-v 200000", "-v 400000",
                                  "-n 3", "-n 4", "-n 8", "-n 16", "-f 4", "-f 16", "-s 512"}) {
    CAPTURE(limit);
    std::filesystem::remove_all(folder.path("run"));
    const Process::Result result =
        run_shell("ulimit " + limit + " && exec timeout 60 " + gradus_train + "run", folder);
    // Where not even the program can be loaded, the system says so.
    if (result.err.find("while loading shared libraries") != std::string::npos) continue;
    if (result.code == 0)
      ++done;
    else
      check_error(result);
  }
  CHECK(done >= 2);
  CHECK(run_shell("ulimit -v 60000 && exec " GRADUS_PROGRAM " --version", folder).code == 0);
}
#endif

TEST_CASE("Folders that can't be written, are files or lie in none are errors of one line") {
  const TemporaryFolder folder;
  folder.write("file", std::string("x"));
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  for (const std::string place :
       {"/proc/run", "/sys/run", "file", "file/run", "pipe", "/dev/null", "/dev/null/run"}) {
    CAPTURE(place);
    check_error(run_shell(gradus_train + place, folder));
  }
  CHECK(read_text(folder.path("file")) == "x");
}

TEST_CASE("A pipe that closes ends a program, and a run in it can be resumed") {
  const TemporaryFolder folder;
  const std::string list = GRADUS_PROGRAM " inspect --model cnn";
  CHECK(run_shell("{ " + list + "; echo $? >code; } | true", folder).err == "");
  const int code = std::stoi(read_text(folder.path("code")));
  CHECK((code == 0 || code == 1 || code == 128 + SIGPIPE));

  const std::string train = GRADUS_PROGRAM
      " train --keep-checkpoints --data moons --model mlp --batch-size 200 --epochs 3 --out ";
  REQUIRE(run_shell(train + "whole >/dev/null", folder).code == 0);
  run_shell(train + "run | head -n 1 >/dev/null", folder);
  if (!std::filesystem::exists(folder.path("run/report.json"))) {
    const Process::Result result =
        run_gradus("train --keep-checkpoints --quiet --resume run", folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
  }
  check_same_result(folder, "whole", "run");
}
