#include "scan/structure_window.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trailsql {
namespace {

// What 64 bytes hold, strings or not.
struct ByteMasks {
  uint64_t quotes;
  uint64_t backslashes;
  uint64_t opens;    // { [
  uint64_t closes;   // } ]
  uint64_t curlies;  // holds for the brackets: { }
  uint64_t commas;
  uint64_t colons;
  uint64_t spaces;
  uint64_t controls;  // below the space
  uint64_t non_ascii;
};

// The text of one window.
struct Text {
  const char* end;
  bool stop_at_line_end;
};

uint64_t bits_where(const char* block, uint64_t candidates, std::string_view wanted) {
  uint64_t found = 0;
  for (; candidates != 0; candidates &= candidates - 1) {
    const int i = std::countr_zero(candidates);
    if (wanted.find(block[i]) != std::string_view::npos) found |= uint64_t{1} << i;
  }
  return found;
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

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Returns the places of \u without four hexadecimal digits.
uint64_t malformed_unicode(const char* block, uint64_t escaped, const char* end) {
  uint64_t bad = 0;
  for (; escaped != 0; escaped &= escaped - 1) {
    const char* at = block + std::countr_zero(escaped);
    if (*at != 'u') continue;
    bool good = end - at >= 5;
    for (int i = 1; good && i <= 4; ++i) good = is_hex_digit(at[i]);
    if (!good) bad |= escaped & (~escaped + 1);
  }
  return bad;
}

bool is_number_character(char c) {
  return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

// Numbers are those that begin and continue with the right characters; what they are worth is
// decided where they are converted.
bool is_good_literal(const char* p, bool one_line) {
  const auto skip_word = [&](std::string_view word) {
    const bool equal = std::memcmp(p, word.data(), word.size()) == 0;
    p += word.size();
    return equal;
  };
  switch (*p) {
    case 't':
      if (!skip_word("true")) return false;
      break;
    case 'f':
      if (!skip_word("false")) return false;
      break;
    case 'n':
      if (!skip_word("null")) return false;
      break;
    default:
      if (!(*p == '-' || (*p >= '0' && *p <= '9'))) return false;
      while (is_number_character(*p)) ++p;
  }
  return *p == ',' || *p == '}' || *p == ']' || *p == ' ' || *p == '\t' ||
         (!one_line && (*p == '\n' || *p == '\r'));
}

uint64_t malformed_literals(const char* block, uint64_t starts, bool one_line) {
  uint64_t bad = 0;
  for (; starts != 0; starts &= starts - 1) {
    if (!is_good_literal(block + std::countr_zero(starts), one_line)) bad |= starts & (~starts + 1);
  }
  return bad;
}

// Returns the bits of the block that belong to the text; `at_end` if it ends there.
uint64_t valid_bits(const char* block, const Text& text, uint64_t controls, bool& at_end) {
  uint64_t valid = ~uint64_t{0};
  const auto left = static_cast<size_t>(text.end - block);
  if (left <= StructureWindow::kBlockBytes) {
    if (left < StructureWindow::kBlockBytes) valid = (uint64_t{1} << left) - 1;
    at_end = true;
  }
  if (text.stop_at_line_end && controls != 0) {
    const uint64_t line_ends = bits_where(block, controls & valid, "\r\n");
    if (line_ends != 0) {
      valid = (line_ends & (~line_ends + 1)) - 1;  // all bits below the first line end
      at_end = true;
    }
  }
  return valid;
}

// Returns the first bytes other than white space behind those of `tokens`. The addition carries a
// bit through the white space that it stands at.
[[gnu::always_inline]] inline uint64_t bytes_after(uint64_t tokens, uint64_t space,
                                                   uint64_t& carry) {
  const uint64_t next = tokens << 1 | carry;
  carry = tokens >> 63;
  if (space == 0) return next;
  unsigned long long sum = 0;
  if (__builtin_uaddll_overflow(next & space, space, &sum)) carry = 1;
  return (next | sum) & ~space;
}

// What one block holds outside of its strings.
struct Tokens {
  uint64_t opening_quotes;
  uint64_t closing_quotes;
  uint64_t opens;
  uint64_t closes;
  uint64_t commas;
  uint64_t colons;
  uint64_t literals;  // all bytes of literals, and whatever else stands outside strings
  uint64_t literal_starts;
  uint64_t space;
};

// Sets the errors of a block: every token must be one that may follow the token before it.
[[gnu::always_inline]] inline void check_tokens(const ByteMasks& bytes, const Tokens& tokens,
                                                uint64_t in_string, uint64_t bad,
                                                StructureCarry& carry, uint64_t& bad_in_object,
                                                uint64_t& bad_in_array) {
  const uint64_t space = tokens.space;
  const uint64_t after_colon = bytes_after(tokens.colons, space, carry.after_colon);
  // A bit added at the opening quote is carried to the closing one.
  const uint64_t value_quotes = tokens.opening_quotes & after_colon;
  unsigned long long sum = 0;
  bool overflow = __builtin_uaddll_overflow(in_string, value_quotes, &sum);
  overflow = __builtin_uaddll_overflow(sum, carry.in_value_string, &sum) || overflow;
  carry.in_value_string = overflow ? 1 : 0;
  const uint64_t value_ends = sum & tokens.closing_quotes;
  // A literal ends where it goes on no more, so its last byte is known only here.
  const uint64_t behind_literal = (tokens.literals << 1 | carry.in_literal) & ~tokens.literals;
  carry.in_literal = tokens.literals >> 63;
  uint64_t after_value = bytes_after(tokens.closes | value_ends, space, carry.after_value);
  uint64_t none = 0;
  if ((behind_literal & space) != 0) {
    // The place behind the literal is shifted back to stand for its last byte.
    const uint64_t at_start = behind_literal & 1;
    none = at_start;
    after_value |= bytes_after(behind_literal >> 1, space, none);
    carry.after_value |= none;
  } else {
    after_value |= behind_literal;
  }
  const uint64_t after_key =
      bytes_after(tokens.closing_quotes & ~value_ends, space, carry.after_key);
  const uint64_t after_comma = bytes_after(tokens.commas, space, carry.after_comma);
  const uint64_t after_curly = bytes_after(tokens.opens & bytes.curlies, space, carry.after_curly);
  const uint64_t after_square =
      bytes_after(tokens.opens & ~bytes.curlies, space, carry.after_square);

  const uint64_t starts = tokens.opening_quotes | tokens.opens | tokens.literal_starts;
  const uint64_t ends = tokens.commas | tokens.closes;
  bad |= after_value & ~ends;
  bad |= after_key & ~(ends | tokens.colons);
  bad |= (after_colon | after_comma) & ~starts;
  bad |= after_curly & ~(tokens.opening_quotes | tokens.closes);
  bad |= after_square & ~(starts | tokens.closes);
  bad_in_object = bad | (after_comma & ~tokens.opening_quotes) | (after_key & ~tokens.colons);
  bad_in_array = bad | tokens.colons;
}

// Works out block `i` of the window. `in_quotes` holds for the bytes behind an odd number of quotes
// of the block.
template <typename PrefixXor>
[[gnu::always_inline]] inline void fill_block(const char* block, size_t i, const ByteMasks& bytes,
                                              const Text& text, PrefixXor prefix_xor,
                                              StructureCarry& carry, StructureWindow& window) {
  uint64_t valid = ~uint64_t{0};
  if (bytes.controls != 0 || text.end - block <= static_cast<ptrdiff_t>(64))
    valid = valid_bits(block, text, bytes.controls, window.at_end);
  uint64_t quotes = bytes.quotes & valid;
  uint64_t bad = 0;
  if (((bytes.backslashes & valid) | carry.escaped) != 0) {
    const uint64_t escaped = escaped_bytes(bytes.backslashes & valid, carry.escaped);
    bad = malformed_unicode(block, escaped & valid, text.end);
    quotes &= ~escaped;
    window.has_backslash = true;
  }
  const uint64_t in_string = prefix_xor(quotes) ^ carry.in_string;
  carry.in_string = 0 - (in_string >> 63);
  const uint64_t outside = ~in_string & ~quotes & valid;
  Tokens tokens{};
  tokens.opening_quotes = quotes & in_string;
  tokens.closing_quotes = quotes & ~in_string;
  tokens.opens = bytes.opens & outside;
  tokens.closes = bytes.closes & outside;
  tokens.commas = bytes.commas & outside;
  tokens.colons = bytes.colons & outside;
  if (((bytes.spaces | bytes.controls) & outside) != 0)
    tokens.space = (bytes.spaces & outside) | bits_where(block, bytes.controls & outside,
                                                         text.stop_at_line_end ? "\t" : "\t\n\r");
  tokens.literals =
      outside & ~(tokens.opens | tokens.closes | tokens.commas | tokens.colons | tokens.space);
  tokens.literal_starts = tokens.literals & ~(tokens.literals << 1 | carry.in_literal);
  if (tokens.literal_starts != 0)
    bad |= malformed_literals(block, tokens.literal_starts, text.stop_at_line_end);
  window.quotes[i] = quotes;
  window.opens[i] = tokens.opens;
  window.brackets[i] = tokens.opens | tokens.closes;
  window.curlies[i] = bytes.curlies;
  window.colons[i] = tokens.colons;
  check_tokens(bytes, tokens, in_string, bad, carry, window.bad_in_object[i],
               window.bad_in_array[i]);
  if ((bytes.non_ascii & valid) != 0) window.has_non_ascii = true;
}

using WindowBytes = std::array<ByteMasks, StructureWindow::kNumBlocks>;

size_t num_blocks_of(const char* begin, const char* end) {
  const auto size = static_cast<size_t>(end - begin);
  const size_t num_blocks =
      (size + StructureWindow::kBlockBytes - 1) / StructureWindow::kBlockBytes;
  return std::min(num_blocks, StructureWindow::kNumBlocks);
}

// Reads the bytes of a window up to the first block with a line end, if that is where to stop.
// Returns the number of blocks. In a loop of its own, so that what is searched for stays in
// registers; inlined into a function that is compiled for the processor that `read_block` needs.
template <typename ReadBlock>
[[gnu::always_inline]] inline size_t read_window(const char* begin, const Text& text,
                                                 ReadBlock read_block, WindowBytes& bytes) {
  const size_t num_blocks = num_blocks_of(begin, text.end);
  for (size_t i = 0; i < num_blocks; ++i) {
    bytes[i] = read_block(begin + i * StructureWindow::kBlockBytes);
    // Other controls end it early, too, which does no harm: the next window goes on from there.
    if (text.stop_at_line_end && bytes[i].controls != 0) return i + 1;
  }
  return num_blocks;
}

template <typename PrefixXor>
[[gnu::always_inline]] inline void fill_blocks(const char* begin, const Text& text,
                                               const WindowBytes& bytes, size_t num_blocks,
                                               PrefixXor prefix_xor, StructureCarry& carry,
                                               StructureWindow& window) {
  window.num_blocks = 0;
  window.has_non_ascii = false;
  window.has_backslash = false;
  window.at_end = begin >= text.end;
  StructureCarry local = carry;
  while (!window.at_end && window.num_blocks < num_blocks) {
    const size_t i = window.num_blocks++;
    fill_block(begin + i * StructureWindow::kBlockBytes, i, bytes[i], text, prefix_xor, local,
               window);
  }
  carry = local;
}

ByteMasks read_bytes_portable(const char* block) {
  ByteMasks masks{};
  for (size_t i = 0; i < StructureWindow::kBlockBytes; ++i) {
    const uint64_t bit = uint64_t{1} << i;
    const char c = block[i];
    switch (c) {
      case '"': masks.quotes |= bit; break;
      case '\\': masks.backslashes |= bit; break;
      case '{': masks.curlies |= bit; [[fallthrough]];
      case '[': masks.opens |= bit; break;
      case '}': masks.curlies |= bit; [[fallthrough]];
      case ']': masks.closes |= bit; break;
      case ',': masks.commas |= bit; break;
      case ':': masks.colons |= bit; break;
      case ' ': masks.spaces |= bit; break;
      default:
        if ((c & 0x80) != 0)
          masks.non_ascii |= bit;
        else if (c < ' ')
          masks.controls |= bit;
    }
  }
  return masks;
}

uint64_t prefix_xor_portable(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

void fill_portable(const char* begin, const char* end, bool stop_at_line_end, StructureCarry& carry,
                   StructureWindow& window) {
  const Text text{end, stop_at_line_end};
  WindowBytes bytes;
  const size_t num_blocks = read_window(begin, text, read_bytes_portable, bytes);
  fill_blocks(begin, text, bytes, num_blocks, prefix_xor_portable, carry, window);
}

#if defined(__x86_64__)

constexpr char kCurlyBit = 0x20;  // tells { from [ and } from ]

[[gnu::target("pclmul"), gnu::always_inline]] inline uint64_t prefix_xor_pclmul(uint64_t bits) {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(bits)),
                                               _mm_set1_epi8(static_cast<char>(0xFF)), 0);
  return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
}

struct Bytes64 {
  __m256i low;
  __m256i high;
};

[[gnu::target("avx2"), gnu::always_inline]] inline uint64_t top_bits(__m256i low, __m256i high) {
  return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

[[gnu::target("avx2"), gnu::always_inline]] inline uint64_t equal_bits(const Bytes64& bytes,
                                                                       char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return top_bits(_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted));
}

[[gnu::target("avx2"), gnu::always_inline]] inline ByteMasks read_bytes_avx2(const char* block) {
  const Bytes64 bytes{_mm256_loadu_si256(reinterpret_cast<const __m256i*>(block)),
                      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32))};
  const __m256i curly = _mm256_set1_epi8(kCurlyBit);
  const Bytes64 curled{_mm256_or_si256(bytes.low, curly), _mm256_or_si256(bytes.high, curly)};
  const __m256i last_control = _mm256_set1_epi8(' ' - 1);
  ByteMasks masks;
  masks.quotes = equal_bits(bytes, '"');
  masks.backslashes = equal_bits(bytes, '\\');
  masks.opens = equal_bits(curled, '{');
  masks.closes = equal_bits(curled, '}');
  masks.curlies = top_bits(_mm256_slli_epi16(bytes.low, 2), _mm256_slli_epi16(bytes.high, 2));
  masks.commas = equal_bits(bytes, ',');
  masks.colons = equal_bits(bytes, ':');
  masks.spaces = equal_bits(bytes, ' ');
  masks.controls =
      top_bits(_mm256_cmpeq_epi8(_mm256_min_epu8(bytes.low, last_control), bytes.low),
               _mm256_cmpeq_epi8(_mm256_min_epu8(bytes.high, last_control), bytes.high));
  masks.non_ascii = top_bits(bytes.low, bytes.high);
  return masks;
}

[[gnu::target("avx2,pclmul,bmi")]] void fill_avx2(const char* begin, const char* end,
                                                  bool stop_at_line_end, StructureCarry& carry,
                                                  StructureWindow& window) {
  const Text text{end, stop_at_line_end};
  WindowBytes bytes;
  const size_t num_blocks = read_window(begin, text, read_bytes_avx2, bytes);
  fill_blocks(begin, text, bytes, num_blocks, prefix_xor_pclmul, carry, window);
}

[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline ByteMasks read_bytes_avx512(
    const char* block) {
  const __m512i bytes = _mm512_loadu_si512(block);
  const __m512i curly = _mm512_set1_epi8(kCurlyBit);
  const __m512i curled = _mm512_or_si512(bytes, curly);
  ByteMasks masks;
  masks.quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
  masks.backslashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'));
  masks.opens = _mm512_cmpeq_epi8_mask(curled, _mm512_set1_epi8('{'));
  masks.closes = _mm512_cmpeq_epi8_mask(curled, _mm512_set1_epi8('}'));
  masks.curlies = _mm512_test_epi8_mask(bytes, curly);
  masks.commas = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(','));
  masks.colons = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(':'));
  masks.spaces = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' '));
  masks.controls = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(' '));
  masks.non_ascii = _mm512_movepi8_mask(bytes);
  return masks;
}

[[gnu::target("avx2,avx512f,avx512bw,pclmul,bmi")]] void fill_avx512(const char* begin,
                                                                     const char* end,
                                                                     bool stop_at_line_end,
                                                                     StructureCarry& carry,
                                                                     StructureWindow& window) {
  const Text text{end, stop_at_line_end};
  WindowBytes bytes;
  const size_t num_blocks = read_window(begin, text, read_bytes_avx512, bytes);
  fill_blocks(begin, text, bytes, num_blocks, prefix_xor_pclmul, carry, window);
}

#endif

}  // namespace

const std::array<StructureFiller, 3>& structure_fillers() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
                               __builtin_cpu_supports("bmi");
  // Processors older than AVX-512 VBMI2 slow down when they meet such wide registers.
  static const bool has_avx512 =
      has_avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
  static const std::array<StructureFiller, 3> fillers{{{"AVX-512", has_avx512, fill_avx512},
                                                       {"AVX2", has_avx2, fill_avx2},
                                                       {"portable", true, fill_portable}}};
#else
  static const std::array<StructureFiller, 3> fillers{{{"portable", true, fill_portable},
                                                       {"portable", true, fill_portable},
                                                       {"portable", true, fill_portable}}};
#endif
  return fillers;
}

void fill_structure_window(const char* begin, const char* end, bool stop_at_line_end,
                           StructureCarry& carry, StructureWindow& window) {
  static const auto fill = [] {
    for (const StructureFiller& filler : structure_fillers()) {
      if (filler.supported) return filler.fill;
    }
    return fill_portable;
  }();
  fill(begin, end, stop_at_line_end, carry, window);
}

}  // namespace trailsql
