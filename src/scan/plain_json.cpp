#include "scan/plain_json.h"

#include <bit>
#include <cstdint>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/text.h"
#include "scan/json_text.h"

namespace trailsql {
namespace {

// Objects with more keys are compared some other way.
constexpr size_t kMaxKeys = 32;

constexpr size_t kBlockBytes = 64;

// What a block holds, one bit a byte.
struct Block {
  uint64_t quotes = 0;
  uint64_t special = 0;  // backslashes and control characters
};

#if defined(__x86_64__)
Block read_block(const char* block) {
  constexpr int kLaneBytes = 16;
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1F);
  Block masks;
  for (int lane = 0; lane < static_cast<int>(kBlockBytes); lane += kLaneBytes) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + lane));
    const __m128i special = _mm_or_si128(_mm_cmpeq_epi8(bytes, backslash),
                                         _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes));
    const auto bits = [lane](__m128i found) {
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found))) << lane;
    };
    masks.quotes |= bits(_mm_cmpeq_epi8(bytes, quote));
    masks.special |= bits(special);
  }
  return masks;
}
#else
Block read_block(const char* block) {
  Block masks;
  for (size_t i = 0; i < kBlockBytes; ++i) {
    const uint64_t bit = uint64_t{1} << i;
    if (block[i] == '"') masks.quotes |= bit;
    if (block[i] == '\\' || static_cast<uint8_t>(block[i]) < ' ') masks.special |= bit;
  }
  return masks;
}
#endif

// "</" is written with an escape.
bool closes_a_tag(std::string_view text) {
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] == '/') return true;
  }
  return false;
}

bool is_all_ascii(std::string_view text) {
  char bits = 0;
  for (const char c : text) bits = static_cast<char>(bits | c);
  return (bits & 0x80) == 0;
}

// Where a literal ends that is written as it stands; nullptr for others.
const char* plain_literal_end(const char* p, const char* end) {
  const char* start = p;
  while (p < end && *p != ',' && *p != '}' && *p != ']') ++p;
  const std::string_view literal(start, static_cast<size_t>(p - start));
  return literal == "null" || is_canonical_literal(literal) ? p : nullptr;
}

}  // namespace

// Letters beyond ASCII may be the same without regard to case, whatever their size.
bool PlainJson::is_new_key(std::string_view key) {
  const size_t first_key = open_.back().first_key;
  if (keys_.size() - first_key >= kMaxKeys || !is_all_ascii(key)) return false;
  for (size_t i = first_key; i < keys_.size(); ++i) {
    if (keys_[i].size() == key.size() && equals_ignoring_case(keys_[i], key)) return false;
  }
  keys_.push_back(key);
  return true;
}

// Takes what stands outside of strings, up to the next one.
bool PlainJson::take_tokens(const char* p, const char* end) {
  while (p < end) {
    switch (const char c = *p) {
      case ':': ++p; break;
      case ',':
        is_key_ = open_.back().is_object;
        ++p;
        break;
      case '{':
      case '[':
        open_.push_back({keys_.size(), c == '{'});
        is_key_ = c == '{';
        ++p;
        break;
      case '}':
      case ']':
        keys_.resize(open_.back().first_key);
        open_.pop_back();
        ++p;
        break;
      default:
        p = plain_literal_end(p, end);
        if (p == nullptr) return false;
    }
  }
  return true;
}

bool PlainJson::is_canonical(std::string_view text) {
  keys_.clear();
  open_.clear();
  is_key_ = false;
  const char* const end = text.data() + text.size();
  const char* begin = text.data();  // of the string at hand, or of what stands before the next
  bool is_in_string = false;
  for (const char* block = text.data(); block < end; block += kBlockBytes) {
    Block masks = read_block(block);
    const auto left = static_cast<size_t>(end - block);
    const uint64_t valid = left < kBlockBytes ? (uint64_t{1} << left) - 1 : ~uint64_t{0};
    if ((masks.special & valid) != 0) return false;
    for (uint64_t quotes = masks.quotes & valid; quotes != 0; quotes &= quotes - 1) {
      const char* quote = block + std::countr_zero(quotes);
      if (!is_in_string) {
        if (!take_tokens(begin, quote)) return false;
      } else if (std::exchange(is_key_, false)) {
        if (!is_new_key({begin, static_cast<size_t>(quote - begin)})) return false;
      }
      begin = quote + 1;
      is_in_string = !is_in_string;
    }
  }
  return take_tokens(begin, end) && !closes_a_tag(text);
}

}  // namespace trailsql
