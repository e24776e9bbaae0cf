#include "apps/gradus/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "apps/gradus/cli/help.hpp"
#include "apps/gradus/run/child.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "core/kernels/simd/instruction_set.hpp"

namespace gradus::app {

static int report(const char* message, int code) {
  std::fflush(stdout);
  // Never throws, whatever stderr is.
  std::fprintf(stderr, "error: %s\n", printable(message, longest_message).c_str());
  return code;
}

// If a standard stream is closed, the next opened file would get its number, and the program would
// print into that file. So /dev/null takes the number, opened so that it can't be used either.
static void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) == -1)
      open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int run_program(const std::function<int()>& body) {
  occupy_standard_streams();
  // Exceeding the file size limit becomes an error, like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    as_usage(kernels::instruction_set);
    const int code = body();
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
      throw WriteError("can't write to the standard output");
    return code;
  } catch (const UsageError& error) {
    return report(error.what(), 2);
  } catch (const WriteError& error) {
    const bool is_child = std::string_view(program_invocation_short_name) == child_name;
    return report(error.what(), is_child ? child_write_error : 1);
  } catch (const OutOfMemory& error) {
    return report((std::string(error.what()) + "; a smaller --batch-size needs less").c_str(), 1);
  } catch (const std::bad_alloc&) {
    return report("out of memory; a smaller --batch-size needs less", 1);
  } catch (const std::exception& error) {
    return report(error.what(), 1);
  }
}

int run_command(Command command, const Arguments& arguments) {
  if (std::ranges::count(arguments, "--version") > 0) {
    fmt::print("gradus {}\n", version);
    return 0;
  }
  const auto topic = help_topic(arguments);
  if (!topic) return command.run(parse(command.options, arguments));
  fmt::print("{}", help(command.options, *topic));
  return 0;
}

int command_main(Command command, int argc, char** argv) {
  return run_program([&] {
    const Arguments arguments(argv + 1, argv + argc);
    if (arguments.empty() || arguments[0] != complete_flag)
      return run_command(std::move(command), arguments);
    fmt::print("{}", completions(command.options, {arguments.begin() + 1, arguments.end()}));
    return 0;
  });
}

}  // namespace gradus::app
