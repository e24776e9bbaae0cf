// What chooses the result of a run: --val-split, --watch-test, --patience; runs that diverge.
#include "tests/apps/refusal.hpp"
#include "train/history.hpp"

using namespace gradus;

namespace {

const std::string digits_line = "train --data digits --model mlp --limit 200 --batch-size 50 ";

nlohmann::json report_of(const TemporaryFolder& folder, const std::string& run) {
  return json_of_file(folder.path(run + "/report.json"));
}

}  // namespace

TEST_CASE("Without validation the last weights are the result, and watching changes nothing") {
  const TemporaryFolder folder;
  // The rate rises until the network forgets what it has learned.
  const std::string line =
      digits_line +
      "--schedule piecewise-constant --boundaries 20 --values 0.003,0.3 --epochs 6 --quiet ";
  REQUIRE(run_gradus(line + "--out run", folder).code == 0);
  const Process::Result watched = run_gradus(line + "--watch-test --out watched", folder);
  REQUIRE(watched.code == 0);
  CHECK(watched.out.find("; weights of the last epoch; training time ") != std::string::npos);
  CHECK(read_text(folder.path("run/best.safetensors")) ==
        read_text(folder.path("watched/best.safetensors")));
  const train::History history = train::read_history(folder.path("watched/metrics.csv"));
  const auto report = report_of(folder, "watched");
  CHECK(report["best_epoch"] == 6);
  CHECK(report["best_epoch_chosen_on"].is_null());
  CHECK(report["test_accuracy"] == history.back().test_score);
  CHECK(history[4].test_score > history[5].test_score);
  CHECK(report_of(folder, "run")["test_accuracy"] == report["test_accuracy"]);
  CHECK(metric_rows(folder.path("run"))[1].ends_with(",,"));
}

TEST_CASE("With validation the result is the epoch that is best on it") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus(digits_line +
                     "--schedule piecewise-constant --boundaries 20 --values 0.003,0.3 --epochs 8 "
                     "--val-split 0.2 --watch-test --out run",
                 folder);
  REQUIRE(result.code == 0);
  CHECK(result.out.starts_with("digits: 160 samples to train, 40 to validate, 360 to test; mlp, "));
  const train::History history = train::read_history(folder.path("run/metrics.csv"));
  const auto report = report_of(folder, "run");
  const std::size_t best = train::best_epoch(history, 1, train::classify());
  CHECK(best + 1 < history.size());
  CHECK(report["best_epoch"] == best + 1);
  CHECK(report["best_epoch_chosen_on"] == "validation");
  CHECK(report["test_accuracy"] == history[best].test_score);
}

TEST_CASE("What has to choose holds a tenth out, and says so") {
  const TemporaryFolder folder;
  const std::string line = digits_line + "--epochs 2 ";
  const Process::Result patient = run_gradus(line + "--patience 1 --out patient", folder);
  CHECK(patient.out.starts_with(
      "--patience needs a validation set: --val-split 0.1 holds out 20 training samples\n"
      "digits: 180 samples to train, 20 to validate, 360 to test; "));
  CHECK(json_of_file(folder.path("patient/config.json"))["val_split"] == 0.1);
  const Process::Result plateau = run_gradus(line + "--schedule plateau --out plateau", folder);
  CHECK(plateau.out.starts_with("--schedule reduce-on-plateau needs a validation set: "));
  const Process::Result rare = run_gradus(line + "--val-split 0.02 --out rare", folder);
  CHECK_MESSAGE(rare.out.starts_with("the validation set has no samples of classes "), rare.out);
  check_refused(
      folder,
      {{line + "--patience 1 --val-split 0", 2,
        "--patience needs a validation set: --val-split must be above 0, got 0"},
       {line + "--schedule plateau --val-split 0", 2,
        "--schedule reduce-on-plateau needs a validation set: --val-split must be above 0, got 0"},
       {"train --data digits --limit 4 --val-split 0.1", 2,
        "[stratified_split] both parts must have at least one sample: fraction 0.1 of 4 samples"}});
}

TEST_CASE("--epochs 0 evaluates the initial weights") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(digits_line + "--epochs 2 --quiet --out trained", folder).code == 0);
  const Process::Result fresh = run_gradus(digits_line + "--epochs 0 --out fresh", folder);
  REQUIRE_MESSAGE(fresh.code == 0, fresh.err);
  CHECK(fresh.out.find("; weights of the initialization; training time 0:00") != std::string::npos);
  const Process::Result loaded = run_gradus(
      digits_line + "--epochs 0 --init pretrained:trained/best.safetensors --quiet --out loaded",
      folder);
  REQUIRE_MESSAGE(loaded.code == 0, loaded.err);
  CHECK(report_of(folder, "loaded")["test_accuracy"] ==
        report_of(folder, "trained")["test_accuracy"]);
  CHECK(report_of(folder, "fresh")["test_accuracy"] < 0.3);
  CHECK(report_of(folder, "fresh")["epochs"] == 0);
  CHECK(read_text(folder.path("fresh/report.html")).find("those of the initialization") !=
        std::string::npos);
}

TEST_CASE("A run that diverges keeps its last good weights and is listed as diverged") {
  const TemporaryFolder folder;
  // In the third epoch.
  const std::string line = digits_line + "--epochs 4 --quiet --optimizer sgd ";
  const std::string explosion =
      line + "--schedule piecewise-constant --boundaries 8 --values 0.01,1e30 ";
  REQUIRE(run_gradus(explosion + "--until-epoch 2 --out good", folder).code == 0);
  const Process::Result result = run_gradus(explosion + "--out runs/bad", folder);
  CHECK(result.code == 1);
  CHECK_MESSAGE(result.err.starts_with("error: the loss is "), result.err);
  CHECK_MESSAGE(result.err.ends_with("; a lower --lr (now 0.1), --warmup or --clip-norm may help; "
                                     "the run is in runs/bad\n"),
                result.err);
  const Process::Result resumed = run_gradus("train --resume runs/bad", folder);
  CHECK(resumed.code == 1);
  CHECK_MESSAGE(resumed.err.starts_with("error: runs/bad: the run diverged: the loss is "),
                resumed.err);
  CHECK_MESSAGE(resumed.err.ends_with(" may help; --out starts another run\n"), resumed.err);
  CHECK(nlohmann::json::parse(run_gradus("runs --json", folder).out)[0]["state"] == "diverged");
  CHECK(run_gradus("evaluate runs/bad --json", folder).out ==
        run_gradus("evaluate good --json", folder).out);

  const Process::Result first = run_gradus(line + "--lr 1e30 --out runs/first", folder);
  CHECK(first.code == 1);
  REQUIRE(run_gradus(digits_line + "--epochs 0 --quiet --out fresh", folder).code == 0);
  CHECK(run_gradus("evaluate runs/first --json", folder).out ==
        run_gradus("evaluate fresh --json", folder).out);

  const Process::Result huge = run_gradus(digits_line + "--lr 1e9 --quiet --out runs/huge", folder);
  CHECK(huge.code == 1);
  CHECK_MESSAGE(
      huge.err.find(" % is that of chance; a lower --lr (now 1e+09), ") != std::string::npos,
      huge.err);
}

TEST_CASE("--calibrate divides the logits by a temperature, in the run and for other commands") {
  const TemporaryFolder folder;
  const std::string line = digits_line + "--epochs 20 --quiet ";
  REQUIRE(run_gradus(line + "--val-split 0.1 --out plain", folder).code == 0);
  REQUIRE(run_gradus(line + "--calibrate --out run", folder).code == 0);
  const auto plain = report_of(folder, "plain"), report = report_of(folder, "run");
  CHECK(report["temperature"] > 0);
  CHECK(report["temperature"] != 1);
  CHECK(report["test_accuracy"] == plain["test_accuracy"]);
  CHECK(report["test_log_loss"] != plain["test_log_loss"]);
  const auto evaluated = nlohmann::json::parse(run_gradus("evaluate run --json", folder).out);
  CHECK(evaluated["log_loss"] == report["test_log_loss"]);
  check_refused(folder,
                {{line + "--calibrate --val-split 0", 2,
                  "--calibrate needs a validation set: --val-split must be above 0, got 0"}});
}

TEST_CASE("--class-weights are factors in the loss, balanced by the training samples") {
  const TemporaryFolder folder;
  folder.write("rare.csv", "x,label\n0,0\n1,0\n2,0\n3,1\n4,0\n5,0\n6,0\n7,1\n8,0\n9,0\n");
  const std::string line = "train --data rare.csv --model mlp --epochs 1 --quiet ";
  const Process::Result balanced = run_gradus(line + "--class-weights balanced --out a", folder);
  REQUIRE_MESSAGE(balanced.code == 0, balanced.err);
  const std::string weights = json_of_file(folder.path("a/config.json"))["class_weights"];
  CHECK_MESSAGE(weights.starts_with("0=0."), weights);
  REQUIRE(run_gradus(line + "--class-weights " + weights + " --out b", folder).code == 0);
  CHECK(read_text(folder.path("a/best.safetensors")) ==
        read_text(folder.path("b/best.safetensors")));
  // All weights doubled are a loss that is doubled.
  const auto first_loss = [&](const std::string& run) {
    return std::stod(std::string(split(metric_rows(folder.path(run)).at(1), ',')[3]));
  };
  REQUIRE(run_gradus(line + "--out plain", folder).code == 0);
  REQUIRE(run_gradus(line + "--class-weights 0=2,1=2 --out twice", folder).code == 0);
  CHECK(first_loss("twice") == doctest::Approx(2 * first_loss("plain")).epsilon(1e-6));
  REQUIRE(run_gradus(line + "--loss focal --out focal", folder).code == 0);
  REQUIRE(run_gradus(line + "--loss focal --class-weights 0=2,1=2 --out focal2", folder).code == 0);
  CHECK(first_loss("focal2") == doctest::Approx(2 * first_loss("focal")).epsilon(1e-6));
  check_refused(
      folder,
      {{line + "--class-weights 0=2,1", 2,
        "--class-weights must be balanced or CLASS=WEIGHT,… with positive weights, got '0=2,1'"},
       {line + "--class-weights 0=0", 2,
        "--class-weights must be balanced or CLASS=WEIGHT,… with positive weights, got '0=0'"},
       {line + "--class-weights 2=1", 2, "--class-weights: there is no class 2, only 0 to 1"},
       {line + "--class-weights 0=2 --loss hinge", 2,
        "--class-weights needs --loss cross-entropy or --loss focal or --loss binary, got hinge"}});
}

TEST_CASE("evaluate --tta scores the mean over augmented views") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(digits_line + "--epochs 3 --quiet --out run", folder).code == 0);
  const auto evaluated = [&](const std::string& options) {
    const Process::Result result = run_gradus("evaluate run --json " + options, folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    return nlohmann::json::parse(result.out);
  };
  const auto plain = evaluated(""), views = evaluated("--tta shift:1 --views 4");
  CHECK(views["log_loss"] != plain["log_loss"]);
  CHECK(views["loss"] == views["log_loss"]);
  CHECK(views == evaluated("--tta shift:1 --views 4 --threads 1"));
  check_refused(folder, {{"evaluate run --views 4", 2, "--views needs --tta"}});
}
