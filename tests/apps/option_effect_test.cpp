// option_effect_test: every option of train changes the result, or is refused.
#include <doctest/doctest.h>

#include <set>

#include "tests/apps/halves.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

const std::string small = "train --data digits --limit 96 --batch-size 16 --epochs=2 --quiet ";
// Like mlp, with 16 units.
const std::string model =
    "--model=flatten, dense 16, norm none, activation, dropout 0, dense classes";

// An option of train with other options that it needs to have an effect; the result is compared
// with that of `without`.
struct Effect {
  std::string option, with, without = {};
};

const Effect effects[] = {
    {"data", "--data moons", "--data blobs"},
    {"limit", "--limit 80"},
    {"val_split", "--val-split 0.25"},
    {"fold", "--fold 1/3", "--fold 2/3"},
    {"preprocess", "--preprocess min-max"},
    {"augment", "--augment shift:1"},
    {"balanced", "--balanced"},
    {"calibrate", "--calibrate", "--val-split 0.1"},
    {"model", "--model mlp"},
    {"norm", "--norm layer"},
    {"activation", "--activation gelu"},
    {"init", "--init he-normal"},
    {"dropout", "--dropout 0.5"},
    {"input_dropout", "--input-dropout 0.5"},
    {"channel_dropout", "--model cnn-bn --channel-dropout 0.5", "--model cnn-bn"},
    {"drop_connect", "--drop-connect 0.5"},
    {"loss", "--loss hinge"},
    {"label_smoothing", "--label-smoothing 0.1"},
    {"smooth_wrong_classes", "--label-smoothing 0.1 --smooth-wrong-classes",
     "--label-smoothing 0.1"},
    {"class_weights", "--class-weights 0=3"},
    {"focal_gamma", "--loss focal --focal-gamma 1", "--loss focal"},
    {"optimizer", "--optimizer radam"},
    {"lr", "--lr 0.002"},
    {"weight_decay", "--weight-decay 0.1"},
    {"decoupled_weight_decay", "--optimizer sgd --decoupled-weight-decay 0.01", "--optimizer sgd"},
    {"momentum", "--optimizer momentum --momentum 0.5", "--optimizer momentum"},
    {"nesterov", "--optimizer sgd --momentum 0.5 --nesterov", "--optimizer sgd --momentum 0.5"},
    {"dampening", "--optimizer momentum --dampening 0.5", "--optimizer momentum"},
    {"style", "--optimizer momentum --style sutskever", "--optimizer momentum"},
    {"lr_decay", "--optimizer adagrad --lr-decay 0.1", "--optimizer adagrad"},
    {"initial_accumulator_value", "--optimizer adagrad --initial-accumulator-value 0.1",
     "--optimizer adagrad"},
    {"eps", "--eps 0.01"},
    {"alpha", "--optimizer rmsprop --alpha 0.5", "--optimizer rmsprop"},
    {"centered", "--optimizer rmsprop --centered", "--optimizer rmsprop"},
    {"no_nesterov", "--model mlp --optimizer muon --no-nesterov", "--model mlp --optimizer muon"},
    {"ns_steps", "--model mlp --optimizer muon --ns-steps 2", "--model mlp --optimizer muon"},
    {"ns_coefficients", "--model mlp --optimizer muon --ns-coefficients 2,-1.5,0.5",
     "--model mlp --optimizer muon"},
    {"adjust_lr_fn", "--model mlp --optimizer muon --adjust-lr-fn match-rms-adamw",
     "--model mlp --optimizer muon"},
    {"adamw_lr_factor", "--model mlp --optimizer muon --adamw-lr-factor 0.5",
     "--model mlp --optimizer muon"},
    {"beta2_decay", "--optimizer adafactor --beta2-decay -0.5", "--optimizer adafactor"},
    {"eps1", "--optimizer adafactor --eps1 0.5", "--optimizer adafactor"},
    {"eps2", "--optimizer adafactor --eps2 0.5", "--optimizer adafactor"},
    {"clip_threshold", "--optimizer adafactor --clip-threshold 2", "--optimizer adafactor"},
    {"rho", "--optimizer adadelta --rho 0.5", "--optimizer adadelta"},
    {"beta1", "--beta1 0.5"},
    {"beta2", "--beta2 0.5"},
    {"amsgrad", "--amsgrad --beta2 0.5", "--beta2 0.5"},
    {"no_bias_correction", "--no-bias-correction"},
    {"momentum_decay", "--optimizer nadam --momentum-decay 0.5", "--optimizer nadam"},
    {"trust_coefficient", "--optimizer lars --trust-coefficient 0.01", "--optimizer lars"},
    {"no_decay_of_vectors", "--weight-decay 0.1 --no-decay-of-vectors", "--weight-decay 0.1"},
    {"group", "--group *.bias:lr-factor=0.1"},
    {"ema", "--ema 0.5"},
    {"swa", "--swa 1"},
    {"schedule", "--schedule cosine"},
    {"warmup", "--schedule constant --warmup 5", "--schedule constant"},
    {"step_size", "--schedule step --step-size 1", "--schedule step"},
    {"gamma", "--schedule step --gamma 0.5", "--schedule step"},
    {"milestones", "--schedule multi-step --milestones 2", "--schedule multi-step"},
    {"boundaries", "--schedule piecewise-constant --boundaries 2,3 --values 0.01,0.001,0.1",
     "--schedule piecewise-constant --values 0.01,0.001,0.1"},
    {"values", "--schedule piecewise-constant --values 0.01,0.001,0.1",
     "--schedule piecewise-constant"},
    {"decay_rate", "--schedule inverse-time --decay-rate 1", "--schedule inverse-time"},
    {"power", "--schedule polynomial --power 2", "--schedule polynomial"},
    {"min_lr", "--schedule cosine --min-lr 0.0005", "--schedule cosine"},
    {"t_0", "--schedule cosine-warm-restarts --t-0 5", "--schedule cosine-warm-restarts"},
    {"t_mult", "--schedule cosine-warm-restarts --t-0 2 --t-mult 3",
     "--schedule cosine-warm-restarts --t-0 2"},
    {"step_size_up", "--schedule cyclic --step-size-up 3", "--schedule cyclic"},
    {"step_size_down", "--schedule cyclic --step-size-down 5", "--schedule cyclic"},
    {"div_factor", "--div-factor 5"},
    {"mode", "--schedule cyclic --mode triangular2", "--schedule cyclic"},
    {"pct_start", "--pct-start 0.6"},
    {"final_div_factor", "--final-div-factor 2"},
    {"anneal", "--anneal linear"},
    {"three_phase", "--three-phase"},
    {"cycle_momentum", "--cycle-momentum"},
    {"base_momentum", "--cycle-momentum --base-momentum 0.5", "--cycle-momentum"},
    {"max_momentum", "--cycle-momentum --max-momentum 0.99", "--cycle-momentum"},
    {"factor",
     "--epochs 4 --lr 1 --schedule reduce-on-plateau --plateau-patience 0 --threshold 0.99 "
     "--factor 0.5",
     "--epochs 4 --lr 1 --schedule reduce-on-plateau --plateau-patience 0 --threshold 0.99"},
    {"plateau_patience",
     "--epochs 4 --schedule reduce-on-plateau --threshold 0.99 --plateau-patience 0",
     "--epochs 4 --schedule reduce-on-plateau --threshold 0.99"},
    {"threshold", "--epochs 4 --schedule reduce-on-plateau --plateau-patience 0 --threshold 0.99",
     "--epochs 4 --schedule reduce-on-plateau --plateau-patience 0"},
    {"cooldown",
     "--epochs 4 --schedule reduce-on-plateau --plateau-patience 0 --threshold 0.99 --cooldown 3",
     "--epochs 4 --schedule reduce-on-plateau --plateau-patience 0 --threshold 0.99"},
    {"accumulate", "--accumulate 2"},
    {"clip_norm", "--clip-norm 0.1"},
    {"clip_value", "--clip-value 0.001"},
    {"clip_adaptive", "--clip-adaptive 0.001"},
    {"gradient_noise", "--gradient-noise 0.1"},
    {"l1", "--l1 0.01"},
    {"l2", "--l2 0.01"},
    {"proximal", "--l1 0.01 --proximal", "--l1 0.01"},
    {"penalize", "--l1 0.01 --penalize *.bias", "--l1 0.01"},
    {"max_norm", "--max-norm 0.1"},
    {"patience", "--epochs 9 --lr 1e-9 --patience 1", "--epochs 9 --lr 1e-9 --val-split 0.1"},
    {"min_delta", "--epochs 9 --patience 2 --min-delta 0.9", "--epochs 9 --patience 2"},
    {"mixup", "--mixup 0.5"},
    {"cutmix", "--cutmix 1"},
    {"teacher", "--teacher teacher"},
    {"temperature", "--teacher teacher --temperature 5", "--teacher teacher"},
    {"teacher_alpha", "--teacher teacher --teacher-alpha 0.1", "--teacher teacher"},
    {"epochs", "--epochs 3"},
    {"batch_size", "--batch-size 24"},
    {"drop_last", "--limit 90 --drop-last", "--limit 90"},
    {"seed", "--seed 7"},
    {"test", "--data table.csv --test other.csv --watch-test", "--data table.csv --watch-test"},
    {"target", "--data table.csv --target kind", "--data table.csv"},
    {"ignore", "--data table.csv --ignore width", "--data table.csv"},
    {"category", "--data table.csv --category width", "--data table.csv"},
    {"number", "--data table.csv --number id", "--data table.csv"},
    {"header", "--data numbers.csv --header yes", "--data numbers.csv"},
    {"task", "--data table.csv --task regress", "--data table.csv"},
    {"split_by", "--data table.csv --split-by group", "--data table.csv"},
    {"split_by_time", "--data table.csv --split-by-time day", "--data table.csv"},
    {"weight", "--data table.csv --weight width", "--data table.csv"},
    {"context", "--data text.txt --context 8 --model lstm", "--data text.txt --model lstm"},
    {"tokens", "--data text.txt --context 8 --tokens 15 --model lstm",
     "--data text.txt --context 8 --model lstm"},
    {"windows", "--data text.txt --context 8 --windows in-order --model lstm",
     "--data text.txt --context 8 --model lstm"},
    {"images", "--data pictures.csv --target kind --images file",
     "--data pictures.csv --target kind"},
    {"size", "--data pictures --size 6x8", "--data pictures"},
    {"fit", "--data pictures --size 9x8 --fit pad", "--data pictures --size 9x8"},
    {"steps", "--steps 5"}};

// Options of train that don't change the numbers.
const std::set<std::string> without_effect = {"data_dir", "no_test",     "threads",
                                              "memory",   "tensorboard", "watch_test"};

// The numbers of a run.
std::string outcome(const std::string& run) {
  std::string text = read_text(run + "/steps.csv") + read_text(run + "/best.safetensors");
  for (const std::string& row : metric_rows(run)) text += row + '\n';
  return text;
}

// A table of 60 rows, one with a column of numbers as header, and a text.
void write_tables(const TemporaryFolder& folder) {
  std::string table = "id,width,group,day,kind,label\n", numbers = "1,2,3\n";
  for (int row = 0; row < 60; ++row) {
    table += fmt::format("{},{},g{},{},k{},{}\n", row + 1, row * 7 % 13, row % 5, row * 11 % 17,
                         row % 3, row % 2);
    numbers += fmt::format("{},{},{}\n", row * 3 % 7 + 0.5, row * 5 % 11, row % 2);
  }
  folder.write("table.csv", table);
  folder.write(
      "other.csv",
      table.substr(0, table.size() / 2).substr(0, table.rfind('\n', table.size() / 2) + 1));
  folder.write("numbers.csv", numbers);
  std::string text;
  for (int i = 0; i < 1500; ++i) text += fmt::format("{}ab{}cd ", i * i % 10, i % 7);
  folder.write("text.txt", text);
}

// If an option is given twice, the last value counts.
std::string trained(const TemporaryFolder& folder, const std::string& options) {
  const std::string run = folder.path("run");
  std::vector<std::string> arguments = gradus_arguments(small);
  if (options.starts_with("--steps")) std::erase(arguments, "--epochs=2");
  arguments.push_back(model);
  for (const std::string& word : gradus_arguments(options + " --out run"))
    arguments.push_back(word);
  arguments.erase(std::find(arguments.begin() + 1, arguments.end(), GRADUS_PROGRAM));
  const Process::Result result = Process(arguments, folder.path()).wait();
  REQUIRE_MESSAGE(result.code == 0, options << ": " << result.err);
  std::string text = outcome(run);
  std::filesystem::remove_all(run);
  return text;
}

}  // namespace

TEST_CASE("Each option of train changes the bits of the result") {
  const TemporaryFolder folder;
  write_tables(folder);
  write_halves(folder, "pictures", 10);
  std::string rows = "file,brightness,kind\n";
  for (int i = 0; i < 20; ++i)
    rows += fmt::format("pictures/{0}/{1}.png,{1},{0}\n", i % 2 == 0 ? "lower" : "upper", i / 2);
  folder.write("pictures.csv", rows);
  REQUIRE(run_gradus(small + "--model mlp --seed 3 --out teacher", folder).code == 0);
  std::map<std::string, std::string> known;
  const auto outcome_of = [&](const std::string& options) -> const std::string& {
    std::string& text = known[options];
    if (text.empty()) text = trained(folder, options);
    return text;
  };
  std::set<std::string> tried = without_effect;
  for (const Effect& effect : effects) {
    CAPTURE(effect.option);
    tried.insert(effect.option);
    CHECK(outcome_of(effect.with) != outcome_of(effect.without));
  }
  // A new option needs a row.
  std::set<std::string> all;
  const auto config = json_of_file(folder.path("teacher/config.json"));
  for (const auto& [name, origin] : config["origins"].items()) all.insert(name);
  CHECK(tried == all);
}

TEST_CASE("An option changes the bits of a named model, or is refused") {
  const TemporaryFolder folder;
  // --until-epoch stops the run before pictures are drawn.
  const std::string line =
      "train --data digits --limit 32 --batch-size 16 --epochs 2 --until-epoch 1 --quiet ";
  int refused = 0;
  for (const std::string model :
       {"mlp", "mlp-bn", "lenet", "cnn", "cnn-bn", "rnn", "lstm", "gru"}) {
    const auto train = [&](const std::string& options) {
      std::filesystem::remove_all(folder.path("run"));
      return run_gradus(line + "--model " + model + ' ' + options + " --out run", folder);
    };
    REQUIRE(train("").code == 0);
    const std::string plain = outcome(folder.path("run"));
    for (const std::string option :
         {"--norm layer", "--activation gelu", "--dropout 0.4", "--input-dropout 0.4",
          "--channel-dropout 0.4", "--drop-connect 0.4", "--init conv=normal",
          "--init dense=normal", "--init recurrent=orthogonal", "--norm weight"}) {
      CAPTURE(model);
      CAPTURE(option);
      const Process::Result result = train(option);
      CHECK((result.code == 0 || result.code == 2));
      if (result.code == 0)
        CHECK(outcome(folder.path("run")) != plain);
      else
        CHECK(result.err.starts_with("error: ["));
      refused += result.code == 2;
    }
  }
  // Channels in 5, drop-connect in 3, activations in 3, convolutions in 5, recurrent layers in 5.
  CHECK(refused == 5 + 3 + 3 + 5 + 5);
}
