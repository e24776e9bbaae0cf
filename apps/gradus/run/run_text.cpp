#include "apps/gradus/run/run_text.hpp"

#include <filesystem>

#include "core/text/counted.hpp"
#include "data/sets/sources.hpp"
#include "data/text/text_file.hpp"

namespace gradus::app {

// The number of characters: each has one byte that isn't a continuation.
static int64_t count_characters(std::string_view text) {
  return std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; });
}

// Without the last `part` of the characters, and these.
static std::pair<std::string_view, std::string_view> held_out(std::string_view text, double part) {
  const auto all = static_cast<double>(count_characters(text));
  std::size_t bytes = text.size();
  for (auto left = static_cast<int64_t>(part * all); left > 0; --bytes)
    left -= (text[bytes - 1] & 0xc0) != 0x80;
  return {text.substr(0, bytes), text.substr(bytes)};
}

static void refuse_other_options(const TrainConfig& c) {
  const std::pair<const char*, bool> options[] = {{"preprocess", !c.preprocess.empty()},
                                                  {"augment", !c.augment.empty()},
                                                  {"mixup", c.mixup.has_value()},
                                                  {"cutmix", c.cutmix.has_value()},
                                                  {"teacher", !c.teacher.empty()},
                                                  {"fold", !c.fold.empty()},
                                                  {"class-weights", !c.class_weights.empty()},
                                                  {"smooth-wrong-classes", c.smooth_wrong_classes},
                                                  {"input-dropout", c.input_dropout != 0}};
  for (const auto& [name, is_given] : options)
    if (is_given) throw UsageError("--{} doesn't fit a text", name);
}

static std::string absolute_paths(const std::string& paths) {
  if (std::filesystem::exists(paths)) return std::filesystem::absolute(paths).string();
  std::vector<std::string> files;
  for (const std::string& file : data::text_files(paths))
    files.push_back(std::filesystem::absolute(file).string());
  return fmt::format("{}", fmt::join(files, ","));
}

bool is_text(const TrainConfig& config) {
  if (config.task == "language") return true;
  return config.task == "auto" && !data::sources().contains(config.data) &&
         data::are_text_files(config.data);
}

RunText load_text(const TrainConfig& config) {
  refuse_other_options(config);
  const std::string text = data::read_texts(config.data);
  const std::string other = config.test_data.empty() ? "" : data::read_texts(config.test_data);
  constexpr double test_part = 0.1;
  const auto pieces = held_out(text, config.test_data.empty() ? test_part : 0);
  const std::string_view test = config.test_data.empty() ? pieces.second : other;
  const auto parts = held_out(pieces.first, config.validation_part());
  const std::string_view fitted = parts.first, validation = parts.second;

  return as_usage([&]() -> RunText {
    const std::string all = text + other;
    data::Tokenizer tokenizer = config.tokens
                                    ? data::Tokenizer::of_pairs(all, fitted, *config.tokens)
                                    : data::Tokenizer::of_characters(all);
    const auto windows = [&](const char* name, std::string_view part) {
      std::vector<int64_t> tokens = tokenizer.encode(part);
      const auto limit = config.limit.value_or(std::ssize(tokens));
      if (part.data() == fitted.data() && limit < std::ssize(tokens) / config.context)
        tokens.resize(static_cast<std::size_t>(limit * config.context + 1));
      if (std::ssize(tokens) <= config.context)
        throw UsageError("--context {} needs {} tokens, but the {} text has {}", config.context,
                         config.context + 1, name, tokens.size());
      return data::Dataset::of_tokens(tokens, config.context, tokenizer);
    };
    RunText result{{windows("training", fitted), windows("test", test), {}},
                   tokenizer,
                   absolute_paths(config.data),
                   {}};
    if (config.validation_part() > 0) result.parts.validation = windows("validation", validation);
    result.notes.push_back(
        fmt::format("{} characters, {}; windows of {} tokens", count_characters(text),
                    counted(tokenizer.size(), "different token"), config.context));
    if (config.tokens && tokenizer.size() < *config.tokens)
      result.notes.push_back(
          fmt::format("no other pair of tokens occurs twice: there are {} instead of {}",
                      tokenizer.size(), *config.tokens));
    return result;
  });
}

}  // namespace gradus::app
