// Long results of the shell go through $PAGER.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "apps/interrupt.h"
#include "service/output_sink.h"

namespace trailsql {

/// Keeps what is written until it is known whether it fits on the screen; what does not goes
/// through the pager, the rest straight to standard output.
class PagerSink : public OutputSink {
 public:
  /// `max_lines` is the height of the screen; 0 means never to page.
  explicit PagerSink(size_t max_lines);
  ~PagerSink() override;

  void write(std::string_view bytes) override;
  bool closed() const override;
  /// Writes what is kept, or waits for the pager to end.
  void finish();

 private:
  void start_pager();

  size_t max_lines_;
  size_t num_lines_ = 0;
  std::string kept_;
  StreamSink screen_;
  std::FILE* pipe_ = nullptr;
  std::unique_ptr<StreamSink> pager_;
  std::optional<InterruptShield> shield_;  // while the pager runs
};

}  // namespace trailsql
