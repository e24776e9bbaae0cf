// A run folder and a search folder: listed, compared, opened. The files of the input begin with
// their names, on a line behind a NUL.
#include <cstring>
#include <nlohmann/json.hpp>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/gradus/search/search_folder.hpp"
#include "core/text/split.hpp"
#include "tests/fuzz/target.hpp"
#include "train/step_log.hpp"

using namespace gradus;

namespace {

// What a command prints.
std::string printed_by(app::Command command, const app::Arguments& words) {
  char* bytes = nullptr;
  std::size_t size = 0;
  FILE* const terminal = std::exchange(stdout, open_memstream(&bytes, &size));
  fuzz::accepts([&] { command.run(parse(command.options, words)); });
  std::fclose(std::exchange(stdout, terminal));
  std::string text(bytes, size);
  std::free(bytes);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  static const std::string run = folder.path("run"), picture = folder.path("compare.svg");
  fuzz::clear(folder);
  std::filesystem::create_directory(run);
  for (const std::string_view part : split(fuzz::text_of(data, size), '\0')) {
    const std::size_t end = std::min(part.find('\n'), part.size());
    if (const std::string_view name = part.substr(0, end);
        !name.empty() && name.size() < 30 && name.find('/') == name.npos && !name.starts_with('.'))
      folder.write("run/" + std::string(name),
                   std::string(part.substr(std::min(end + 1, part.size()))));
  }
  fuzz::check_shown(printed_by(app::runs_command(), {folder.path()}));
  fuzz::check_shown(printed_by(app::runs_command(), {folder.path(), "--json", "--sort=lr"}));
  fuzz::check_shown(printed_by(app::compare_command(), {run, run, "--out=" + picture}));
  fuzz::accepts([&] { app::RunFolder::open(run); });
  fuzz::accepts([&] { app::SearchFolder::open(run); });
  fuzz::accepts([&] { train::read_step_log(run + "/steps.csv"); });
  return 0;
}
