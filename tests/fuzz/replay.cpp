// fuzz_replay NAME FILE-OR-FOLDER…: runs the target of that name over files, without libFuzzer.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#define FUZZ_TARGET(name) extern "C" int fuzz_##name(const uint8_t* data, std::size_t size);
#include "targets.inc"
#undef FUZZ_TARGET

namespace {

namespace fs = std::filesystem;

constexpr struct {
  const char* name;
  int (*run)(const uint8_t* data, std::size_t size);
} targets[] = {
#define FUZZ_TARGET(name) {#name, fuzz_##name},
#include "targets.inc"
#undef FUZZ_TARGET
};

std::set<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::set<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) files.insert(entry.path());
  return files;
}

// The number of files, which isn't 0 where the corpus is there.
int replay(int (*run)(const uint8_t* data, std::size_t size), const fs::path& path) {
  int count = 0;
  for (const fs::path& file : files_of(path)) {
    std::fprintf(stderr, "%s\n",
                 file.c_str());  // is the last line where the input ends the program
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    run(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    count += static_cast<bool>(stream);
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s NAME FILE-OR-FOLDER...\n", argv[0]);
    return 2;
  }
  for (const auto& target : targets) {
    if (std::strcmp(target.name, argv[1]) != 0) continue;
    for (int i = 2; i < argc; ++i)
      if (replay(target.run, argv[i]) == 0) {
        std::fprintf(stderr, "error: %s: no input there\n", argv[i]);
        return 1;
      }
    return 0;
  }
  std::fprintf(stderr, "error: unknown target '%s'\n", argv[1]);
  return 2;
}
