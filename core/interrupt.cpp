#include "core/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

namespace gradus {
namespace {

volatile sig_atomic_t received = 0;

void receive(int number) {
  if (received != 0) _exit(128 + number);
  received = number;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, nullptr);
}

}  // namespace

InterruptScope::InterruptScope() {
  received = 0;
  handle(SIGINT, receive);
  handle(SIGTERM, receive);
}

InterruptScope::~InterruptScope() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
}

int InterruptScope::signal() {
  return received;
}

}  // namespace gradus
