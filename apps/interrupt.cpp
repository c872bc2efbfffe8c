#include "apps/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace trailsql {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<Cancellation*> current_cancellation{nullptr};
std::atomic<bool> idle_is_ignored{false};
std::atomic<bool> is_shielded{false};

extern "C" void handle_interrupt(int signal) {
  Cancellation* cancellation = current_cancellation.load();
  if (cancellation == nullptr) {
    if (signal == SIGINT && idle_is_ignored.load()) return;
    ::_exit(kExitInterrupted);
  }
  if (cancellation->requested()) {
    if (signal == SIGINT && is_shielded.load()) return;
    // The progress bar may have left a line behind.
    constexpr char kClear[] = "\r\x1b[K";
    if (::isatty(STDERR_FILENO) != 0) {
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kClear, sizeof(kClear) - 1);
    }
    ::_exit(kExitInterrupted);
  }
  cancellation->request();
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = &handle_interrupt;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;  // a write to a pager that is busy must not fail
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

InterruptScope::InterruptScope(Cancellation& cancellation) {
  current_cancellation.store(&cancellation);
}

InterruptScope::~InterruptScope() { current_cancellation.store(nullptr); }

InterruptShield::InterruptShield() { is_shielded.store(true); }

InterruptShield::~InterruptShield() { is_shielded.store(false); }

void ignore_idle_interrupts() { idle_is_ignored.store(true); }

}  // namespace trailsql
