#include "apps/gradus/check/suite.hpp"

#include <nettle/sha2.h>

#include <filesystem>
#include <set>

#include "core/io/file.hpp"
#include "core/io/json.hpp"
#include "core/io/safetensors.hpp"
#include "train/step_log.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void wrong(const std::string& what) {
  throw std::runtime_error(what);
}

void require_keys(const Json& json, const std::vector<std::string>& known, const char* what) {
  if (!json.is_object()) wrong(fmt::format("{} must be an object, got {}", what, json.dump()));
  for (const auto& [key, value] : json.items())
    if (std::ranges::find(known, key) == known.end())
      wrong(fmt::format("{} has an unknown member '{}', did you mean '{}'?", what, key,
                        nearest_first(key, known).front()));
}

std::string text_in(const Json& json, const char* key) {
  if (!json.contains(key) || !json[key].is_string() || json[key] == "")
    wrong(fmt::format("{} must be a text", key));
  return json[key];
}

// "--batch-size=32" for {"batch_size": 32}.
Arguments words_of_options(const Json& options) {
  Arguments words;
  for (const auto& [key, value] : options.items()) {
    if (value == false || value.is_null()) continue;
    if (value.is_structured()) wrong(fmt::format("option {} must be a number or a text", key));
    const std::string name = "--" + option_name(key);
    words.push_back(value == true ? name : name + "=" + text_of(value));
  }
  return words;
}

Arguments words_of(const Json& training) {
  if (!training.contains("train")) wrong("train is missing");
  const Json& train = training["train"];
  Arguments words;
  if (train.is_object()) {
    words = words_of_options(train);
  } else if (train.is_string()) {
    for (const std::string_view word : split(train.get_ref<const std::string&>(), ' '))
      if (!word.empty()) words.emplace_back(word);
  } else if (train.is_array() &&
             std::ranges::all_of(train, [](const Json& word) { return word.is_string(); })) {
    words = train.get<Arguments>();
  } else {
    wrong("train must be an array of words, a command line or an object of options, got " +
          train.dump());
  }
  if (!words.empty() && words[0] == "train") words.erase(words.begin());
  for (const std::string& word : words)
    for (const char* option : {"--out", "--resume", "--until-epoch", "--time-limit"})
      if (word == option || word.starts_with(std::string(option) + "="))
        wrong(fmt::format("train can't have {}", option));
  return words;
}

std::vector<Bound> bounds_of(const Json& training) {
  std::vector<Bound> bounds;
  if (!training.contains("expect")) return bounds;
  if (!training["expect"].is_object()) wrong("expect must be an object");
  for (const auto& [name, value] : training["expect"].items()) {
    if (value.is_number())
      bounds.push_back({name, "=", value.dump(), value.get<double>()});
    else if (value.is_string())
      for (const std::string_view text : split(value.get_ref<const std::string&>(), ','))
        bounds.push_back(parse_bounds(fmt::format("{}{}", name, trimmed(text)), "expect").front());
    else
      wrong(fmt::format("expect {} must be a number or a bound such as \">=.9\", got {}", name,
                        value.dump()));
    require_known(bounds.back(), true);
  }
  return bounds;
}

void read_losses(const Json& losses, const std::string& folder, SuiteTraining& training) {
  training.has_losses = true;
  if (losses.is_null()) return;
  if (losses.is_string()) {
    training.losses_file = (fs::path(folder) / losses.get<std::string>()).string();
    if (fs::exists(training.losses_file))
      training.losses = train::read_step_log(training.losses_file);
    return;
  }
  if (!losses.is_array() ||
      !std::ranges::all_of(losses, [](const Json& loss) { return loss.is_number(); }))
    wrong("losses must be an array of numbers or the name of a file");
  if (losses.empty()) return;
  training.losses = {"step,lr,loss"};
  for (const Json& loss : losses)
    training.losses.push_back(fmt::format("{},,{}", training.losses.size(), loss.get<double>()));
}

SuiteTraining training_of(const Json& json, const std::string& folder) {
  require_keys(json, {"name", "train", "expect", "weights", "losses", "tolerance"}, "a training");
  SuiteTraining training{.name = text_in(json, "name")};
  try {
    training.words = words_of(json);
    training.bounds = bounds_of(json);
    training.has_weights = json.contains("weights");
    if (training.has_weights && !json["weights"].is_null())
      training.weights = text_in(json, "weights");
    if (json.contains("tolerance")) {
      if (!json["tolerance"].is_number() || !(json["tolerance"] >= 0))
        wrong("tolerance must be a number from 0 on, got " + json["tolerance"].dump());
      training.tolerance = json["tolerance"];
    }
    if (json.contains("losses")) read_losses(json["losses"], folder, training);
    if (training.bounds.empty() && !training.has_weights && !training.has_losses)
      wrong("expects nothing: it needs expect, weights or losses");
  } catch (const std::exception& error) {
    wrong(fmt::format("training {}: {}", in_quotes(training.name), error.what()));
  }
  return training;
}

Suite suite_of(Json json, const std::string& path, const std::string& folder) {
  return of_file(path, [&] {
    require_keys(json, {"suite", "trainings", "made_by"}, "a suite");
    if (json.contains("made_by") && !json["made_by"].is_object())
      wrong("made_by must be an object");
    Suite suite{path, folder, text_in(json, "suite"), json, {}};
    if (!json.contains("trainings") || !json["trainings"].is_array() || json["trainings"].empty())
      wrong("trainings must be an array of at least one training");
    std::set<std::string> names;
    for (const Json& training : json["trainings"]) {
      suite.trainings.push_back(training_of(training, folder));
      if (!names.insert(suite.trainings.back().name).second)
        wrong(
            fmt::format("two trainings have the name {}", in_quotes(suite.trainings.back().name)));
    }
    return suite;
  });
}

}  // namespace

bool SuiteTraining::is_timed() const {
  return std::ranges::any_of(bounds,
                             [](const Bound& bound) { return bound.name.ends_with("_seconds"); });
}

std::ptrdiff_t Suite::selected() const {
  return std::ranges::count(trainings, true, &SuiteTraining::is_selected);
}

Suite read_suite(const std::string& path) {
  const std::string folder = fs::absolute(path).parent_path().string();
  return suite_of(read_json(path), path, folder);
}

Suite built_in_suite() {
  return suite_of(parse_json(built_in_suite_text), "the built-in suite", "");
}

std::string weights_hash(const std::string& path) {
  sha256_ctx context;
  sha256_init(&context);
  const auto add = [&](const void* bytes, std::size_t size) {
    sha256_update(&context, size, static_cast<const uint8_t*>(bytes));
  };
  const SafetensorsFile file = read_safetensors(path);
  for (const auto& entry : file.tensors) {
    const Tensor& tensor = entry.second;
    const std::string header =
        fmt::format("{} {} {}\n", entry.first, to_string(tensor.dtype()), tensor.shape());
    add(header.data(), header.size());
    dispatch(tensor.dtype(), [&]<class T>(T) {
      add(tensor.data<T>(), sizeof(T) * static_cast<std::size_t>(tensor.numel()));
    });
  }
  std::array<uint8_t, SHA256_DIGEST_SIZE> digest;
  sha256_digest(&context, digest.size(), digest.data());
  return fmt::format("sha256:{:02x}", fmt::join(digest, ""));
}

std::string readable(const Json& json, int indentation) {
  const bool is_flat = std::ranges::none_of(json, [](const Json& j) { return j.is_structured(); });
  if (!json.is_structured() || is_flat) {
    // With blanks after commas and colons, outside texts.
    std::string text;
    bool in_text = false, escaped = false;
    for (const char c : json.dump()) {
      text += c;
      if (c == '"' && !escaped) in_text = !in_text;
      escaped = c == '\\' && !escaped;
      if (!in_text && (c == ',' || c == ':')) text += ' ';
    }
    return text;
  }
  const std::string margin(static_cast<std::size_t>(indentation) + 2, ' ');
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items())
    parts.push_back(margin + (json.is_object() ? Json(key).dump() + ": " : "") +
                    readable(value, indentation + 2));
  const char* const brackets = json.is_object() ? "{}" : "[]";
  return fmt::format("{}\n{}\n{}{}", brackets[0], fmt::join(parts, ",\n"), margin.substr(2),
                     brackets[1]);
}

}  // namespace gradus::app
