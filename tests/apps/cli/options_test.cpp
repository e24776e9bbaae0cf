// Options and parse: rules, loaded values, aliases.
#include "apps/gradus/cli/options.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/cli/parse.hpp"
#include "apps/gradus/run/config.hpp"

using namespace gradus;
using app::Arguments;

namespace {

// Some options with rules, bound to variables.
struct Sample {
  double rate = 0;
  std::optional<int64_t> patience;
  std::string kind = "plain", base, resume;
  bool fast = false, quiet = false;
  app::Options options{"sample [options]"};

  Sample() {
    options.add("rate X", &rate, "r",
                {.range = range::fraction, .needs = {"patience", "kind=very-fancy"}});
    options.add("patience N", &patience, "p", {.range = range::count, .aliases = {"wait-for"}});
    options.add("kind NAME", &kind, "",
                {.choices = {{"plain", ""}, {"very-fancy", "", {"fancy"}}}});
    options.add("fast", &fast, "", {.excludes = {"rate", "kind=very-fancy"}});
    options.add("base NAME", &base, "", {.loads = [](const std::string& name) {
                  if (name == "none") return app::Json::object();
                  return app::Json{{"rate", 0.5}, {"patience", 3}, {"fast", name == "wrong"}};
                }});
    options.add("resume RUN", &resume, "goes on",
                {.only_with = {"quiet"}, .reason = "it goes on as it was"});
    options.add("quiet", &quiet, "");
    options.answer({"loud"}, "it makes no noise");
  }
  app::CommandLine parse(const Arguments& words) { return app::parse(options, words); }
  void refuses(const Arguments& words, const char* error) {
    CHECK_THROWS_WITH_AS(Sample().parse(words), error, app::UsageError);
  }
};

// The configuration of train for these arguments.
app::Json config_of(const Arguments& words) {
  app::TrainConfig config;
  app::Options options("train [options]");
  add_train_options(options, config);
  app::parse(options, words);
  return to_json(config);
}

}  // namespace

TEST_CASE("An option is an error together with one it excludes and without one it needs") {
  Sample s;
  s.refuses({"--rate", "0.1"}, "--rate needs --patience or --kind very-fancy");
  s.refuses({"--fast", "--patience=1", "--rate=0.1"}, "--fast cannot be combined with --rate");
  s.refuses({"--fast", "--kind", "Fancy"}, "--fast cannot be combined with --kind very-fancy");
  s.refuses({"--resume=x", "--fast"},
            "--fast cannot be combined with --resume: it goes on as it was");
  s.refuses({"--rate", "1"}, "--rate must be in [0, 1), got '1'");
  CHECK_NOTHROW(Sample().parse({"--rate=0", "--fast"}));  // 0 means not set
  CHECK_NOTHROW(Sample().parse({"--rate=0.1", "--patience=1"}));
  CHECK_NOTHROW(Sample().parse({"--resume=x", "--quiet"}));
  CHECK(app::help(s.options, "rate") ==
        "  --rate X              r (default 0; needs --patience or --kind very-fancy; not\n"
        "                        with --fast)\n");
  CHECK(app::help(s.options, "resume") == "  --resume RUN          goes on (only with --quiet)\n");
  CHECK(app::help(s.options, "wait-for") == "  --patience N          p (also --wait-for)\n");
}

TEST_CASE("Given options override loaded values, and both are checked together") {
  Sample s;
  const app::CommandLine line = s.parse({"--patience", "7", "--base", "digits"});
  CHECK(s.rate == 0.5);
  CHECK(s.patience == 7);
  CHECK(line.given == std::vector<std::string>{"patience", "base"});
  CHECK(line.has("base"));
  CHECK(line.base["patience"] == 3);
  CHECK(line.base_source == "base digits");
  s.refuses({"--base", "wrong"}, "--fast cannot be combined with --rate");
  s.refuses({"--base", "none", "--rate=0.1"}, "--rate needs --patience or --kind very-fancy");
}

TEST_CASE("Aliases of options, and errors about options of other programs") {
  Sample s;
  s.parse({"--wait_for=2", "--kind", "VERY_FANCY"});
  CHECK(s.patience == 2);
  CHECK(s.kind == "very-fancy");
  s.refuses({"--loud"}, "unknown option --loud: it makes no noise");
  s.refuses({"--qiet"}, "unknown option --qiet: did you mean --quiet? see --help all");
  s.refuses({"--wait-fr"}, "unknown option --wait-fr: did you mean --wait-for? see --help all");
  s.refuses({"--zzz"}, "unknown option --zzz: see --help all");
  s.refuses({"--fast=yes"}, "--fast takes no value, got 'yes'");
  s.refuses({"--patience"}, "--patience needs a value");
  s.refuses({"--wait-for"}, "--wait-for needs a value");
  s.refuses({"--kind="}, "--kind needs a value");
  s.refuses({"--kind", ""}, "--kind needs a value");
}

TEST_CASE("train accepts the names of PyTorch, Keras and others, and stores its own names") {
  const app::Json config =
      config_of({"--learning_rate=0.5", "--bs", "16", "--wd=0.1", "--lr-scheduler",
                 "CosineAnnealingLR", "--optimizer=SGD", "--momentum=0.9", "--nesterov",
                 "--max_epochs", "2", "--activation=Swish", "--init", "kaiming_normal", "--loss",
                 "CrossEntropyLoss", "--dataset=FMNIST", "--max-grad-norm=1"});
  const app::Json expected{{"lr", 0.5},
                           {"batch_size", 16},
                           {"weight_decay", 0.1},
                           {"schedule", "cosine"},
                           {"optimizer", "sgd"},
                           {"momentum", 0.9},
                           {"nesterov", true},
                           {"epochs", 2},
                           {"activation", "silu"},
                           {"init", "he-normal"},
                           {"loss", "cross-entropy"},
                           {"data", "fashion-mnist"},
                           {"clip_norm", 1.0}};
  for (const auto& option : expected.items())
    CHECK_MESSAGE(config.at(option.key()) == option.value(), option.key());
  for (const auto& [given, kept] :
       {std::pair{"glorot", "xavier-uniform"}, std::pair{"He_Uniform", "he-uniform"},
        std::pair{"normal:std=1", "normal:std=1"}})
    CHECK(config_of({"--init", given}).at("init") == kept);
  CHECK(config_of({"--activation", "linear"}).at("activation") == "identity");
  CHECK(config_of({"--activation", "LeakyReLU"}).at("activation") == "leaky-relu");
}
