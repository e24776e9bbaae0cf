// fingerprint_command: gradus fingerprint, which prints a hash of each of many short computations,
// and compares them with those of docs/reproducibility.md.
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/fingerprint/fingerprint_table.hpp"
#include "apps/gradus/run/config.hpp"
#include "apps/gradus/run/expectation.hpp"
#include "core/io/file.hpp"
#include "core/io/terminal.hpp"
#include "core/kernels/gemm/openblas.hpp"
#include "core/parallel.hpp"
#include "core/text/glob.hpp"

namespace gradus::app {
namespace {

struct FingerprintLine {
  std::optional<int64_t> threads;
  std::string update;
  bool check = false, list = false;
};

Options options_of(FingerprintLine& line) {
  Options options("fingerprint [NAME…] [options]",
                  "Prints a hash of the results of short computations of every kind (layers, "
                  "optimizers, augmentations …), in f32 and f64. Every machine prints the same, as "
                  "docs/reproducibility.md explains. Names may have * and ?.");
  options.group("Fingerprint");
  options.add("check", &line.check,
              "compare with the table of docs/reproducibility.md and print what differs; the exit "
              "code is 3 if something does");
  options.add("list", &line.list, "print only the names", {.excludes = {"check", "update"}});
  options.add("update FILE", &line.update,
              "write the hashes into the table of a page, such as docs/reproducibility.md",
              {.excludes = {"check"}});
  add_threads_option(options, line.threads);
  options.takes({0, Options::any_number, "names"});
  options.example("gradus fingerprint --check", "does this machine compute what it should?");
  options.example("gradus fingerprint 'optimizer/*' --threads 1", "print some hashes");
  return options;
}

Fingerprints chosen(const Arguments& patterns) {
  Fingerprints all = fingerprints();
  if (patterns.empty()) return all;
  for (const std::string& pattern : patterns)
    if (std::ranges::none_of(all, [&](const auto& f) { return matches(pattern, f.name); }))
      throw UsageError("no fingerprint's name matches '{}'; --list prints the names", pattern);
  std::erase_if(all, [&](const Fingerprint& fingerprint) {
    return std::ranges::none_of(patterns,
                                [&](const auto& p) { return matches(p, fingerprint.name); });
  });
  return all;
}

int check(const Fingerprints& some, bool all) {
  const FingerprintComparison comparison =
      compare_fingerprints(some, table_of(reproducibility_page), all);
  for (const std::string& difference : comparison.differences) print_line(difference);
  print_line(fmt::format("{} equal, {} differ", comparison.equal, comparison.differences.size()));
  if (comparison.differences.empty()) return 0;
  if (kernels::chosen_openblas())
    print_line("GRADUS_BLAS is set: products by OpenBLAS have other bits");
  return expectation_exit_code;
}

void update(const std::string& path, const Fingerprints& all) {
  const std::string page = read_file(path);
  std::string rows;
  for (const Fingerprint& fingerprint : all)
    rows += fmt::format("{} {}\n", fingerprint.name, hash_of(fingerprint));
  write_file_atomically(path, of_file(path, [&] { return with_rows(page, rows); }));
}

int execute(FingerprintLine& line, const CommandLine& words) {
  if (line.threads) set_num_threads(static_cast<int>(*line.threads));
  const bool all = words.operands.empty();
  if (!line.update.empty() && !all)
    throw UsageError("--update writes all fingerprints and takes no names");
  const Fingerprints some = chosen(words.operands);
  if (line.check) return check(some, all);
  if (!line.update.empty()) {
    update(line.update, some);
    return 0;
  }
  for (const Fingerprint& fingerprint : some)
    print_line(line.list ? fingerprint.name
                         : fmt::format("{} {}", fingerprint.name, hash_of(fingerprint)));
  return 0;
}

}  // namespace

Command fingerprint_command() {
  return make_command<FingerprintLine>(options_of, execute);
}

}  // namespace gradus::app
