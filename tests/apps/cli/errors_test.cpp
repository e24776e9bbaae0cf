// Errors of the command line: exact texts and exit codes.
#include <doctest/doctest.h>

#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

struct Case {
  std::string line;
  int code;
  std::string error;
};

bool is_empty(const TemporaryFolder& folder) {
  return std::filesystem::is_empty(folder.path());
}

}  // namespace

TEST_CASE("An error of the command line is one line, and no file is left behind") {
  const TemporaryFolder folder;
  const std::string count = "a whole number from 1 to 10^9";
  const std::vector<Case> cases{
      {"", 2, "a command is missing, such as gradus train; gradus --help lists all"},
      {"train --epoch 3", 2, "unknown option --epoch: did you mean --epochs? see --help all"},
      {"train --device cuda", 2,
       "unknown option --device: Gradus trains on the CPU; --threads sets the number of threads"},
      {"train --frobnicate", 2, "unknown option --frobnicate: see --help all"},
      {"train -e 3", 2, "unknown option -e: see --help all"},
      {"train --lr", 2, "--lr needs a value"},
      {"train --lr=", 2, "--lr needs a value"},
      {"train --norm= --model=", 2, "--model needs a value"},
      {"train --out=", 2, "--out needs a value"},
      {"search --space=", 2, "--space needs a value"},
      {"train digits", 2, "unexpected 'digits': train only takes options"},
      {"train --quiet=3", 2, "--quiet takes no value, got '3'"},
      {"train --batch-size 0", 2, "--batch-size must be " + count + ", got '0'"},
      {"train --batch-size 1e3", 2, "--batch-size must be " + count + ", got '1e3'"},
      {"train --epochs -1", 2, "--epochs must be a whole number from 0 to 10^9, got '-1'"},
      {"train --limit 0", 2, "--limit must be " + count + ", got '0'"},
      {"train --lr -1", 2, "--lr must be positive and finite, got '-1'"},
      {"train --lr nan", 2, "--lr must be positive and finite, got 'nan'"},
      {"train --lr abc", 2, "--lr must be positive and finite, got 'abc'"},
      {"train --lr inf", 2, "--lr must be positive and finite, got 'inf'"},
      {"train --val-split 1", 2, "--val-split must be in [0, 1), got '1'"},
      {"train --threads 0", 2, "--threads must be a whole number from 1 to 1024, got '0'"},
      {"train --seed -1", 2, "--seed must be a whole number from 0 to 2^63 − 1, got '-1'"},
      {"train --seed 18446744073709551615", 2,
       "--seed must be a whole number from 0 to 2^63 − 1, got '18446744073709551615'"},
      {"train --seed 9223372036854775808", 2,
       "--seed must be a whole number from 0 to 2^63 − 1, got '9223372036854775808'"},
      {"train --mixup 1e-320", 2, "--mixup must be 1e-06 or more and finite, got '1e-320'"},
      {"train --cutmix 1e-7", 2, "--cutmix must be 1e-06 or more and finite, got '1e-7'"},
      {"train --data moons --schedule exponential:gamma=5.9 --epochs 400", 2,
       "[exponential] the rate must stay finite, got infinity at step 2800 of 2800"},
      {"train --data moons --schedule constant+step:gamma=1e9/step-size=1@50% --epochs 40", 2,
       "[step] the rate must stay finite, got infinity at step 280 of 280"},
      {"train --data digits --model mlp --init constant:1e39", 2,
       "[initialize] 'constant:1e39' must give finite weights, got inf in 1.weight"},
      {"train --data digits --model mlp --init zeros+bias=constant:-1e39", 2,
       "[initialize] 'bias=constant:-1e39' must give finite weights, got -inf in 1.bias"},

      {"train --data digits --schedule cosin", 2,
       "unknown schedule 'cosin': did you mean cosine, cosine-warm-restarts?"},
      {"train --data digits --init he-normal:fam=out", 2,
       "[he-normal] has no option 'fam' at character 11; it takes fan=in, gain=relu, slope=0.01"},
      {"train --data digits --init he-normal:fan=up", 2,
       "[he-normal] fan must be one of in, out, average, got 'up' at character 11"},
      {"train --data digits --init pretrained", 2,
       "[pretrained] a file is needed, as in pretrained:best.safetensors"},
      {"train --data digits --init zeros+lsuv", 2,
       "[lsuv] outputs must vary over the batch: layer 0 has variance 0"},
      {"train --data digits --init dens=zeros", 2,
       "unknown type of layer 'dens': did you mean dense?"},
      {"train --data digits --init pretrained:none", 1, "none: No such file or directory"},
      {"train --data digits --optimizer adm", 2, "unknown optimizer 'adm': did you mean adam?"},
      {"train --data digits --optimizer adam --momentum 0.9", 2, "[adam] has no option momentum"},
      {"train --data digits --norm group:0", 2,
       "[cnn-bn] 'norm' at character 20, input (32, 28, 28): [group] groups must be a whole number "
       "from 1 to 10^9, got '0' at character 7"},
      {"train --data digits --norm group:x", 2,
       "[cnn-bn] 'norm' at character 20, input (32, 28, 28): [group] groups must be a whole number "
       "from 1 to 10^9, got 'x' at character 7"},
      {"train --data digits --norm group:7", 2,
       "[cnn-bn] 'norm' at character 20, input (32, 28, 28): [group_norm] groups must divide the "
       "channels: 7 groups, 32 channels"},
      {"train --data digits --norm weigth-std", 2,
       "unknown normalization 'weigth-std': did you mean weight-std, weight?"},
      {"train --data digits --norm batch+layer", 2,
       "[normalization] batch and layer cannot be combined, both normalize activations: "
       "'batch+layer'"},
      {"train --data digits --norm none+batch", 2,
       "[normalization] none cannot be combined, got 'none+batch'"},
      {"train --data digits --model mlp --norm batch --limit 129 --epochs 1 --quiet", 2,
       "layer 2: [batch_norm] batch statistics need more than one value per channel, got input (1, "
       "512); --drop-last leaves out the last batch of 1 sample"},
      {"train --data digits --model mlp --norm batch --limit 33 --batch-size 32 --epochs 1", 2,
       "layer 2: [batch_norm] batch statistics need more than one value per channel, got input (1, "
       "512); --drop-last leaves out the last batch of 1 sample"},
      {"train --data digits --model mlp --norm batch --batch-size 1", 2,
       "layer 2: [batch_norm] batch statistics need more than one value per channel, got input (1, "
       "512)"},
      {"train --data digits --model mlp --norm batch --limit 1", 2,
       "layer 2: [batch_norm] batch statistics need more than one value per channel, got input (1, "
       "512)"},
      {"train --momentum 1", 2, "--momentum must be in [0, 1), got '1'"},
      {"train --data digits --optimizer momentum --style new", 2,
       "[momentum] style must be one of pytorch, sutskever, got new"},
      {"train --data digits --optimizer sgd --no-bias-correction", 2,
       "[sgd] has no option bias_correction"},
      {"train --data digits --model mlp --group *.b:lr=1", 2,
       "[adam] no trained parameter matches '*.b', there are 1.bias, 3.bias, 5.bias, 1.weight, "
       "3.weight, 5.weight"},
      {"train --data digits --group *.bias", 2,
       "[group *.bias] needs lr, lr-factor or weight-decay, as in '*.bias:lr=0.1'"},
      {"train --data digits --group *.bias:lr=1,momentum=2", 2,
       "[group *.bias] has no option 'momentum' at character 13; it takes lr, lr-factor, "
       "weight-decay"},
      {"train --data digits --ema 0.9 --swa 2", 2, "--ema cannot be combined with --swa"},
      {"train --data digits --swa 9 --epochs 4", 2, "--swa must be at most --epochs (4), got 9"},
      {"train --data digits --loss hinge --label-smoothing 0.1", 2,
       "--label-smoothing needs --loss cross-entropy, got hinge"},
      {"train --data digits --loss focal --focal-gamma 1 --label-smoothing 0.1", 2,
       "--label-smoothing needs --loss cross-entropy, got focal"},
      {"train --data digits --loss hinge --focal-gamma 1", 2,
       "--focal-gamma needs --loss focal, got hinge"},
      {"train --loss focal --focal-gamma -1", 2,
       "--focal-gamma must be 0 or more and finite, got '-1'"},
      {"train --data digits --drop-last --limit 100", 2,
       "--drop-last leaves no batch: --batch-size 128 is more than 100 samples"},
      {"train --data moons --channel-dropout 0.1", 2,
       "[mlp] the network has no convolution for channel_dropout 0.1"},
      {"train --data digits --model gru --drop-connect 0.1", 2,
       "[gru] the network has no hidden dense layer for drop_connect 0.1"},
      {"train --data digits --norm weight-std --drop-connect 0.1", 2,
       "[cnn-bn] drop_connect 0.1 cannot be combined with the weight normalization weight-std"},
      {"train --input-dropout 1", 2, "--input-dropout must be in [0, 1), got '1'"},
      {"train --data moons --model cnn", 2,
       "[cnn] 'conv 32 3x3' at character 1, input (2): needs images (C, H, W)"},
      {"train --data mnist --data-dir nowhere", 1, ""},
      {"train --data digits --resume x", 2,
       "--data cannot be combined with --resume: a resumed run keeps its options"},
      {"train --resume nowhere", 1, "nowhere: no such run folder"},
      {"evaluate", 2, "evaluate takes one run folder, got 0"},
      {"evaluate nowhere", 1, "nowhere: no such run folder"},
      {"inspect a b", 2, "inspect takes one run folder or --model NAME, got 2"},
      {"inspect", 2, "inspect takes one run folder or --model NAME"}};
  for (const Case& wrong : cases) {
    CAPTURE(wrong.line);
    const Process::Result result = run_gradus(wrong.line, folder);
    CHECK(result.code == wrong.code);
    CHECK(result.out == "");
    if (!wrong.error.empty()) CHECK(result.err == "error: " + wrong.error + "\n");
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK(is_empty(folder));
  }
}

TEST_CASE("With closed standard streams, printed text doesn't get into the files of a run") {
  const TemporaryFolder folder;
  const std::string train =
      GRADUS_PROGRAM " train --data digits --model mlp --limit 100 --epochs 1 --tensorboard --out ";
  REQUIRE(Process({"/bin/sh", "-c", train + "open >/dev/null 2>&1"}, folder.path()).wait().code ==
          0);
  Process({"/bin/sh", "-c", train + "closed <&- >&- 2>&-"}, folder.path()).wait();
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder.path("closed/tensorboard"))) {
    const std::string text = read_text(entry.path());
    CHECK(text.find("epoch 1") == std::string::npos);
    CHECK(text.find("error:") == std::string::npos);
  }
  CHECK(metric_rows(folder.path("closed")) == metric_rows(folder.path("open")));
}

TEST_CASE("Errors about unknown names list similar names, the nearest first") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"trian", "unknown command 'trian': did you mean train?"},
      {"train --data digits --model cnnb", "unknown model 'cnnb': did you mean cnn, cnn-bn, rnn?"},
      {"train --data digts", "unknown data set 'digts': did you mean digits?"},
      {"train --data digits --norm bach", "unknown normalization 'bach': did you mean batch?"},
      {"train --data digits --activation rel",
       "unknown activation 'rel': did you mean relu, relu6?"},
      {"train --data digits --init hee", "unknown initializer 'hee': did you mean he?"},
      {"train --data digits --loss cross", "unknown loss 'cross': did you mean cross-entropy?"},
      {"inspect --model lent", "unknown model 'lent': did you mean lenet?"}};
  for (const auto& entry : cases) {
    const auto& [line, error] = entry;
    CAPTURE(entry.first);
    const Process::Result result = run_gradus(line, folder);
    CHECK(result.code == 2);
    CHECK_MESSAGE(result.err.starts_with("error: " + error), result.err);
    CHECK(is_empty(folder));
  }
}

TEST_CASE("A run folder that can't be created or contains a run is an error before training") {
  const TemporaryFolder folder;
  folder.write("file", "not a folder");
  std::filesystem::create_directory(folder.path("run"));
  folder.write("run/config.json", "{}");
  const std::string train = "train --data digits --model mlp --limit 64 --epochs 1 --quiet --out ";

  const Process::Result in_file = run_gradus(train + "file/run", folder);
  CHECK(in_file.code == 1);
  CHECK(in_file.err == "error: file/run: the folder can't be made: Not a directory\n");
  const Process::Result taken = run_gradus(train + "run", folder);
  CHECK(taken.code == 1);
  CHECK(
      taken.err ==
      "error: run: already contains a run; choose another --out, or continue with --resume run\n");
  CHECK(read_text(folder.path("run/config.json")) == "{}");
}

TEST_CASE("A full disk leaves no folder at the start, and only complete files later") {
  const TemporaryFolder folder;
  const auto arguments =
      gradus_arguments("train --data digits --model mlp --limit 64 --epochs 1 --quiet --out a/run");
  const Process::Result full = Process(arguments, folder.path(), 200).wait();
  CHECK(full.code == 1);
  CHECK(full.err == "error: a/run/config.json: can't write: File too large\n");
  CHECK(is_empty(folder));

  const Process::Result later = Process(arguments, folder.path(), 100000).wait();
  CHECK(later.code == 1);
  CHECK(later.err == "error: a/run/checkpoint.next.safetensors: can't write: File too large\n");
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path("a/run")))
    files.push_back(entry.path().filename());
  std::sort(files.begin(), files.end());
  CHECK(files == std::vector<std::string>{"config.json", "curves.svg", "metrics.csv", "steps.csv"});
  CHECK(read_text(folder.path("a/run/steps.csv"))
            .starts_with("step,lr,loss,1.weight,1.bias,3.weight,3.bias,5.weight,5.bias\n1,"));
  CHECK(json_of_file(folder.path("a/run/config.json"))["epochs"] == 1);
}

TEST_CASE("An error while writing to standard output is reported") {
  const TemporaryFolder folder;
  const Process::Result result =
      Process({"/bin/sh", "-c", std::string(GRADUS_PROGRAM) + " inspect --model mlp >/dev/full"},
              folder.path())
          .wait();
  CHECK(result.code == 1);
  CHECK(result.err == "error: can't write to the standard output\n");
}

TEST_CASE("A loss that is NaN stops the run, and the error names step and layer") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      "train --data digits --model mlp --optimizer sgd --schedule constant --lr 1e30 --limit 256 "
      "--quiet --out run",
      folder);
  CHECK(result.code == 1);
  CHECK_MESSAGE(result.err.starts_with("error: the loss is NaN at step 2: layer "), result.err);
  CHECK(result.err.find("(128, ") != std::string::npos);
  CHECK(
      result.err.ends_with(" (now 1e+30), --warmup or --clip-norm may help; the run is in run\n"));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

namespace {

Process::Result run_with_kernels(const std::string& name, const std::string& command,
                                 const TemporaryFolder& folder) {
  return Process({"/bin/sh", "-c", fmt::format("GRADUS_CPU='{}' {}", name, command)}, folder.path())
      .wait();
}

}  // namespace

TEST_CASE("A wrong GRADUS_CPU ends every program before it works") {
  const TemporaryFolder folder;
  const auto check_refused = [&](const std::string& name, const std::string& message) {
    for (const char* command :
         {GRADUS_PROGRAM " --version", GRADUS_PROGRAM " train", CONFORMANCE}) {
      const Process::Result result = run_with_kernels(name, command, folder);
      CHECK(result.code == 2);
      CHECK(result.out.empty());
      CHECK(result.err == "error: " + message + "\n");
    }
  };
  CHECK(run_with_kernels("", GRADUS_PROGRAM " --version", folder).code == 0);
#if defined(GRADUS_PORTABLE)
  check_refused("avx", "unknown GRADUS_CPU 'avx': did you mean avx2, avx512?");
  CHECK(run_with_kernels("portable", GRADUS_PROGRAM " --version", folder).code == 0);
#if defined(__x86_64__)
  const Process::Result neon = run_with_kernels("neon", GRADUS_PROGRAM " --version", folder);
  CHECK(neon.code == 2);
  CHECK(neon.err.starts_with("error: GRADUS_CPU is 'neon', which this processor lacks; it has "));
  CHECK(neon.err.find("portable") != std::string::npos);
#endif
#else
  check_refused("avx2",
                "GRADUS_CPU is 'avx2', but this build is for one processor and has no choice; one "
                "by the preset portable has");
#endif
}

#if defined(GRADUS_PORTABLE)
TEST_CASE("All kernels of a portable build give the same bits") {
  const TemporaryFolder folder;
  for (const std::string model : {"mlp-bn", "cnn-bn", "lstm", "gru"}) {
    std::string steps;
    for (const std::string name : {"portable", "neon", "avx2", "emulated-avx512", "avx512"}) {
      CAPTURE(model);
      CAPTURE(name);
      const std::string out = model + "-" + name;
      const Process::Result result =
          run_with_kernels(name,
                           GRADUS_PROGRAM
                               " train --data digits --limit 40 --batch-size 20 --epochs 1 --quiet "
                               "--model " +
                               model + " --out " + out,
                           folder);
      if (result.err.find("which this processor lacks") != std::string::npos) continue;
      REQUIRE_MESSAGE(result.code == 0, result.err);
      const std::string own = read_text(folder.path(out + "/steps.csv"));
      if (steps.empty()) steps = own;
      CHECK(own == steps);
    }
  }
}
#endif

TEST_CASE("GRADUS_BLAS=openblas uses OpenBLAS for products, and other values are refused") {
  const TemporaryFolder folder;
  const auto train = [&](const std::string& library) {
    const std::string command = fmt::format(
        "GRADUS_BLAS='{}' {} train --data moons --model mlp --epochs 1 --quiet --out 'run{}'",
        library, GRADUS_PROGRAM, library);
    return Process({"/bin/sh", "-c", command}, folder.path()).wait();
  };
  const Process::Result wrong = train("mkl");
  CHECK(wrong.code == 1);
  CHECK(wrong.err == "error: GRADUS_BLAS must be openblas or not set, got 'mkl'\n");
  CHECK(train("").code == 0);
  const Process::Result result = train("openblas");
  CHECK_MESSAGE(result.code == 0, result.err);
  CHECK(read_text(folder.path("run/steps.csv")) != read_text(folder.path("runopenblas/steps.csv")));
}
