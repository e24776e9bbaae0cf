// conformance [--family NAME] PATH…: runs the cases of files, or of the files in folders, and
// reports the differences. Exit code 0 if there are none, 1 if a case differs or a file can't be
// read, 2 for wrong arguments.
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "conformance/runner.hpp"
#include "core/kernels/simd/instruction_set.hpp"

namespace {

using namespace gradus;
using namespace gradus::conformance;
namespace fs = std::filesystem;

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void check_environment() {
  try {
    kernels::instruction_set();
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

struct Arguments {
  std::string family;
  std::vector<std::string> paths;
};

Arguments parse(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--family") {
      if (++i == words.size() || words[i].empty())
        throw UsageError("--family needs the name of a family");
      arguments.family = words[i];
    } else if (words[i].starts_with("-")) {
      throw UsageError(fmt::format("unknown option '{}': the only one is --family NAME", words[i]));
    } else {
      arguments.paths.push_back(words[i]);
    }
  }
  if (arguments.paths.empty())
    throw UsageError("needs files or folders: conformance [--family NAME] PATH…");
  return arguments;
}

std::vector<fs::path> case_files(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (!fs::exists(path)) file_error(path, "no such file or folder");
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".safetensors") inside.push_back(entry.path());
    if (inside.empty()) file_error(path, "the folder has no *.safetensors files");
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

void keep_family(std::vector<fs::path>& files, const std::string& family) {
  if (family.empty()) return;
  std::set<std::string> known;
  for (const fs::path& file : files) known.insert(file.stem().string());
  if (!known.contains(family))
    throw UsageError(fmt::format("unknown family '{}': one of {}", family, fmt::join(known, ", ")));
  std::erase_if(files, [&](const fs::path& file) { return file.stem() != family; });
}

// The row for a case: in its family's table, or in any for a file with a name of its own.
const Operation* find(const std::vector<Family>& families, const Case& test) {
  const bool known = std::any_of(families.begin(), families.end(),
                                 [&](const Family& family) { return family.name == test.family; });
  for (const Family& family : families)
    for (const Operation& operation : family.operations)
      if (operation.name == test.op && (!known || family.name == test.family)) return &operation;
  return nullptr;
}

bool run(const std::vector<std::vector<Case>>& files) {
  const std::vector<Family> families{elementwise(),
                                     reduce(),
                                     shape(),
                                     linear(),
                                     convolution(),
                                     normalization(),
                                     weight_normalization(),
                                     loss(),
                                     information(),
                                     initialization(),
                                     recurrent(),
                                     attention(),
                                     gradients(),
                                     optimizer(),
                                     preprocessing(),
                                     schedule(),
                                     judgments()};
  int passed = 0, failed = 0, skipped = 0;
  for (const std::vector<Case>& cases : files) {
    std::set<std::string> unknown;
    for (const Case& test : cases) {
      const Operation* operation = find(families, test);
      if (!operation) {
        ++skipped;
        if (unknown.insert(test.op).second)
          fmt::print("skipped {} {}: unknown operation\n", test.family, test.op);
        continue;
      }
      const std::string difference = run_case(test, *operation);
      ++(difference.empty() ? passed : failed);
      if (!difference.empty()) fmt::print("failed {} {}: {}\n", test.family, test.name, difference);
    }
  }
  fmt::print("{} passed, {} failed, {} skipped\n", passed, failed, skipped);
  return failed == 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    check_environment();
    const Arguments arguments = parse({argv + 1, argv + argc});
    std::vector<fs::path> paths = case_files(arguments.paths);
    keep_family(paths, arguments.family);
    std::vector<std::vector<Case>> files;
    for (const fs::path& path : paths) files.push_back(read_cases(path.string()));
    return run(files) ? 0 : 1;
  } catch (const UsageError& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
