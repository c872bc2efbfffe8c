// Finds the quotes of JSON text, 64 bytes at a time: what lets the fast path jump over strings.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace trailsql {

/// What a stretch of text holds, as bit masks: bit i of word w stands for byte 64 w + i.
struct QuoteWindow {
  static constexpr size_t kNumBlocks = 64;
  static constexpr size_t kBlockBytes = 64;
  std::array<uint64_t, kNumBlocks> quotes;  // quotes that no backslash escapes
  size_t num_blocks = 0;
  bool has_non_ascii = false;
  bool has_backslash = false;
  bool has_bad_escape = false;  // \u without four hexadecimal digits
  bool at_end = false;          // the text, or the line, ends in the last block
};

/// Walks over the unescaped quotes of one document, in order. Not safe for several threads.
class QuoteIndex {
 public:
  /// Starts at `begin`. Reads up to `end`, or with `stop_at_line_end` up to the first CR or LF. At
  /// least 64 readable bytes must follow `end`.
  void start(const char* begin, const char* end, bool stop_at_line_end);

  /// Returns the next quote, or nullptr when there is none before the end.
  const char* next() {
    while (bits_ == 0) {
      if (++block_ >= window_.num_blocks) {
        if (!refill()) return nullptr;
      }
      bits_ = window_.quotes[block_];
      block_begin_ += QuoteWindow::kBlockBytes;
    }
    const int bit = std::countr_zero(bits_);
    bits_ &= bits_ - 1;
    return block_begin_ + bit;
  }

  /// Say what was met so far; the text was looked at up to a few kilobytes beyond the last quote.
  bool has_non_ascii() const { return has_non_ascii_; }
  bool has_bad_escape() const { return has_bad_escape_; }
  /// Returns whether the text around the last quote holds backslashes or non-ASCII bytes.
  bool near_special() const { return near_special_; }

 private:
  bool refill();

  QuoteWindow window_;
  uint64_t bits_ = 0;
  size_t block_ = 0;
  const char* block_begin_ = nullptr;
  const char* next_window_ = nullptr;
  const char* end_ = nullptr;
  uint64_t escape_carry_ = 0;  // 1: the first byte of the next window is escaped
  bool stop_at_line_end_ = false;
  bool has_non_ascii_ = false;
  bool has_bad_escape_ = false;
  bool near_special_ = false;
  bool window_special_ = false;
};

/// Fills `window` from `begin`; `escape_carry` is carried from one window to the next. Chosen at
/// run time for the processor.
void fill_quote_window(const char* begin, const char* end, bool stop_at_line_end,
                       uint64_t& escape_carry, QuoteWindow& window);
/// The same without special instructions; the tests compare both.
void fill_quote_window_portable(const char* begin, const char* end, bool stop_at_line_end,
                                uint64_t& escape_carry, QuoteWindow& window);

}  // namespace trailsql
