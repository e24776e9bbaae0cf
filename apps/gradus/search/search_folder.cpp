#include "apps/gradus/search/search_folder.hpp"

#include "apps/gradus/cli/new_folders.hpp"
#include "core/io/file.hpp"
#include "core/io/json.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* search_file = "search.json";

Json to_json(const SearchEvent& event) {
  Json json{{"trial", event.trial}};
  if (event.kind == SearchEvent::Kind::started) json["until_epoch"] = event.until_epoch;
  if (event.kind == SearchEvent::Kind::finished) json["values"] = event.values;
  if (event.kind == SearchEvent::Kind::failed) json["error"] = event.error;
  return json;
}

SearchEvent event_from_json(const Json& json) {
  const auto most = largest_count;
  const int64_t trial = whole_number(json.at("trial"), 0, most);
  if (json.contains("until_epoch"))
    return {SearchEvent::Kind::started, trial, whole_number(json.at("until_epoch"), 1, most)};
  if (json.contains("error"))
    return {.kind = SearchEvent::Kind::failed, .trial = trial, .error = json.at("error")};
  SearchEvent event{SearchEvent::Kind::finished, trial};
  for (const Json& value : json.at("values")) event.values.push_back(number_or_nan(value));
  return event;
}

// Throws if there are files of another search: trials would be resumed from its runs.
void refuse_other_search(const std::string& place) {
  for (const char* name : {"trials", "trials.csv", "test.json"}) {
    const fs::path path = fs::path(place) / name;
    if (fs::exists(path) && !(fs::is_directory(path) && fs::is_empty(path)))
      file_error(place, "contains {} of another search; choose another --out, or remove it", name);
  }
}

}  // namespace

double Metric::score(const std::vector<double>& values) const {
  double best = std::numeric_limits<double>::quiet_NaN();
  // A comparison with NaN is false.
  for (const double value : values)
    if (!(sign * value <= best) && value == value) best = sign * value;
  return best;
}

const Registry<Metric>& search_metrics() {
  static const Registry<Metric> metrics("metric",
                                        {{"val-accuracy",
                                          "the highest validation accuracy",
                                          {"val_accuracy", &train::EpochRecord::val_score, 1}},
                                         {"val-rmse",
                                          "the lowest validation RMSE, for numbers",
                                          {"val_rmse", &train::EpochRecord::val_score, -1}},
                                         {"val-loss",
                                          "the lowest validation loss",
                                          {"val_loss", &train::EpochRecord::val_loss, -1}}});
  return metrics;
}

Json to_json(const SearchPlan& plan) {
  Json settings = Json::object();
  for (const auto& [name, value] : plan.flags)
    std::visit([&, &key = name](const auto& given) { settings[key] = given; }, value);
  return {{"space", plan.space},
          {"method", plan.method},
          {"metric", plan.metric},
          {"budget", plan.budget},
          {"epochs", plan.epochs},
          {"seed", plan.seed},
          {"median_stopping", plan.median_stopping},
          {"settings", settings},
          {"train", plan.train},
          {"test", plan.test}};
}

SearchPlan plan_from_json(const Json& json) {
  const auto most = largest_count;
  SearchPlan plan{.space = json.at("space"),
                  .method = json.at("method"),
                  .metric = json.at("metric"),
                  .budget = whole_number(json.at("budget"), 1, most),
                  .epochs = whole_number(json.at("epochs"), 1, most),
                  .seed = whole_number(json.at("seed"), 0, std::numeric_limits<int64_t>::max()),
                  .median_stopping = json.at("median_stopping"),
                  .train = json.at("train"),
                  .test = json.at("test")};
  for (const auto& [name, value] : json.at("settings").items()) {
    if (value.is_boolean())
      plan.flags[name] = value.get<bool>();
    else if (value.is_number())
      plan.flags[name] = value.get<double>();
    else
      plan.flags[name] = value.get<std::string>();
  }
  return plan;
}

std::unique_ptr<optim::Search> make_search(const SearchPlan& plan) {
  return as_usage([&] {
    const optim::SearchTask task{optim::SearchSpace(plan.space), plan.budget, plan.epochs,
                                 static_cast<uint64_t>(plan.seed)};
    return optim::search_methods().find(plan.method)(task, plan.flags);
  });
}

SearchFolder::SearchFolder(std::string path, SearchPlan plan, std::vector<SearchEvent> events)
    : path_(std::move(path)),
      plan_(std::move(plan)),
      events_(std::move(events)),
      lock_(std::make_unique<FolderLock>(path_)) {}

SearchFolder SearchFolder::create(const std::string& path, const SearchPlan& plan) {
  const std::string place = path.empty() ? first_free("searches/" + plan.method) : path;
  if (fs::exists(fs::path(place) / search_file))
    file_error(place,
               "already contains a search; choose another --out, or continue with --resume {}",
               place);
  refuse_other_search(place);
  require_utf8(app::to_json(plan));
  NewFolders folders(fs::path(place) / "trials");
  SearchFolder folder(place, plan, {});
  folder.save();
  folders.keep();
  return folder;
}

SearchFolder SearchFolder::open(const std::string& path) {
  const std::string file = (fs::path(path) / search_file).string();
  if (!fs::exists(file)) file_error(path, "not a search folder: it has no readable search.json");
  const Json json = read_json(file);
  return of_file(file, [&] {
    std::vector<SearchEvent> events;
    for (const Json& event : json.at("events")) events.push_back(event_from_json(event));
    return SearchFolder(path, plan_from_json(json.at("plan")), std::move(events));
  });
}

void SearchFolder::add(SearchEvent event) {
  events_.push_back(std::move(event));
  save();
}

void SearchFolder::save() const {
  std::string text = "{\n\"plan\": " + app::to_json(plan_).dump() + ",\n\"events\": [";
  for (std::size_t i = 0; i < events_.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + to_json(events_[i]).dump();
  write(search_file, text + "\n]\n}\n");
}

void SearchFolder::write(const char* name, std::string_view contents) const {
  remove_link(file(name));
  write_file_atomically(file(name), contents);
}

std::string SearchFolder::file(const char* name) const {
  return (fs::path(path_) / name).string();
}

std::string SearchFolder::trial(int64_t number) const {
  return (fs::path(path_) / "trials" / fmt::format("{:04}", number + 1)).string();
}

}  // namespace gradus::app
