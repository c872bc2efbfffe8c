// The progress bar: one line on a terminal, rewritten while a query runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "scan/scan_report.h"

namespace trailsql {

/// Shows a query's progress from half a second after its creation until `stop`, from a thread of
/// its own.
class ProgressBar {
 public:
  static constexpr std::chrono::milliseconds kDelay{500};
  static constexpr std::chrono::milliseconds kPeriod{100};

  /// `terminal` must be a terminal; it and `report` must outlive the bar.
  ProgressBar(const ScanReport& report, std::FILE* terminal);
  ~ProgressBar() { stop(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Clears the line and shows nothing more. May be called again.
  void stop();

 private:
  void run();

  const ScanReport& report_;
  std::FILE* terminal_;
  std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Returns the width of the terminal behind `file_descriptor` in cells: as the terminal says, else
/// $COLUMNS, else 80; 0 when it is no terminal.
size_t terminal_width(int file_descriptor);
/// Returns its height in lines, 0 when it is no terminal.
size_t terminal_height(int file_descriptor);

}  // namespace trailsql
