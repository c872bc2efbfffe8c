#include "scan/structure_window.h"

#include "scan/compact_window.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trailsql {
namespace {

using structure::ByteMasks;
using structure::fill_window;

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
  fill_window(begin, {end, stop_at_line_end}, read_bytes_portable, prefix_xor_portable, carry,
              window);
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
  const __m256i space = _mm256_set1_epi8(' ');
  const __m256i backslash = _mm256_set1_epi8('\\');
  // As signed numbers, bytes beyond ASCII are less than a space, too.
  const Bytes64 unusual{
      _mm256_or_si256(_mm256_cmpgt_epi8(space, bytes.low), _mm256_cmpeq_epi8(bytes.low, backslash)),
      _mm256_or_si256(_mm256_cmpgt_epi8(space, bytes.high),
                      _mm256_cmpeq_epi8(bytes.high, backslash))};
  const Bytes64 curled{_mm256_or_si256(bytes.low, curly), _mm256_or_si256(bytes.high, curly)};
  ByteMasks masks;
  masks.quotes = equal_bits(bytes, '"');
  masks.opens = equal_bits(curled, '{');
  masks.closes = equal_bits(curled, '}');
  masks.curlies = top_bits(_mm256_slli_epi16(bytes.low, 2), _mm256_slli_epi16(bytes.high, 2));
  masks.commas = equal_bits(bytes, ',');
  masks.colons = equal_bits(bytes, ':');
  masks.spaces = equal_bits(bytes, ' ');
  masks.backslashes = masks.controls = masks.non_ascii = 0;
  // Most blocks have none of these, which one look tells.
  if (_mm256_movemask_epi8(_mm256_or_si256(unusual.low, unusual.high)) != 0) {
    masks.backslashes = equal_bits(bytes, '\\');
    masks.non_ascii = top_bits(bytes.low, bytes.high);
    masks.controls =
        top_bits(_mm256_cmpgt_epi8(space, bytes.low), _mm256_cmpgt_epi8(space, bytes.high)) &
        ~masks.non_ascii;
  }
  return masks;
}

[[gnu::target("avx2,pclmul,bmi")]] void fill_avx2(const char* begin, const char* end,
                                                  bool stop_at_line_end, StructureCarry& carry,
                                                  StructureWindow& window) {
  fill_window(begin, {end, stop_at_line_end}, read_bytes_avx2, prefix_xor_pclmul, carry, window);
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
  fill_window(begin, {end, stop_at_line_end}, read_bytes_avx512, prefix_xor_pclmul, carry, window);
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
