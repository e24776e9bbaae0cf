// gradus train
#include <algorithm>
#include <filesystem>

#include "apps/gradus/commands.hpp"
#include "apps/gradus/errors.hpp"
#include "apps/gradus/interrupt.hpp"
#include "apps/gradus/preview.hpp"
#include "apps/gradus/progress.hpp"
#include "apps/gradus/run_folder.hpp"
#include "apps/gradus/scores.hpp"
#include "apps/gradus/teacher.hpp"
#include "core/file.hpp"
#include "core/parallel.hpp"

namespace gradus::app {
namespace {

struct CommandLine {
  TrainConfig config;
  std::string out, resume;
  bool quiet = false, preview_schedule = false;
};

// Whether there is something to do: no help was asked for.
bool parse(const Arguments& arguments, CommandLine& line) {
  Options options("train [options]", "Trains a classifier and saves it in a run folder.");
  add_train_options(options, line.config);
  options.add("out", "DIR", &line.out, "the run folder (default runs/DATA-MODEL-1, -2, …)");
  options.add("resume", "DIR", &line.resume,
              "go on with an interrupted run, with the options it was started with");
  options.add("quiet", "", &line.quiet, "print nothing but errors and the result");
  options.add("preview-schedule", "", &line.preview_schedule,
              "only draw the schedule, here and as schedule.svg in --out or the current folder");
  const std::vector<std::string> rest = options.parse(arguments);
  if (options.given("help")) {
    fmt::print("{}", options.help());
    return false;
  }
  if (!rest.empty())
    throw UsageError(fmt::format("unexpected '{}': train takes options only", rest[0]));
  if (!options.given("resume")) return true;
  for (const std::string& name : options.given()) {
    const auto changeable = {"resume", "threads", "data-dir", "quiet"};
    if (std::find(changeable.begin(), changeable.end(), name) == changeable.end())
      throw UsageError(fmt::format(
          "--{} doesn't go with --resume: a run goes on with the options it was started with",
          name));
  }
  return true;
}

// Everything that a training needs, checked before anything is written.
struct Session {
  explicit Session(TrainConfig given)
      : config(std::move(given)),
        data(load_data(config)),
        description(describe_model(config, data.train)),
        model(build_model(description, Streams(config.seed).weights())),
        optimizer(build_optimizer(config, model.parameters())),
        task{.model = model,
             .optimizer = *optimizer,
             .schedule = {},
             .loss = build_loss(config),
             .rules = build_rules(config, model),
             .early_stopping = early_stopping(config),
             .train = data.train,
             .validation = data.validation,
             .epochs = *config.epochs,
             .batch_size = config.batch_size * config.accumulate,
             .micro_batch = config.batch_size,
             .drop_last = config.drop_last,
             .balanced = config.balanced,
             .augmentation = build_augmentation(config, data.train),
             .average = build_average(config, model.state_dict()),
             .average_from = config.swa,
             .order = Streams(config.seed).order(),
             .mix = build_mix(config),
             .mixing = Streams(config.seed).mixing(),
             .distillation = build_distillation(config)} {
    const int64_t steps = task.steps_per_epoch();
    if (steps == 0)
      throw UsageError(fmt::format("--drop-last leaves no batch: --batch-size {}, {} images",
                                   task.batch_size, data.train.size()));
    task.schedule = build_schedule(config, *config.epochs * steps);
    try_momentum();
    if (!config.teacher.empty()) {
      config.teacher = std::filesystem::absolute(config.teacher).lexically_normal().string();
      task.teacher = load_teacher(config.teacher, data.train);
    }
    try_smallest_batch();
  }

  // A momentum that the optimizer can't be told is better found now than in the midst of training.
  void try_momentum() {
    if (task.schedule.sets_momentum())
      as_usage([&] { build_optimizer(config, model.parameters())->set_momentum(0); });
  }

  // A batch that the model can't take is better found now than at the end of the epoch.
  void try_smallest_batch() const {
    const int64_t size = data.train.size(), rest = size % config.batch_size;
    const int64_t smallest =
        rest == 0 || config.drop_last ? std::min(size, config.batch_size) : rest;
    as_usage([&] {
      layers::Sequential trial = model;
      const data::Batch batch = data.train.batch(0, smallest);
      Rng rng = task.mixing;
      if (task.mix) task.mix(batch, rng);
      task.loss(trial(batch.images), batch.labels);
    });
  }

  const char* judge() const { return config.val_split > 0 ? "held-out" : "test"; }

  TrainConfig config;
  RunData data;
  ModelDescription description;
  layers::Sequential model;
  std::unique_ptr<optim::Optimizer> optimizer;
  TrainingTask task;
  TrainingState state;
};

void print_banner(const Session& session, const RunFolder& folder) {
  const RunData& data = session.data;
  if (!data.note.empty()) print_line(data.note);
  layers::Module& model = session.task.model;
  print_line(fmt::format("{}: {} images to train, {} to test; {}, {} parameters; {} {}; into {}",
                         data.name, data.train.size(), data.test.size(), session.config.model,
                         model.parameter_count(), num_threads(),
                         num_threads() == 1 ? "thread" : "threads", folder.path()));
}

Json make_report(const Session& session, const Scores& test, const Json& criteria) {
  const std::vector<EpochRecord>& history = session.state.history;
  double seconds = 0;
  for (const EpochRecord& record : history) seconds += record.seconds;
  return {{"test_accuracy", test.accuracy},
          {"test_loss", test.loss},
          {"train_seconds", seconds},
          {"epochs", history.size()},
          {"best_epoch", history[best_epoch(history)].epoch},
          {"best_epoch_chosen_on", session.judge()},
          {"parameters", session.task.model.parameter_count()},
          {"seed", session.config.seed},
          {"data", session.data.name},
          {"model", session.config.model},
          {"threads", num_threads()},
          {"information_criteria", criteria},
          {"classes", to_json(test.classes)},
          {"confusion_matrix", to_json(test.confusion)}};
}

void finish(Session& session, const RunFolder& folder) {
  folder.load_best(session.model);
  const Scores test = score(session.model, session.task.loss, session.data.test);
  const Json report =
      make_report(session, test, information_criteria(session.model, session.data.train));
  folder.write_report(report);
  print_line(fmt::format(
      "test accuracy {:.2f} %, loss {:.4f} (epoch {}, the best on the {} set); {} of training",
      100 * test.accuracy, test.loss, report["best_epoch"].get<int64_t>(), session.judge(),
      duration(report["train_seconds"])));
  print_line(fmt::format("the run is in {}", folder.path()));
}

int run(Session& session, const RunFolder& folder, bool quiet) {
  Progress progress(session.task, session.judge(), quiet);
  TrainingState& state = session.state;
  const auto after_epoch = [&] {
    if (best_epoch(state.history) + 1 == state.history.size())
      session.task.with_average([&] { folder.write_best(session.model, session.description); });
    folder.write_history(state.history);
    folder.write_checkpoint(session.task, state, session.description);
    progress.after_epoch(state);
  };
  const TrainingObserver observer{.after_step = [&] { progress.after_step(state); },
                                  .after_epoch = after_epoch,
                                  .should_stop = [] { return InterruptScope::signal() != 0; }};
  bool finished = false;
  try {
    finished = train(session.task, state, observer);
  } catch (const DivergedError& error) {
    progress.clear();
    folder.write_history(state.history);
    throw std::runtime_error(fmt::format("{}; a smaller --lr may help, what was reached is in {}",
                                         error.what(), folder.path()));
  }
  if (finished) {
    if (static_cast<int64_t>(state.history.size()) < session.task.epochs && !quiet)
      print_line(fmt::format("stopped early: {} epochs without a higher accuracy",
                             *session.config.patience));
    finish(session, folder);
    return 0;
  }
  progress.clear();
  folder.write_history(state.history);
  folder.write_checkpoint(session.task, state, session.description);
  print_line(fmt::format("stopped after step {}; gradus train --resume {} goes on",
                         session.optimizer->steps(), folder.path()));
  return 128 + InterruptScope::signal();
}

int start(const CommandLine& line) {
  Session session(line.config);
  session.config.threads = num_threads();
  const InterruptScope interrupts;
  const RunFolder folder = RunFolder::create(
      line.out, fmt::format("{}-{}", data_label(session.data.name), session.config.model),
      to_json(session.config));
  if (!line.quiet) print_banner(session, folder);
  return run(session, folder, line.quiet);
}

int preview(const CommandLine& line) {
  const Session session(line.config);
  const TrainingTask& task = session.task;
  const SchedulePictures pictures = draw({.name = session.config.schedule,
                                          .schedule = task.schedule,
                                          .epochs = task.epochs,
                                          .steps_per_epoch = task.steps_per_epoch()});
  const std::filesystem::path folder = line.out;
  if (!line.out.empty()) std::filesystem::create_directories(folder);
  const std::string path = (folder / "schedule.svg").string();
  write_file_atomically(path, pictures.svg);
  fmt::print("{}", pictures.text);
  print_line(fmt::format("drawn in {}", path));
  return 0;
}

int resume(const CommandLine& line) {
  const RunFolder folder = RunFolder::open(line.resume);
  if (folder.is_finished()) file_error(folder.path(), "the run is finished; --out starts another");
  TrainConfig config = train_config_from_json(folder.config());
  if (!line.config.threads)
    set_num_threads(static_cast<int>(config.threads.value_or(num_threads())));
  if (!line.config.data_dir.empty()) config.data_dir = line.config.data_dir;
  config.init.clear();  // the weights are in the checkpoint, whatever became of a pretrained file
  Session session(config);
  session.state = folder.read_checkpoint(session.task);
  const InterruptScope interrupts;
  if (!line.quiet) print_banner(session, folder);
  return run(session, folder, line.quiet);
}

}  // namespace

int train_command(const Arguments& arguments) {
  CommandLine line;
  if (!parse(arguments, line)) return 0;
  if (line.config.threads) set_num_threads(static_cast<int>(*line.config.threads));
  if (line.preview_schedule) return preview(line);
  return line.resume.empty() ? start(line) : resume(line);
}

}  // namespace gradus::app
