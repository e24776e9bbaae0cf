// The command lines of all commands: words are lines, of which the first chooses the command.
#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "core/text/split.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  app::Arguments words;
  for (const std::string_view word : split(fuzz::text_of(data, size), '\n'))
    words.emplace_back(word.substr(0, word.find('\0')));
  fuzz::accepts([&] {
    const auto make = app::commands().find(words[0]);
    if (!make) return;
    words.erase(words.begin());
    app::Command command = make();
    // Paths are completed from the disk.
    if (words.empty() || words.back().find('/') == std::string::npos)
      completions(command.options, words);
    parse(command.options, words);
    command.options.to_json();
  });
  return 0;
}
