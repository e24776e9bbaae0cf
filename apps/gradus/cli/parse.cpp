#include "apps/gradus/cli/parse.hpp"

#include <cxxopts.hpp>

namespace gradus::app {
namespace {

// "--batch_size=3" and "--bs=3" become "--batch-size=3".
std::string spelled(const Options& options, const std::string& word) {
  if (!word.starts_with("--")) return word;
  const std::size_t end = std::min(word.find('='), word.size());
  const Option* const option = options.find(word.substr(2, end - 2));
  return option ? "--" + option->name + word.substr(end) : word;
}

[[noreturn]] void refuse_unknown(const Options& options, const std::string& word) {
  const std::string shown = word.substr(0, word.find('='));
  const std::string name = shown.substr(std::min(shown.find_first_not_of('-'), shown.size()));
  if (const auto answer = options.answers().find(option_name(name));
      answer != options.answers().end())
    throw UsageError("unknown option {}: {}", shown, answer->second);
  Texts names, aliases;
  for (const Option& option : options.all()) {
    names.push_back(option.name);
    aliases.insert(aliases.end(), option.aliases.begin(), option.aliases.end());
  }
  const Texts near = near_names(name, names, aliases);
  const std::string meant =
      near.empty() ? "" : fmt::format("did you mean --{}? ", fmt::join(near, ", --"));
  throw UsageError("unknown option {}: {}see --help all", shown, meant);
}

// `last` is the last word as the user typed it.
cxxopts::ParseResult read(const Options& options, const Arguments& words, const std::string& last) {
  cxxopts::Options parser("gradus");
  parser.allow_unrecognised_options();
  for (const Option& option : options.all()) {
    const auto value = cxxopts::value<std::string>();
    if (option.is_flag()) value->implicit_value("true");
    parser.add_options()(option.name, "", value);
  }
  std::vector<const char*> argv{"gradus"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  try {
    return parser.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const cxxopts::exceptions::missing_argument&) {
    throw UsageError("{} needs a value", last);
  } catch (const cxxopts::exceptions::exception& error) {
    throw UsageError(error.what());
  }
}

void check_operands(const Options& options, const Arguments& operands) {
  const auto& [least, most, text, choices] = options.operands();
  if (operands.size() >= least && operands.size() <= most) return;
  if (most == 0)
    throw UsageError("unexpected '{}': {} only takes options", operands[0], options.command());
  throw UsageError("{} takes {}, got {}", options.command(), text, operands.size());
}

void check_combinations(const Options& options, const CommandLine& line) {
  for (const std::string& name : line.given) {
    const Option& option = *options.find(name);
    if (option.only_with.empty()) continue;
    for (const std::string& other : line.given)
      if (other != name && std::ranges::count(option.only_with, other) == 0)
        throw UsageError("--{} cannot be combined with --{}{}{}", other, name,
                         option.reason.empty() ? "" : ": ", option.reason);
  }
}

}  // namespace

CommandLine parse(Options& options, const Arguments& words) {
  Arguments named;
  for (const std::string& word : words) named.push_back(spelled(options, word));
  const cxxopts::ParseResult result = read(options, named, words.empty() ? "" : words.back());
  CommandLine line{.given = {}, .operands = result.unmatched()};
  for (const std::string& word : line.operands)
    if (word.starts_with('-') && word != "-") refuse_unknown(options, word);
  check_operands(options, line.operands);
  for (const Option& option : options.all())
    if (result.count(option.name)) line.given.push_back(option.name);
  check_combinations(options, line);

  const auto value = [&](const std::string& name) { return result[name].as<std::string>(); };
  for (const std::string& name : line.given)
    if (value(name).empty()) throw UsageError("--{} needs a value", name);
  // Checks them before they are loaded: only one option may load values.
  const auto load_of = [&](const std::string& name) { return options.find(name)->loads; };
  for (const std::string& name : line.given)
    if (load_of(name)) options.find(name)->set(value(name));
  options.check();
  for (const std::string& name : line.given)
    if (const auto load = load_of(name)) {
      line.base = load(value(name));
      line.base_source = name + ' ' + value(name);
    }
  options.from_json(line.base);
  for (const std::string& name : line.given) options.find(name)->set(value(name));
  options.check();
  return line;
}

}  // namespace gradus::app
