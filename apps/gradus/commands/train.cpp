// train_command: gradus train, which trains a classifier.
#include <filesystem>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/report/model_pictures.hpp"
#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/run/expectation.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/report_page.hpp"
#include "apps/gradus/run/run_group.hpp"
#include "apps/gradus/run/training_run.hpp"
#include "core/interrupt.hpp"
#include "core/io/file.hpp"
#include "core/parallel.hpp"
#include "core/text/duration.hpp"
#include "train/calibration.hpp"
#include "train/history.hpp"

namespace gradus::app {
namespace {

struct TrainLine {
  TrainConfig config;
  std::string preset, config_file, out, resume, time_limit, checkpoint_every = "5m";
  Json origins;
  TrainingRunOptions training_run;
  std::optional<int64_t> folds, seeds, jobs;
  bool preview_schedule = false, keep_checkpoints = false;
  std::string expect;
  std::vector<Bound> bounds;  // of `expect`
};

// The options of a finished run.
Json extended_values(const std::string& path) {
  const RunFolder run = RunFolder::open(path);
  if (run.divergence()) file_error(path, "the run diverged, so it can't be extended");
  if (!run.is_finished()) file_error(path, "the run isn't finished; --resume continues it");
  return config_values(path);
}

void add_base_options(Options& options, TrainLine& line) {
  options.group("Recipe", "options to start from: --preset, --config");
  add_preset_option(options, line.preset);
  options.add(
      "config FILE|RUN", &line.config_file,
      "config.json of a run, or its folder, to start from; command-line options override it",
      {.excludes = {"preset"}, .loads = config_values});
  options.add(
      "extend RUN", &line.config.extended.path,
      "train a finished run for --epochs more epochs, in a new run: from the last checkpoint "
      "if it was kept, else from the weights with a new optimizer",
      {.only_with = {"epochs", "lr", "schedule", "warmup", "out", "threads", "data-dir", "quiet",
                     "time-limit", "until-epoch", "checkpoint-every", "expect", "keep-checkpoints",
                     "tensorboard", "watch-test", "preview-schedule"},
       .reason = "the run keeps its other options",
       .loads = extended_values});
}

void add_run_options(Options& options, TrainLine& line) {
  options.add("out DIR", &line.out, "run folder (default runs/DATA-MODEL-1, -2, …)");
  options.add("resume RUN", &line.resume, "resume an interrupted run",
              {.only_with = {"threads", "data-dir", "quiet", "time-limit", "until-epoch",
                             "checkpoint-every", "expect", "keep-checkpoints", "jobs"},
               .reason = "a resumed run keeps its options"});
  options.add("time-limit TIME", &line.time_limit,
              "stop after this time, such as 90s, 10m or 1h30m; --resume continues (default none)");
  options.add("until-epoch N", &line.training_run.until_epoch,
              "stop after this epoch; --resume continues (default the last of --epochs)",
              {.range = range::count});
  options.add("checkpoint-every TIME", &line.checkpoint_every,
              "longest time between checkpoints; one is also written after each epoch");
  const Texts one_run{"resume", "until-epoch", "time-limit", "preview-schedule", "fold"};
  options.add("folds K", &line.folds,
              "train K runs, each tested on one of K stratified parts of the training set and "
              "trained on the others; their folder has mean, deviation and interval of each score",
              {.range = range::at_least_two, .excludes = one_run});
  options.add("seeds N", &line.seeds,
              "train N runs with the seeds from --seed on (default from 1 on), in one folder",
              {.range = range::at_least_two, .excludes = one_run});
  options["seeds"].excludes.push_back("folds");
  options.add("jobs J", &line.jobs,
              "number of parallel runs of --folds and --seeds, which share the threads (default 1)",
              {.range = range::thread_count, .needs = {"folds", "seeds", "resume"}});
  options.add("keep-checkpoints", &line.keep_checkpoints,
              "keep the last checkpoints when the run is finished");
  options.add("expect BOUNDS", &line.expect,
              "what the run must reach, as in 'test_accuracy>=.9,train_seconds<=20', with names "
              "from report.json; the exit code is 3 if it doesn't");
  options.add("quiet", &line.training_run.quiet, "print only errors and the result");
  options.add(
      "preview-schedule", &line.preview_schedule,
      "don't train; print the schedule and draw schedule.svg in --out or the current folder");
}

double seconds_of(const char* option, const std::string& text) {
  const std::optional<double> seconds = parse_duration(text);
  if (!seconds)
    throw UsageError("--{} must be a time such as 90s, 10m or 1h30m, got '{}'", option, text);
  return *seconds;
}

Options options_of(TrainLine& line) {
  Options options("train [options]", "Trains a classifier and saves it in a run folder.");
  add_base_options(options, line);
  add_train_options(options, line.config);
  add_run_options(options, line);
  options.example("gradus train --data digits --epochs 10 --out runs/digits",
                  "train the default network on the built-in digits");
  options.example("gradus train --model lenet --norm batch --optimizer sgd --momentum 0.9",
                  "train LeNet with batch normalization by SGD, on MNIST if it is found");
  return options;
}

void print_banner(const TrainingSetup& setup, const RunFolder& folder) {
  const RunData& data = setup.data;
  for (const std::string& note : data.notes) print_line(note);
  layers::Module& model = setup.training.model;
  const bool is_held_out = data.validation && !setup.config.options.validates_on_test();
  print_line(fmt::format(
      "{}: {} to train, {}{} to test; {}, {}; {}; into {}", data.name,
      counted(data.train.size(), "sample"),
      is_held_out ? fmt::format("{} to validate, ", data.validation->size()) : "", data.test.size(),
      setup.config.options.model, counted(model.parameter_count(), "parameter"),
      counted(num_threads(), "thread"), folder.path()));
}

Json make_report(const TrainingSetup& setup) {
  const train::History& history = setup.state.history;
  Json chosen_on;
  if (setup.data.validation)
    chosen_on = setup.config.options.validates_on_test() ? "test" : "validation";
  return {{"train_seconds", train::training_seconds(history)},
          {"epochs", history.size()},
          {"best_epoch", history.empty() ? 0 : history[setup.training.best_epoch(history)].epoch},
          {"best_epoch_chosen_on", chosen_on},
          {"parameters", setup.training.model.parameter_count()},
          {"seed", setup.config.options.seed},
          {"task", setup.config.options.task},
          {"data", setup.data.name},
          {"model", setup.config.options.model},
          {"threads", num_threads()}};
}

void print_pictures(const TrainingSetup& setup, const JudgedModel& judged) {
  const std::string losses = loss_blocks(setup.state.history, terminal_width());
  if (!losses.empty()) fmt::print("\n{}\n", losses);
  fmt::print("{}", report_of(judged.task().kind).text(judged, terminal_width(), true));
}

// 3, after a line about the bounds that don't hold, or 0.
int exit_code_of(const TrainLine& line, const Json& report) {
  const std::string broken = broken_bounds(line.bounds, report);
  if (broken.empty()) return 0;
  std::fflush(stdout);
  fmt::print(stderr, "error: {}\n", printable(broken, longest_message));
  return expectation_exit_code;
}

// By the validation set if there is one, which chose the weights but not the interval.
std::vector<double> error_bounds_of(TrainingSetup& setup, const JudgedModel& judged) {
  if (!setup.data.validation)
    return train::error_bounds(judged.data.targets(), judged.evaluation.predictions);
  const train::Evaluation validated =
      train::evaluate(setup.model, *setup.data.validation, {.loss = setup.training.loss});
  return train::error_bounds(setup.data.validation->targets(), validated.predictions);
}

// Returns the exit code.
int finish(TrainingSetup& setup, const RunFolder& folder, TrainingRun& training_run,
           const TrainLine& line) {
  if (!setup.state.best.empty()) setup.model.load_state_dict(setup.state.best);
  train::ModelDescription description = setup.config.model;
  if (setup.config.options.calibrate) {
    const train::Evaluation validated =
        train::evaluate(setup.model, *setup.data.validation, {.keep_outputs = true});
    description.temperature =
        train::fit_temperature(validated.outputs, setup.data.validation->labels());
    train::append_temperature(setup.model, description.temperature);
  }
  const bool tests = !setup.config.options.no_test;
  const data::Dataset& shown = tests ? setup.data.test : *setup.data.validation;
  const Rng resampling = Streams(setup.config.options.seed).resampling();
  JudgedModel judged =
      judge(setup.model, shown, tests ? "test" : "validation", setup.training.loss, resampling);
  const bool are_classes = judged.task().kind == data::TargetKind::classes;
  if (are_classes)
    judged.mistakes = mistake_sheet(
        shown, train::find_mistakes(setup.model, shown, judged.evaluation.predictions));
  if (judged.task().kind == data::TargetKind::numbers && setup.training.loss.is_central)
    description.targets.error_bounds = error_bounds_of(setup, judged);
  folder.write_best(setup.model.state_dict(), description);
  if (setup.data.table) folder.write_row_hashes(setup.data.table->row_hashes);
  Json report = make_report(setup);
  if (folder.config().contains("extends")) report["extends"] = folder.config().at("extends");
  if (setup.config.options.calibrate) report["temperature"] = description.temperature;
  if (are_classes)
    report["information_criteria"] =
        to_json(train::information_criteria(setup.model, setup.data.train));
  if (tests) {
    report["test_loss"] = judged.evaluation.loss;
    report.update(to_json(judged.scores, "test_"));
    report_of(judged.task().kind).add_to(report, judged);
    folder.write_test(shown.targets(), judged.evaluation.predictions, judged.judged);
  }
  ColumnReport columns;
  if (setup.data.table) {
    columns = column_report(setup.model, judged, setup.data.table->inputs.encoding,
                            setup.training.loss, Streams(setup.config.options.seed).shuffles());
    report["importance"] = columns.json();
  }
  const FinishedRun run{.setup = setup,
                        .config = folder.config(),
                        .report = report,
                        .judged = judged,
                        .steps = training_run.step_losses(),
                        .boundary = training_run.boundary(report.at("best_epoch")),
                        .filters = first_layer_filters(setup.model, shown.sample_shape()),
                        .columns = columns};
  training_run.log_images({{"mistakes", judged.mistakes}, {"filters", run.filters}});
  for (const RunFile& file : draw(run)) folder.write(file.name.c_str(), file.content);
  folder.write_report(report);  // last: it marks the run as finished
  if (!line.keep_checkpoints) folder.remove_checkpoints();
  if (!line.training_run.quiet) print_pictures(setup, judged);
  print_line(fmt::format("{} {}; weights of {}; training time {}", judged.set_name,
                         judged.summary(), origin_of_weights(report),
                         duration(report["train_seconds"])));
  if (const std::string text = columns.line(judged.task().score);
      !text.empty() && !line.training_run.quiet)
    print_line(text);
  print_line(fmt::format("the run is in {}", folder.path()));
  return exit_code_of(line, report);
}

int run(TrainingSetup& setup, RunFolder& folder, train::CheckpointFolder checkpoints,
        const TrainLine& line) {
  TrainingRun training_run(setup, folder, std::move(checkpoints), line.training_run);
  if (const int64_t missing = training_run.missing_steps(); missing > 0)
    print_line(fmt::format("{}: the rows of {} are missing; gradus replay can't check this run",
                           folder.step_log(), counted(missing, "step")));
  if (training_run.train()) {
    const int64_t epochs = std::ssize(setup.state.history);
    if (epochs < setup.training.epochs && !line.training_run.quiet)
      print_line(fmt::format(
          "stopped early: {} without a {}", counted(*setup.config.options.patience, "epoch"),
          train::task_of(setup.data.train).chooses_by_score ? "higher accuracy"
                                                            : "lower validation loss"));
    return finish(setup, folder, training_run, line);
  }
  training_run.save();
  print_line(fmt::format("stopped after step {}{}; gradus train --resume {} continues",
                         setup.training.steps(), training_run.reason(), folder.path()));
  const int signal = InterruptScope::signal();
  return signal == 0 ? 0 : 128 + signal;
}

// "digits-mlp", "mnist-fast", "digits-network", "digits-mlp-1-extended".
std::string run_name(const TrainLine& line, const TrainingSetup& setup) {
  if (const std::string& run = line.config.extended.path; !run.empty())
    return std::filesystem::path(run).filename().string() + "-extended";
  if (!line.preset.empty()) return line.preset;
  return fmt::format("{}-{}", data_label(setup.data.name), model_label(setup.config.options.model));
}

int start(const TrainLine& line) {
  TrainingSetup setup(line.config);
  const InterruptScope interrupts;
  Json config = to_json(setup.config.options);
  config["origins"] = line.origins;
  config["format"] = line.config.format;
  config["numerics"] = numerics;
  config["versions"] = versions();
  config["checksums"] = checksums(setup.data);
  const ExtendedRun& extended = line.config.extended;
  const int64_t steps_before = setup.training.steps_before;
  if (!extended.path.empty())
    config["extends"] = {
        {"run", extended.path}, {"epochs", extended.epochs}, {"steps", steps_before}};
  RunFolder folder = RunFolder::create(line.out, run_name(line, setup), config);
  if (!line.training_run.quiet) print_banner(setup, folder);
  if (!extended.path.empty())
    print_line(
        fmt::format("{} was trained for {}; {}", extended.path, counted(extended.epochs, "epoch"),
                    steps_before > 0 ? "its optimizer continues"
                                     : "it has no checkpoint, so the optimizer starts anew"));
  return run(setup, folder, folder.checkpoints(setup.config.model), line);
}

// Trains what is missing and writes the report and the page. Returns the exit code.
int run(const RunGroup& group, const TrainLine& line) {
  const InterruptScope interrupts;
  if (!train_group(group, {.jobs = line.jobs.value_or(1),
                           .threads = num_threads(),
                           .quiet = line.training_run.quiet})) {
    print_line(fmt::format("stopped; gradus train --resume {} continues", group.path));
    return 128 + InterruptScope::signal();
  }
  const Json report = group_report(group);
  const std::filesystem::path folder = group.path;
  write_file_atomically((folder / "report.html").string(), group_page(group, report));
  write_file_atomically((folder / "report.json").string(), report.dump(2) + '\n');
  const train::EpochScore& score = task_of(read_run(group.paths()[0]).config).score;
  const ScoredSet set = scored_set(report, score);
  if (const std::string name = set.prefix + score.name; report.contains(name)) {
    const auto text = [&](const Json& value) {
      const std::string percent = score.text(value.get<double>());
      return percent.substr(0, percent.find(' '));
    };
    const Json& interval = report[name + "_interval"];
    print_line(fmt::format("{} {} {} (deviation {}, 95 % interval {} to {}), mean of {}", set.name,
                           score.title, score.text(report[name].get<double>()),
                           text(report[name + "_deviation"]), text(interval[0]), text(interval[1]),
                           counted(group.count, group.kind)));
  }
  print_line(fmt::format("the runs are in {}", group.path));
  return exit_code_of(line, report);
}

int start_group(TrainLine& line, bool has_seed) {
  if (line.seeds && !has_seed) line.config.seed = 1;
  TrainConfig first = line.config;
  if (line.folds) first.fold = fmt::format("1/{}", *line.folds);
  const TrainingSetup setup(first);  // refuses what the runs would refuse
  const std::string kind = line.folds ? "fold" : "seed";
  const RunGroup group =
      create_group(line.out, fmt::format("{}-{}s", run_name(line, setup), kind), kind,
                   line.folds ? *line.folds : *line.seeds, to_json(line.config));
  if (!line.training_run.quiet)
    print_line(fmt::format("{}: {} of {}; into {}", setup.data.name,
                           counted(group.count, group.kind), setup.config.options.model,
                           group.path));
  return run(group, line);
}

int preview(const TrainLine& line) {
  const TrainingSetup setup(line.config);
  const train::Training& training = setup.training;
  const SchedulePictures drawn = draw({.name = setup.config.options.schedule,
                                       .schedule = training.schedule,
                                       .epochs = training.epochs,
                                       .steps_per_epoch = training.steps_per_epoch(),
                                       .steps = training.all_steps()});
  if (drawn.charts.empty()) throw UsageError("--preview-schedule needs --epochs above 0");
  if (!line.out.empty()) make_folders(line.out);
  const std::string path = (std::filesystem::path(line.out) / "schedule.svg").string();
  write_file_atomically(path, pictures::render(drawn.charts));
  fmt::print("{}", drawn.text);
  print_line(fmt::format("the picture is in {}", path));
  return 0;
}

int resume(const TrainLine& line) {
  RunFolder folder = RunFolder::open_to_write(line.resume);
  if (folder.is_finished())
    file_error(folder.path(), "the run is finished; --out starts another run");
  if (const std::optional<std::string> why = folder.divergence())
    file_error(folder.path(), "the run diverged: {}; --out starts another run", *why);
  TrainConfig config = folder.options();
  if (!line.config.threads)
    set_num_threads(static_cast<int>(config.threads.value_or(num_threads())));
  if (!line.config.data_dir.empty()) config.data_dir = line.config.data_dir;
  // The weights are in the checkpoint; a pretrained file or extended run may not exist any more.
  const bool has_checkpoint = folder.checkpoints({}).has_checkpoint();
  if (has_checkpoint) {
    config.init.clear();
    config.extended.path.clear();
  }
  TrainingSetup setup(config);
  train::CheckpointFolder checkpoints = folder.checkpoints(setup.config.model);
  require_same_data(folder.path(), folder.config(), setup.data);
  if (has_checkpoint) {
    train::RestoredTraining restored = checkpoints.read(setup.training);
    setup.state = std::move(restored.state);
    if (!restored.note.empty()) print_line(restored.note);
    if (!setup.state.best.empty()) folder.write_best(setup.state.best, setup.config.model);
  }
  const InterruptScope interrupts;
  if (!line.training_run.quiet) print_banner(setup, folder);
  return run(setup, folder, std::move(checkpoints), line);
}

// Fills in what the run that is extended determines besides its options.
void prepare_extension(TrainLine& line, bool has_schedule) {
  ExtendedRun& extended = line.config.extended;
  const RunFolder run = RunFolder::open(extended.path);
  const TrainConfig options = run.options();
  const std::string report = run.file("report.json");
  extended.epochs = options.extended.epochs + of_file(report, [&] {
                      return whole_number(read_json(report).at("epochs"), 0, largest_count);
                    });
  extended.path = std::filesystem::absolute(extended.path).lexically_normal().string();
  line.config.format = options.format;
  line.config.init.clear();
  if (has_schedule)  // the other one's options
    for (auto& [name, flag] : line.config.schedule_flags)
      std::visit([](auto& value) { value = {}; }, flag);
}

int execute(TrainLine& line, const CommandLine& words) {
  line.origins = origins(words);
  line.training_run.checkpoint_every = seconds_of("checkpoint-every", line.checkpoint_every);
  if (!line.time_limit.empty())
    line.training_run.time_limit = seconds_of("time-limit", line.time_limit);
  if (!line.expect.empty()) line.bounds = parse_bounds(line.expect);
  for (const Bound& bound : line.bounds) require_known(bound, !line.config.no_test);
  if (line.config.threads) set_num_threads(static_cast<int>(*line.config.threads));
  if (line.jobs.value_or(1) > num_threads())
    throw UsageError("--jobs must be at most --threads ({}), got {}", num_threads(), *line.jobs);
  if (!line.config.extended.path.empty()) prepare_extension(line, words.has("schedule"));
  if (line.preview_schedule) return preview(line);
  if (line.folds || line.seeds) return start_group(line, words.has("seed"));
  if (is_group(line.resume)) return run(open_group(line.resume, true), line);
  return line.resume.empty() ? start(line) : resume(line);
}

}  // namespace

Command train_command() {
  return make_command<TrainLine>(options_of, execute);
}

}  // namespace gradus::app
