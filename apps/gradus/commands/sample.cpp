// sample_command: gradus sample, which writes text by a language model.
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/gradus/run/run_summary.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "train/prediction/text_generator.hpp"

namespace gradus::app {
namespace {

struct ContinuationLine {
  std::string prompt;
  int64_t length = 500, seed = 0;
  train::SamplingOptions sampling;
  std::optional<int64_t> threads;
};

Options options_of(ContinuationLine& line) {
  Options options("sample RUN [options]",
                  "Continues a text by a run's language model, token by token, and prints it.");
  options.group("Text");
  options.add("prompt TEXT", &line.prompt,
              "beginning of the text, which is printed too (default none: the model begins after a "
              "line break)");
  options.add("length N", &line.length, "number of tokens to add", {.range = range::count_or_zero});
  options.group("Sampling");
  options.add("temperature T", &line.sampling.temperature,
              "divides the scores: below 1 the text is more probable and less various; 0 always "
              "takes the most probable token",
              {.range = range::not_negative});
  options.add("top-k K", &line.sampling.top_k, "draw only among the K most probable tokens",
              {.range = range::count});
  options.add("top-p P", &line.sampling.top_p,
              "draw only among the most probable tokens that together have the probability P",
              {.range = {.low = 0, .high = 1, .excludes_low = true}});
  options.add("seed N", &line.seed, "random seed", {.range = range::seed});
  add_threads_option(options, line.threads);
  options.takes({1, 1, "one run folder"});
  options.example("gradus sample runs/gpt --prompt 'Once upon' --temperature 0.8",
                  "continue a text");
  options.example("gradus sample runs/gpt --temperature 0 --length 20",
                  "write what the model finds most probable");
  return options;
}

int execute(ContinuationLine& line, const CommandLine& words) {
  if (line.threads) set_num_threads(static_cast<int>(*line.threads));
  const RunFolder folder = RunFolder::open(words.operands[0]);
  if (task_of(folder.config()).kind != data::TargetKind::tokens)
    throw UsageError("sample needs a language model, but the task of {} is {}", folder.path(),
                     task_of(folder.config()).name);
  const InterruptScope interrupts;
  train::TextGenerator generator =
      as_usage([&] { return train::TextGenerator(folder.load_model(), line.prompt); });
  if (generator.length() + line.length > generator.context())
    fmt::print(stderr, "the model sees the last {} tokens: after them its window slides\n",
               generator.context());
  Rng rng = Streams(line.seed).sampling();
  fmt::print("{}", line.prompt);
  for (int64_t i = 0; i < line.length && InterruptScope::signal() == 0; ++i) {
    fmt::print("{}", generator.next(line.sampling, rng));
    std::fflush(stdout);
  }
  fmt::print("\n");
  const int signal = InterruptScope::signal();
  return signal == 0 ? 0 : 128 + signal;
}

}  // namespace

Command sample_command() {
  return make_command<ContinuationLine>(options_of, execute);
}

}  // namespace gradus::app
