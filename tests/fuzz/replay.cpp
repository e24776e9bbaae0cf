// fuzz_replay: runs a target without libFuzzer, on files or on random bytes.
//
//     fuzz_replay NAME FILE-OR-FOLDER…
//     fuzz_replay NAME --random COUNT [SEED]   inputs of the seeds SEED, SEED + 1, …
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>

#define FUZZ_TARGET(name) extern "C" int fuzz_##name(const uint8_t* data, std::size_t size);
#include "targets.inc"
#undef FUZZ_TARGET

namespace {

namespace fs = std::filesystem;

using Target = int (*)(const uint8_t* data, std::size_t size);

constexpr struct {
  const char* name;
  Target run;
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
int replay(Target run, const fs::path& path) {
  int count = 0;
  for (const fs::path& file : files_of(path)) {
    // The last line names the input that ends the program.
    std::fprintf(stderr, "%s\n", file.c_str());
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    run(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    count += static_cast<bool>(stream);
  }
  return count;
}

uint64_t seed_of_input = 0;

// Up to 64 bytes for each of `count` seeds. An input that ends the program is known by its seed.
void run_random(Target run, uint64_t count, uint64_t seed) {
  std::signal(SIGABRT, [](int) {
    std::fprintf(stderr, "seed %llu\n", static_cast<unsigned long long>(seed_of_input));
  });
  for (uint64_t i = 0; i < count; ++i) {
    seed_of_input = seed + i;
    std::mt19937_64 draw(seed_of_input);
    std::string bytes(draw() % 64, '\0');
    for (char& byte : bytes) byte = static_cast<char>(draw());
    run(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s NAME FILE-OR-FOLDER... | NAME --random COUNT [SEED]\n",
                 argv[0]);
    return 2;
  }
  for (const auto& target : targets) {
    if (std::strcmp(target.name, argv[1]) != 0) continue;
    if (std::strcmp(argv[2], "--random") == 0 && argc > 3) {
      run_random(target.run, std::strtoull(argv[3], nullptr, 10),
                 argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 1);
      return 0;
    }
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
