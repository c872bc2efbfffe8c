#include "scan/quote_index.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trailsql {
namespace {

// What 64 bytes hold.
struct BlockMasks {
  uint64_t quotes;
  uint64_t backslashes;
  uint64_t line_ends;
  uint64_t non_ascii;
};

using WindowMasks = std::array<BlockMasks, QuoteWindow::kNumBlocks>;

// Fills `masks` for the blocks from `begin` to `end`, at most a window of them, and with
// `stop_at_line_end` up to the first block with a line end. Returns how many.
using ReadBlocks = size_t (*)(const char* begin, const char* end, bool stop_at_line_end,
                              WindowMasks& masks);

size_t read_blocks_portable(const char* begin, const char* end, bool stop_at_line_end,
                            WindowMasks& window) {
  size_t num_blocks = 0;
  while (num_blocks < QuoteWindow::kNumBlocks && begin < end) {
    BlockMasks masks{};
    for (size_t i = 0; i < QuoteWindow::kBlockBytes; ++i) {
      const uint64_t bit = uint64_t{1} << i;
      const char c = begin[i];
      if (c == '"') masks.quotes |= bit;
      if (c == '\\') masks.backslashes |= bit;
      if (c == '\n' || c == '\r') masks.line_ends |= bit;
      if ((c & 0x80) != 0) masks.non_ascii |= bit;
    }
    window[num_blocks++] = masks;
    if (stop_at_line_end && masks.line_ends != 0) break;
    begin += QuoteWindow::kBlockBytes;
  }
  return num_blocks;
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Returns the bytes that a backslash before them escapes. `carry` is whether the block's first byte
// is escaped, and becomes that of the next block. Blocks with backslashes are rare and have few.
uint64_t escaped_bytes(uint64_t backslashes, uint64_t& carry) {
  uint64_t escaped = carry;
  carry = 0;
  while (backslashes != 0) {
    const uint64_t backslash = backslashes & (~backslashes + 1);
    backslashes &= backslashes - 1;
    if ((escaped & backslash) != 0) continue;
    escaped |= backslash << 1;
    carry = backslash >> 63;
  }
  return escaped;
}

bool has_malformed_unicode(const char* block, uint64_t escaped, const char* end) {
  while (escaped != 0) {
    const char* at = block + std::countr_zero(escaped);
    escaped &= escaped - 1;
    if (*at != 'u') continue;
    if (end - at < 5) return true;
    for (int i = 1; i <= 4; ++i) {
      if (!is_hex_digit(at[i])) return true;
    }
  }
  return false;
}

// Returns the bits of the block at `block` that belong to the text; `at_end` if it ends there.
uint64_t valid_bits(const char* block, const char* end, bool stop_at_line_end, uint64_t line_ends,
                    bool& at_end) {
  uint64_t valid = ~uint64_t{0};
  const auto left = static_cast<size_t>(end - block);
  if (left <= QuoteWindow::kBlockBytes) {
    if (left < QuoteWindow::kBlockBytes) valid = (uint64_t{1} << left) - 1;
    at_end = true;
  }
  line_ends &= valid;
  if (stop_at_line_end && line_ends != 0) {
    valid = (line_ends & (~line_ends + 1)) - 1;  // all bits below the first line end
    at_end = true;
  }
  return valid;
}

void fill(ReadBlocks read_blocks, const char* begin, const char* end, bool stop_at_line_end,
          uint64_t& escape_carry, QuoteWindow& window) {
  WindowMasks masks;
  window.num_blocks = read_blocks(begin, end, stop_at_line_end, masks);
  window.at_end = window.num_blocks == 0;
  window.has_bad_escape = false;
  window.has_backslash = false;
  uint64_t non_ascii = 0;
  for (size_t i = 0; i < window.num_blocks; ++i) {
    const char* block = begin + i * QuoteWindow::kBlockBytes;
    const uint64_t valid =
        valid_bits(block, end, stop_at_line_end, masks[i].line_ends, window.at_end);
    uint64_t quotes = masks[i].quotes & valid;
    const uint64_t backslashes = masks[i].backslashes & valid;
    if ((backslashes | escape_carry) != 0) {
      const uint64_t escaped = escaped_bytes(backslashes, escape_carry);
      if (has_malformed_unicode(block, escaped & valid, end)) window.has_bad_escape = true;
      quotes &= ~escaped;
      window.has_backslash = true;
    }
    non_ascii |= masks[i].non_ascii & valid;
    window.quotes[i] = quotes;
  }
  window.has_non_ascii = non_ascii != 0;
}

#if defined(__x86_64__)

[[gnu::target("avx2"), gnu::always_inline]] inline uint64_t equal_bits(__m256i low, __m256i high,
                                                                       char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  const auto low_bits = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
  const auto high_bits =
      static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
  return low_bits | static_cast<uint64_t>(high_bits) << 32;
}

[[gnu::target("avx2")]] size_t read_blocks_avx2(const char* begin, const char* end,
                                                bool stop_at_line_end, WindowMasks& window) {
  size_t num_blocks = 0;
  while (num_blocks < QuoteWindow::kNumBlocks && begin < end) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin + 32));
    const auto low_sign = static_cast<uint32_t>(_mm256_movemask_epi8(low));
    const auto high_sign = static_cast<uint32_t>(_mm256_movemask_epi8(high));
    const uint64_t line_ends = equal_bits(low, high, '\n') | equal_bits(low, high, '\r');
    window[num_blocks++] = {equal_bits(low, high, '"'), equal_bits(low, high, '\\'), line_ends,
                            low_sign | static_cast<uint64_t>(high_sign) << 32};
    if (stop_at_line_end && line_ends != 0) break;
    begin += QuoteWindow::kBlockBytes;
  }
  return num_blocks;
}

const ReadBlocks kReadBlocks =
    __builtin_cpu_supports("avx2") != 0 ? read_blocks_avx2 : read_blocks_portable;

#else

const ReadBlocks kReadBlocks = read_blocks_portable;

#endif

}  // namespace

void fill_quote_window_portable(const char* begin, const char* end, bool stop_at_line_end,
                                uint64_t& escape_carry, QuoteWindow& window) {
  fill(read_blocks_portable, begin, end, stop_at_line_end, escape_carry, window);
}

void fill_quote_window(const char* begin, const char* end, bool stop_at_line_end,
                       uint64_t& escape_carry, QuoteWindow& window) {
  fill(kReadBlocks, begin, end, stop_at_line_end, escape_carry, window);
}

void QuoteIndex::start(const char* begin, const char* end, bool stop_at_line_end) {
  window_.num_blocks = 0;
  window_.at_end = false;
  bits_ = 0;
  block_ = 0;
  next_window_ = begin;
  end_ = end;
  escape_carry_ = 0;
  stop_at_line_end_ = stop_at_line_end;
  has_non_ascii_ = false;
  has_bad_escape_ = false;
  near_special_ = false;
  window_special_ = false;
}

bool QuoteIndex::refill() {
  if (window_.at_end) return false;
  fill_quote_window(next_window_, end_, stop_at_line_end_, escape_carry_, window_);
  if (window_.num_blocks == 0) return false;
  block_ = 0;
  block_begin_ = next_window_ - QuoteWindow::kBlockBytes;
  next_window_ += window_.num_blocks * QuoteWindow::kBlockBytes;
  has_non_ascii_ = has_non_ascii_ || window_.has_non_ascii;
  has_bad_escape_ = has_bad_escape_ || window_.has_bad_escape;
  // A string may begin in one window and end in the next.
  const bool special = window_.has_non_ascii || window_.has_backslash;
  near_special_ = special || window_special_;
  window_special_ = special;
  return true;
}

}  // namespace trailsql
