// gradus lab: output, files and errors.
#include <doctest/doctest.h>

#include <regex>

#include "apps/lab/experiments.hpp"
#include "tests/apps/odd_values.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;

TEST_CASE("gradus lab prints claim, numbers and verdict, and writes three files") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("lab invariance --out a/b", folder);
  CHECK(result.code == 0);
  CHECK(result.err == "");  // no progress where there is no terminal
  CHECK(result.out.starts_with("invariance: Invariance to scaling\n\nClaim: "));
  CHECK(result.out.find("\nVerdict: the claim holds.\n- holds: ") != std::string::npos);
  CHECK(result.out.ends_with("pictures, tables and pages are in a/b\n"));
  CHECK(read_text(folder.path("a/b/invariance.svg")).starts_with("<svg "));
  CHECK(read_text(folder.path("a/b/invariance.csv")).starts_with("scheme,weights ×λ,"));
  CHECK(read_text(folder.path("a/b/invariance.md")).starts_with("# Invariance to scaling"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("a/b")), {}) == 3);
}

TEST_CASE("With one seed gradus lab says that no difference is clear") {
  const TemporaryFolder folder;
  const std::string remark = "(One seed gives no interval: no difference counts as clear.)";
  const auto said = [&](const std::string& options) {
    const std::string out = run_gradus("lab " + options, folder).out;
    return std::regex_replace(out, std::regex("\\s+"), " ").find(remark) != std::string::npos;
  };
  CHECK(said("symmetry --small --seeds 1"));
  CHECK_FALSE(said("symmetry --small --seeds 2"));
  CHECK_FALSE(said("invariance"));
}

TEST_CASE("gradus lab --list groups the experiments by chapters") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("lab --list", folder);
  CHECK(result.code == 0);
  CHECK(result.out.starts_with("Normalization\n  invariance         Invariance to scaling\n"));
  CHECK(folder.files() == 0);
}

TEST_CASE("Pages name only existing experiments, and docs/lab.md names all") {
  const std::filesystem::path root = GRADUS_SOURCE;
  std::vector<std::string> pages{root / "README.md"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "docs"))
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  const std::regex command("gradus lab ([a-z][a-z-]*)");
  std::size_t named = 0;
  for (const std::string& page : pages) {
    const std::string text = read_text(page);
    for (std::sregex_iterator match(text.begin(), text.end(), command), end; match != end;
         ++match) {
      CAPTURE(page);
      CHECK_NOTHROW(lab::experiments().find((*match)[1].str()));
      ++named;
    }
  }
  CHECK(named > 20);

  const std::string list = read_text(root / "docs/lab.md");
  for (const auto& experiment : lab::experiments().entries())
    CHECK_MESSAGE(list.find("\n| `" + experiment.name + "` |") != std::string::npos,
                  experiment.name);
}

TEST_CASE("An error of gradus lab is one line and leaves nothing behind") {
  const TemporaryFolder folder;
  const Refusals cases{
      {"lab", 2, "lab needs the name of one experiment, or --all; --list shows the names"},
      {"lab norm", 2, "unknown experiment 'norm': did you mean norms?"},
      {"lab norms invariance", 2, "lab takes one experiment, or --all, got 2"},
      {"lab norms --all", 2,
       "lab needs the name of one experiment, or --all; --list shows the names"},
      {"lab norms --small --long", 2, "--small cannot be combined with --long"},
      {"lab invariance --epochs 2", 2, "invariance has no option --epochs"},
      {"lab norms --seeds 0", 2, "--seeds must be a whole number from 1 to 10^9, got '0'"},
      {"lab norms --limit 3", 2, "[lab] a batch of 4 needs as many training samples, there are 3"},
      {"lab norms --augment flip", 2, "norms has no option --augment"},
      {"lab augment --augment flap", 2, "unknown augmentation 'flap': did you mean flip?"},
      {"lab augment --data moons", 2, "[augment] images must be (N, C, H, W), got (9, 2)"},
      {"lab lr-range --limit 3", 2,
       "[lab] a batch of 32 needs as many training samples, there are 3"},
      {"lab norms --data moons", 2,
       "[small_network] needs images (C, H, W) of 10×10 pixels or more, got samples (2)"},
      {"lab norms --outt x", 2, "unknown option --outt: did you mean --out? see --help all"}};
  check_refused(folder, cases);
  CHECK(folder.files() == 0);
  const Process::Result data = run_gradus("lab norms --data nowhere", folder);
  CHECK(data.code == 2);
  CHECK(data.err.starts_with("error: unknown data set 'nowhere': one of "));
}

TEST_CASE("gradus lab checks its folder before anything runs") {
  const TemporaryFolder folder;
  folder.write("file", "");
  const Process::Result in_file = run_gradus("lab norms --out file/x", folder);
  CHECK(in_file.code == 1);
  CHECK(in_file.err == "error: file/x: the folder can't be made: Not a directory\n");
  const Process::Result file = run_gradus("lab norms --out file", folder);
  CHECK(file.code == 1);
  CHECK(file.err == "error: file: is not a folder\n");
  const Process::Result full =
      Process(gradus_arguments("lab invariance --out full"), folder.path(), 1000).wait();
  CHECK(full.code == 1);
  CHECK(full.err == "error: full/invariance.svg: can't write: File too large\n");
  CHECK(folder.files() == 1);
}

TEST_CASE("Ctrl-C ends gradus lab at once and leaves nothing behind") {
  const TemporaryFolder folder;
  Process process(gradus_arguments("lab norms"), folder.path());
  process.wait_until_it_handles(SIGINT);
  process.kill(SIGINT);
  CHECK(process.wait().code == 130);
  CHECK(folder.files() == 0);
}

TEST_CASE("Odd values of the lab's and the bench's options are refused or carried out") {
  const TemporaryFolder folder;
  const auto clean_up = [&] {
    for (const auto& made : std::filesystem::directory_iterator(folder.path()))
      std::filesystem::remove_all(made);
  };
  check_survives_odd_values(app::lab_command, {"divergences", "--small", "--quiet", "--out=new"},
                            folder.path(), clean_up);
  check_survives_odd_values(app::bench_command, {"--model=mlp", "--steps=1", "--min-time=0.001"},
                            folder.path(), clean_up);
}
