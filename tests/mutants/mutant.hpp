// mutant: whether a mutation is switched on; every mutated file includes this one.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>

namespace gradus::testing {

// Collects the numbers of the mutations that a process reaches, and appends them to the file
// GRADUS_MUTANTS_REACHED at its end.
class Reached {
 public:
  explicit Reached(const char* path) : path_(path) {}
  ~Reached() {
    if (std::FILE* file = std::fopen(path_, "a")) {
      for (const int number : numbers_) std::fprintf(file, "%d\n", number);
      std::fclose(file);
    }
  }
  void add(int number) {
    const std::lock_guard lock(mutex_);
    numbers_.insert(number);
  }

 private:
  const char* path_;
  std::set<int> numbers_;
  std::mutex mutex_;
};

// Whether the mutation `number` is the one that GRADUS_MUTANT names.
inline bool mutant(int number) {
  static const char* const chosen = std::getenv("GRADUS_MUTANT");
  static const int one = chosen ? std::atoi(chosen) : 0;
  static const char* const path = std::getenv("GRADUS_MUTANTS_REACHED");
  if (path) {
    static Reached reached(path);
    reached.add(number);
  }
  return number == one;
}

}  // namespace gradus::testing
