// Ctrl-C: the first asks the running query to end, the second ends the program.
#pragma once

#include "base/cancellation.h"

namespace trailsql {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInterrupted = 130;

/// Installs the handlers of SIGINT and SIGTERM, and ignores SIGPIPE. Call once, from main.
void install_signal_handlers();

/// While it lives, SIGINT and SIGTERM request `cancellation`; a second one ends the program at
/// once. One at a time.
class InterruptScope {
 public:
  explicit InterruptScope(Cancellation& cancellation);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

/// While it lives, Ctrl-C never ends the program: a pager shares the terminal, and what is typed
/// may be meant for it. One at a time.
class InterruptShield {
 public:
  InterruptShield();
  ~InterruptShield();
  InterruptShield(const InterruptShield&) = delete;
  InterruptShield& operator=(const InterruptShield&) = delete;
};

/// Makes signals that arrive while no query runs do nothing (in the shell) instead of ending the
/// program.
void ignore_idle_interrupts();

}  // namespace trailsql
