#include "apps/gradus/run/report_page.hpp"

#include <nlohmann/json.hpp>

#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/report/model_pictures.hpp"
#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/pictures/markup.hpp"
#include "apps/pictures/table.hpp"
#include "core/text/duration.hpp"

namespace gradus::app {
namespace {

using pictures::escaped;
using pictures::Table;

// The preset that set the model, or the model.
std::string model_title(const FinishedRun& run) {
  const Json origins = run.config.value("origins", Json::object());
  const std::string origin = origins.value("model", ""), preset = "preset ";
  return origin.starts_with(preset) ? origin.substr(preset.size())
                                    : model_label(run.setup.config.options.model);
}

std::string facts(const FinishedRun& run) {
  const Json& report = run.report;
  const std::string& model = run.setup.config.options.model;
  std::string rows;
  const auto add = [&](const char* name, const std::string& value) {
    rows += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", name, escaped(value));
  };
  add("data", text_of(report.at("data")));
  add("model", fmt::format("{}, {} parameters", model_title(run), report.at("parameters").dump()));
  const train::EpochScore& score = run.judged.task().score;
  add(score.title,
      fmt::format("{} of {}, loss {:.4f}", score.text(run.judged.evaluation.score),
                  counted(run.judged.evaluation.samples, run.judged.set_name + " sample"),
                  run.judged.evaluation.loss));
  add("epochs", fmt::format("{}; the weights are those of {}", report.at("epochs").dump(),
                            origin_of_weights(report)));
  if (report.contains("extends"))
    add("extends", fmt::format("{} after {} epochs", text_of(report["extends"]["run"]),
                               text_of(report["extends"]["epochs"])));
  add("training time", duration(report.at("train_seconds")));
  add("seed", report.at("seed").dump());
  add("threads", report.at("threads").dump());
  const std::string network = model_label(model) == model ? "" : "The network: " + escaped(model);
  return pictures::scrolling(fmt::format("<table>\n{}</table>\n", rows)) +
         (network.empty() ? "" : fmt::format("<p>{}</p>\n", network));
}

// Whether a value of config.json is an option that is set.
bool is_set(const Json& value) {
  return !(value.is_structured() || value.is_null() || value == false || value == "");
}

std::string options(const Json& config) {
  const Json origins = config.value("origins", Json::object());
  Table chosen{"Chosen options", {"option", "value", "origin"}};
  Table left{"Options with default values", {"option", "value"}};
  for (const auto& [name, value] : config.items()) {
    if (!is_set(value)) continue;
    const std::string origin = origins.value(name, "default");
    if (origin == "default")
      left.rows.push_back({"--" + option_name(name), text_of(value)});
    else
      chosen.rows.push_back({"--" + option_name(name), text_of(value), origin});
  }
  return fmt::format("{}<details><summary>{}</summary>\n{}</details>\n",
                     chosen.rows.empty() ? "" : to_html(chosen), left.title, to_html(left));
}

// The schedule over the epochs of the training, with the losses that were reported to it.
SchedulePreview used_schedule(const TrainingSetup& setup) {
  const int64_t steps = setup.training.steps_per_epoch();
  SchedulePreview result{.name = setup.config.options.schedule,
                         .schedule = build_schedule(setup.config),
                         .epochs = std::ssize(setup.state.history),
                         .steps_per_epoch = steps,
                         .steps = setup.training.steps()};
  for (const train::EpochRecord& record : setup.state.history)
    result.losses.push_back(setup.training.validation ? record.val_loss : record.train_loss);
  return result;
}

void add_curves(RunPage& page, const FinishedRun& run) {
  std::string charts;
  for (const pictures::Chart& chart :
       curves(as_meant(run.setup.state.history, run.config), run.judged.task().score, run.steps))
    charts += pictures::render({chart});
  const std::vector<pictures::Chart> schedule = draw(used_schedule(run.setup)).charts;
  if (!schedule.empty()) page.files.push_back({"schedule.svg", pictures::render(schedule)});
  for (const pictures::Chart& chart : schedule) charts += pictures::render({chart});
  page.section("Learning curves", pictures::side_by_side(charts));
}

void add_boundary(RunPage& page, const FinishedRun& run) {
  if (run.boundary)
    page.picture("Decision boundary", "boundary.svg",
                 "Regions have the colour of the most probable class, the fainter the less "
                 "probable it is; dots are training samples with their true class, at most 400. "
                 "The features are those of the data, before any normalization.",
                 render(*run.boundary));
}

void add_layers(RunPage& page, const FinishedRun& run) {
  if (run.filters)
    page.picture("Filters of the first layer", "filters.svg",
                 "One picture for each output of the first layer: bright pixels of an image raise "
                 "the output where its weights are positive, and lower it where they are negative.",
                 render(*run.filters));
  const train::Training& training = run.setup.training;
  const data::Batch batch = train::diagnostic_batch(training);
  const auto groups = layer_histograms(train::diagnose(training.model, training.loss, batch));
  if (!groups.empty())
    page.picture("Weights, activations and gradients", "histograms.svg",
                 fmt::format("Histograms of each layer for {} training samples in training mode. "
                             "Each is scaled to its highest bin.",
                             batch.inputs.size(0)),
                 render(groups));
}

}  // namespace

std::string origin_of_weights(const Json& report) {
  if (report.at("epochs") == 0) return "the initialization";
  const Json chosen_on = report.value("best_epoch_chosen_on", Json());
  if (chosen_on.is_null()) return "the last epoch";
  return fmt::format("epoch {}, the best on the {} set", report.at("best_epoch").dump(),
                     text_of(chosen_on));
}

std::vector<RunFile> draw(const FinishedRun& run) {
  RunPage page{.body = facts(run)};
  add_curves(page, run);
  add_boundary(page, run);
  page.section("Scores", to_html(table_of(run.judged.scores)));
  report_of(run.judged.task().kind).draw(page, run.judged);
  run.columns.draw(page, run.judged);
  add_layers(page, run);
  page.section("Options", options(run.config));
  const train::EpochScore& score = run.judged.task().score;
  const std::string title =
      fmt::format("{} on {}: {}{}", model_title(run), data_label(run.setup.data.name),
                  score.is_fraction ? "" : std::string(score.title) + " ",
                  score.text(run.judged.evaluation.score));
  page.files.push_back({"report.html", pictures::page(title, page.body)});
  return page.files;
}

}  // namespace gradus::app
