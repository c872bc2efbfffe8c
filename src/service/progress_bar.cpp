#include "service/progress_bar.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "service/run_summary.h"

namespace trailsql {
namespace {

size_t terminal_size(int file_descriptor, bool wants_height) {
  if (::isatty(file_descriptor) == 0) return 0;
  winsize size{};
  const bool known = ::ioctl(file_descriptor, TIOCGWINSZ, &size) == 0;
  const size_t value = known ? (wants_height ? size.ws_row : size.ws_col) : 0;
  if (value > 0) return value;
  const char* variable = std::getenv(wants_height ? "LINES" : "COLUMNS");
  const long from_environment = variable == nullptr ? 0 : std::strtol(variable, nullptr, 10);
  if (from_environment > 0) return static_cast<size_t>(from_environment);
  return wants_height ? 24 : 80;
}

}  // namespace

size_t terminal_width(int file_descriptor) { return terminal_size(file_descriptor, false); }
size_t terminal_height(int file_descriptor) { return terminal_size(file_descriptor, true); }

ProgressBar::ProgressBar(const ScanReport& report, std::FILE* terminal)
    : report_(report),
      terminal_(terminal),
      start_(std::chrono::steady_clock::now()),
      thread_([this] { run(); }) {}

void ProgressBar::run() {
  // Signals are for the thread that runs the query.
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);

  std::unique_lock lock(mutex_);
  bool shown = false;
  auto wait = kDelay;
  while (!wake_.wait_for(lock, wait, [this] { return stopping_; })) {
    wait = kPeriod;
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const size_t width = terminal_width(::fileno(terminal_));
    const std::string text =
        progress_text(progress_of(report_, seconds), width > 1 ? width - 1 : 1);
    std::fprintf(terminal_, "\r\x1b[K%s", text.c_str());
    std::fflush(terminal_);
    shown = true;
  }
  if (!shown) return;
  std::fputs("\r\x1b[K", terminal_);
  std::fflush(terminal_);
}

void ProgressBar::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace trailsql
