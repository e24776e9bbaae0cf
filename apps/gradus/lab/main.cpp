// gradus-lab: the program that does `gradus lab`.
#include "apps/gradus/program.hpp"

int main(int argc, char** argv) {
  return gradus::app::command_main(gradus::app::lab_command(), argc, argv);
}
