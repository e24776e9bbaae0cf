// gradus-bench: the program that runs `gradus bench`.
#include "apps/gradus/program.hpp"

int main(int argc, char** argv) {
  return gradus::app::command_main(gradus::app::bench_command(), argc, argv);
}
