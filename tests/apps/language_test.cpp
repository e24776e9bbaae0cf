// The task language: trains on texts, resumes, replays, evaluates, compares and continues them.
#include <doctest/doctest.h>

#include "tests/apps/refusal.hpp"
#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

using nlohmann::json;

// Sums, one on each line, in an order that looks random: after "=" and the second digit nothing is
// left to guess.
std::string sums() {
  std::string text;
  for (int i = 0; i < 700; ++i) {
    const int a = i * 7 % 10, b = i * 37 / 10 % 10;
    text += fmt::format("{}+{}={}\n", a, b, a + b);
  }
  return text;
}

const std::string train_line =
    "train --data sums.txt --context 12 --batch-size 16 --threads 1 "
    "--config tied.json ";

// A network in a file: command lines are divided at blanks.
void write_network(const TemporaryFolder& folder, const std::string& name,
                   const std::string& network) {
  folder.write(name + ".json", json{{"model", network}}.dump());
}

void prepare(const TemporaryFolder& folder) {
  folder.write("sums.txt", sums());
  write_network(folder, "tied", "tied 16 (positions learned, transformer heads 2, norm)");
}

void run_well(const std::string& line, const TemporaryFolder& folder) {
  const Process::Result result = run_gradus(line, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
}

json report_of(const TemporaryFolder& folder, const std::string& run) {
  return json_of_file(folder.path(run + "/report.json"));
}

}  // namespace

TEST_CASE("a text is learned: the report has perplexity and bits per character with intervals") {
  const TemporaryFolder folder;
  prepare(folder);
  run_well(train_line + "--epochs 12 --lr 0.01 --out run --quiet", folder);
  const json report = report_of(folder, "run");
  CHECK(report["task"] == "language");
  CHECK(report["tokens"] == 13);
  CHECK(report["context"] == 12);
  // A guess at every digit would need 1.9 bits for each character.
  CHECK(report["test_bits_per_character"] < 1.7);
  CHECK(report["test_perplexity"].get<double>() ==
        doctest::Approx(std::exp(report["test_loss"].get<double>())).epsilon(1e-4));
  const json interval = report["test_perplexity_interval"];
  CHECK(interval[0] < report["test_perplexity"]);
  CHECK(interval[1] > report["test_perplexity"]);
  CHECK(read_text(folder.path("run/report.html")).find("Predicted worst") != std::string::npos);
  CHECK(lines_of(read_text(folder.path("run/metrics.csv"))).size() == 13);

  const Process::Result scores = run_gradus("evaluate run --json", folder);
  REQUIRE_MESSAGE(scores.code == 0, scores.err);
  CHECK(json::parse(scores.out)["perplexity"] == report["test_perplexity"]);
  const Process::Result text = run_gradus("sample run --prompt 3+4= --length 40 --seed 1", folder);
  CHECK(text.code == 0);
  CHECK(text.out.starts_with("3+4="));
  CHECK(text.out.size() == 4 + 40 + 1);
  CHECK(text.err == "the model sees the last 12 tokens: after them its window slides\n");
  CHECK(run_gradus("sample run --prompt 3+4= --length 40 --seed 1", folder).out == text.out);
  CHECK(run_gradus("sample run --prompt 3+4= --length 0", folder).out == "3+4=\n");
  const Process::Result greedy = run_gradus("sample run --length 8 --temperature 0", folder);
  CHECK(greedy.out == run_gradus("sample run --length 8 --temperature 0 --seed 5", folder).out);
}

TEST_CASE("a training on a text is resumed, replayed and threaded with the same bits") {
  const TemporaryFolder folder;
  prepare(folder);
  const std::string line = train_line + "--steps 50 --keep-checkpoints --quiet --val-split 0.1 ";
  run_well(line + "--out whole", folder);
  CHECK(report_of(folder, "whole")["epochs"] == 3);
  CHECK(lines_of(read_text(folder.path("whole/steps.csv"))).size() == 51);
  run_well(line + "--out parts --until-epoch 2", folder);
  run_well("train --resume parts --keep-checkpoints --quiet", folder);
  check_same_result(folder, "whole", "parts");
  run_well(line + "--out two --threads 2", folder);
  check_same_result(folder, "whole", "two");
  run_well("replay whole", folder);
  const Process::Result compared = run_gradus("compare whole two", folder);
  REQUIRE_MESSAGE(compared.code == 0, compared.err);
  CHECK(compared.out.find("perplexity") != std::string::npos);
}

TEST_CASE("byte pairs make fewer tokens, and bits per character are comparable") {
  const TemporaryFolder folder;
  prepare(folder);
  run_well(train_line + "--tokens 18 --steps 30 --windows in-order --out run --quiet", folder);
  const json report = report_of(folder, "run");
  CHECK(report["tokens"] == 18);
  const double bits = report["test_bits_per_character"];
  CHECK(bits < report["test_loss"].get<double>() / std::log(2.));
  CHECK(run_gradus("sample run --prompt 1+1=2 --length 3", folder).code == 0);
}

TEST_CASE("recurrent models, several files, a folder and a text for testing are texts, too") {
  const TemporaryFolder folder;
  prepare(folder);
  folder.write("more.txt", sums());
  write_network(folder, "gru", "embedding 8, gru 12, dense outputs");
  run_well(
      "train --data sums.txt,more.txt --context 8 --steps 3 --threads 1 --quiet --config gru.json "
      "--out two",
      folder);
  CHECK(report_of(folder, "two")["data"] == "sums.txt,more.txt");
  run_well("train --data . --context 8 --steps 3 --threads 1 --quiet --model lstm --out folder",
           folder);
  run_well(
      "train --data sums.txt --test more.txt --context 8 --steps 3 --threads 1 --quiet --model "
      "lstm --out test --optimizer muon",
      folder);
  run_well("train --data sums.txt --limit 20 --context 8 --epochs 1 --quiet --model rnn --out few",
           folder);
  CHECK(run_gradus("sample test --length 5", folder).code == 0);
}

TEST_CASE("texts and options that can't be used are exact errors") {
  const TemporaryFolder folder;
  folder.write("sums.txt", sums());
  write_network(folder, "heads", "tied 16 (transformer heads 3)");
  write_network(folder, "both", "lstm 8 bidirectional, dense outputs");
  folder.write("short.txt", "only a few characters");
  folder.write("one.txt", "x");
  folder.write("empty.txt", "");
  folder.write("latin.txt", "caf\xe9\n");
  run_well("train --data sums.txt --context 8 --steps 1 --quiet --model lstm --out run", folder);
  run_well("train --data digits --limit 50 --epochs 1 --quiet --model lenet --out digits", folder);
  check_refused(
      folder,
      {{"train --data short.txt", 2, "--context 64 needs 65 tokens, but the training text has 19"},
       {"train --data short.txt --context 4", 2,
        "--context 4 needs 5 tokens, but the test text has 2"},
       {"train --data one.txt --context 4", 2,
        "--context 4 needs 5 tokens, but the training text has 1"},
       {"train --data empty.txt", 2, "[tokenizer] at least one character is needed"},
       {"train --data latin.txt", 1, "latin.txt: isn't UTF-8: line 1 has the byte 0xe9"},
       {"train --data sums.txt --tokens 5", 2,
        "[tokenizer] 13 different characters need as many tokens, got 5"},
       {"train --data sums.txt --augment flip", 2, "--augment doesn't fit a text"},
       {"train --data sums.txt --mixup 0.2", 2, "--mixup doesn't fit a text"},
       {"train --data digits --context 8", 2,
        "--context needs a text, but --data digits isn't one"},
       {"train --data sums.txt --target x", 2,
        "--target needs a table, but --data sums.txt isn't one"},
       {"train --data sums.txt --config heads.json", 2,
        "[network] 'transformer heads 3' at character 10, input (64, 16): [multihead_attention] "
        "heads "
        "must divide the width, got 3 heads and width 16"},
       {"train --data sums.txt --model mlp", 2,
        "[mlp] must end in a score for each of 13 tokens after each step, ends in (13): its last "
        "layer should be 'dense 13'"},
       {"train --data sums.txt --config both.json", 2,
        "[network] 'lstm 8 bidirectional' at character 1, input (64, 128): can't be bidirectional: "
        "the next token would be known"},
       {"sample run --prompt Zoo", 2,
        "[tokenizer] the character 'Z' doesn't occur in the training text"},
       {"sample run --temperature -1", 2, "--temperature must be 0 or more and finite, got '-1'"},
       {"sample run --top-p 0", 2, "--top-p must be in (0, 1], got '0'"},
       {"sample digits", 2, "sample needs a language model, but the task of digits is classify"},
       {"predict run sums.txt", 2,
        "predict needs images or a table; gradus sample run continues a text"}});
}
