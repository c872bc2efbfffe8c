// From bytes to tokens and their errors, one block of 64 bytes at a time, white space or not.
// Inside of structure_window.cpp: everything here is inlined into functions for different
// processors.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/text.h"
#include "scan/structure_window.h"

namespace trailsql::structure {

inline constexpr size_t kNumBlocks = StructureWindow::kNumBlocks;

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

inline uint64_t bits_where(const char* block, uint64_t candidates, std::string_view wanted) {
  uint64_t found = 0;
  for (; candidates != 0; candidates &= candidates - 1) {
    const int i = std::countr_zero(candidates);
    if (wanted.find(block[i]) != std::string_view::npos) found |= uint64_t{1} << i;
  }
  return found;
}

// Returns the bytes that a backslash before them escapes. `carry` is whether the block's first byte
// is escaped, and becomes that of the next block. Blocks with backslashes are rare and have few.
inline uint64_t escaped_bytes(uint64_t backslashes, uint64_t& carry) {
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

// Returns the places of \u without four hexadecimal digits.
inline uint64_t malformed_unicode(const char* block, uint64_t escaped, const char* end) {
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

inline bool is_number_character(char c) {
  return is_digit(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

// Numbers are those that begin and continue with the right characters; what they are worth is
// decided where they are converted.
inline bool is_good_literal(const char* p, bool one_line) {
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
      if (*p != '-' && !is_digit(*p)) return false;
      while (is_number_character(*p)) ++p;
  }
  return *p == ',' || *p == '}' || *p == ']' || *p == ' ' || *p == '\t' ||
         (!one_line && (*p == '\n' || *p == '\r'));
}

inline uint64_t malformed_literals(const char* block, uint64_t starts, bool one_line) {
  uint64_t bad = 0;
  for (; starts != 0; starts &= starts - 1) {
    if (!is_good_literal(block + std::countr_zero(starts), one_line)) bad |= starts & (~starts + 1);
  }
  return bad;
}

// Returns the bits of the block that belong to the text; `at_end` if it ends there.
inline uint64_t valid_bits(const char* block, const Text& text, uint64_t controls, bool& at_end) {
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

// Where the strings of one block lie.
struct Strings {
  uint64_t quotes;     // that no backslash escapes
  uint64_t in_string;  // from an opening quote up to the byte before the closing one
  uint64_t outside;    // of the text, neither quotes nor between them
  uint64_t bad;        // malformed escapes
};

template <typename PrefixXor>
[[gnu::always_inline]] inline Strings strings_of(const char* block, uint64_t valid, uint64_t quotes,
                                                 uint64_t backslashes, const Text& text,
                                                 PrefixXor prefix_xor, StructureCarry& carry,
                                                 StructureWindow& window) {
  Strings strings{quotes & valid, 0, 0, 0};
  if (((backslashes & valid) | carry.escaped) != 0) {
    const uint64_t escaped = escaped_bytes(backslashes & valid, carry.escaped);
    strings.bad = malformed_unicode(block, escaped & valid, text.end);
    strings.quotes &= ~escaped;
    window.has_backslash = true;
  }
  strings.in_string = prefix_xor(strings.quotes) ^ carry.in_string;
  carry.in_string = 0 - (strings.in_string >> 63);
  strings.outside = ~strings.in_string & ~strings.quotes & valid;
  return strings;
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

// Where the next token must begin, by the token before it.
struct Followers {
  uint64_t of_values;
  uint64_t of_keys;
  uint64_t of_commas;
  uint64_t of_colons;
  uint64_t of_curlies;  // the opening ones
  uint64_t of_squares;  // the opening ones
};

// The tokens as those that may follow others.
struct Allowed {
  uint64_t opening_quotes;
  uint64_t closes;
  uint64_t colons;
  uint64_t starts;  // of values
  uint64_t ends;    // what may stand behind a value
};

// Sets the errors of a block: every token must be one that may follow the token before it.
[[gnu::always_inline]] inline void set_errors(const Followers& followers, const Allowed& allowed,
                                              uint64_t bad, uint64_t& bad_in_object,
                                              uint64_t& bad_in_array) {
  bad |= followers.of_values & ~allowed.ends;
  bad |= followers.of_keys & ~(allowed.ends | allowed.colons);
  bad |= (followers.of_colons | followers.of_commas) & ~allowed.starts;
  bad |= followers.of_curlies & ~(allowed.opening_quotes | allowed.closes);
  bad |= followers.of_squares & ~(allowed.starts | allowed.closes);
  bad_in_object =
      bad | (followers.of_commas & ~allowed.opening_quotes) | (followers.of_keys & ~allowed.colons);
  bad_in_array = bad | allowed.colons;
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

[[gnu::always_inline]] inline void check_tokens(const ByteMasks& bytes, const Tokens& tokens,
                                                uint64_t in_string, uint64_t bad,
                                                StructureCarry& carry, uint64_t& bad_in_object,
                                                uint64_t& bad_in_array) {
  const uint64_t space = tokens.space;
  Followers followers{};
  followers.of_colons = bytes_after(tokens.colons, space, carry.after_colon);
  // A bit added at the opening quote is carried to the closing one.
  const uint64_t value_quotes = tokens.opening_quotes & followers.of_colons;
  unsigned long long sum = 0;
  bool overflow = __builtin_uaddll_overflow(in_string, value_quotes, &sum);
  overflow = __builtin_uaddll_overflow(sum, carry.in_value_string, &sum) || overflow;
  carry.in_value_string = overflow ? 1 : 0;
  const uint64_t value_ends = sum & tokens.closing_quotes;
  // A literal ends where it goes on no more, so its last byte is known only here.
  const uint64_t behind_literal = (tokens.literals << 1 | carry.in_literal) & ~tokens.literals;
  carry.in_literal = tokens.literals >> 63;
  followers.of_values = bytes_after(tokens.closes | value_ends, space, carry.after_value);
  if ((behind_literal & space) != 0) {
    // The place behind the literal is shifted back to stand for its last byte.
    uint64_t carried = behind_literal & 1;
    followers.of_values |= bytes_after(behind_literal >> 1, space, carried);
    carry.after_value |= carried;
  } else {
    followers.of_values |= behind_literal;
  }
  followers.of_keys = bytes_after(tokens.closing_quotes & ~value_ends, space, carry.after_key);
  followers.of_commas = bytes_after(tokens.commas, space, carry.after_comma);
  followers.of_curlies = bytes_after(tokens.opens & bytes.curlies, space, carry.after_curly);
  followers.of_squares = bytes_after(tokens.opens & ~bytes.curlies, space, carry.after_square);
  set_errors(
      followers,
      {tokens.opening_quotes, tokens.closes, tokens.colons,
       tokens.opening_quotes | tokens.opens | tokens.literal_starts, tokens.commas | tokens.closes},
      bad, bad_in_object, bad_in_array);
}

// Works out block `i` of the window.
template <typename PrefixXor>
[[gnu::always_inline]] inline void fill_block(const char* block, size_t i, const ByteMasks& bytes,
                                              const Text& text, PrefixXor prefix_xor,
                                              StructureCarry& carry, StructureWindow& window) {
  uint64_t valid = ~uint64_t{0};
  if (bytes.controls != 0 ||
      text.end - block <= static_cast<ptrdiff_t>(StructureWindow::kBlockBytes))
    valid = valid_bits(block, text, bytes.controls, window.at_end);
  const Strings strings =
      strings_of(block, valid, bytes.quotes, bytes.backslashes, text, prefix_xor, carry, window);
  const uint64_t outside = strings.outside;
  uint64_t bad = strings.bad;
  Tokens tokens{};
  tokens.opening_quotes = strings.quotes & strings.in_string;
  tokens.closing_quotes = strings.quotes & ~strings.in_string;
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
  window.quotes[i] = strings.quotes;
  window.opens[i] = tokens.opens;
  window.brackets[i] = tokens.opens | tokens.closes;
  window.curlies[i] = bytes.curlies;
  window.colons[i] = tokens.colons;
  check_tokens(bytes, tokens, strings.in_string, bad, carry, window.bad_in_object[i],
               window.bad_in_array[i]);
  if ((bytes.non_ascii & valid) != 0) window.has_non_ascii = true;
}

}  // namespace trailsql::structure
