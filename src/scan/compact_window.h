// From bytes to tokens and their errors, a whole window at a time, where no white space stands
// outside of strings, as in all logs as they are delivered. Inside of structure_window.cpp:
// everything here is inlined into functions for different processors.
#pragma once

#include <algorithm>
#include <array>

#include "scan/structure_tokens.h"

namespace trailsql::structure {

// The ByteMasks of a window, one array for each kind.
struct WindowBytes {
  StructureWindow::Masks quotes;
  StructureWindow::Masks backslashes;
  StructureWindow::Masks opens;
  StructureWindow::Masks closes;
  StructureWindow::Masks curlies;
  StructureWindow::Masks commas;
  StructureWindow::Masks colons;
  StructureWindow::Masks spaces;
  StructureWindow::Masks controls;
  StructureWindow::Masks non_ascii;

  [[gnu::always_inline]] void set(size_t i, const ByteMasks& block) {
    quotes[i] = block.quotes;
    backslashes[i] = block.backslashes;
    opens[i] = block.opens;
    closes[i] = block.closes;
    curlies[i] = block.curlies;
    commas[i] = block.commas;
    colons[i] = block.colons;
    spaces[i] = block.spaces;
    controls[i] = block.controls;
    non_ascii[i] = block.non_ascii;
  }
  ByteMasks at(size_t i) const {
    return {quotes[i], backslashes[i], opens[i],  closes[i],   curlies[i],
            commas[i], colons[i],      spaces[i], controls[i], non_ascii[i]};
  }
};

// Reads the bytes of a window up to the first block with a line end, if that is where to stop.
// Returns the number of blocks. Inlined into a function that is compiled for the processor that
// `read_block` needs, as are the others below.
template <typename ReadBlock>
[[gnu::always_inline]] inline size_t read_window(const char* begin, const Text& text,
                                                 ReadBlock read_block, WindowBytes& bytes) {
  const auto size = static_cast<size_t>(text.end - begin);
  const size_t num_blocks = std::min(
      (size + StructureWindow::kBlockBytes - 1) / StructureWindow::kBlockBytes, kNumBlocks);
  for (size_t i = 0; i < num_blocks; ++i) {
    bytes.set(i, read_block(begin + i * StructureWindow::kBlockBytes));
    // Other controls end it early, too, which does no harm: the next window goes on from there.
    if (text.stop_at_line_end && bytes.controls[i] != 0) return i + 1;
  }
  return num_blocks;
}

// The masks of a window, each behind the word before the window, of which only the top bit counts.
using Words = std::array<uint64_t, kNumBlocks + 1>;

// Returns the bytes of block `i` that stand behind those of `tokens`, where nothing is white space.
[[gnu::always_inline]] inline uint64_t next_bytes(const Words& tokens, size_t i) {
  return tokens[i + 1] << 1 | tokens[i] >> 63;
}

// What a window holds outside of its strings. Short loops over whole arrays are what compilers turn
// into vector instructions.
struct CompactWindow {
  std::array<uint64_t, kNumBlocks> in_string;
  std::array<uint64_t, kNumBlocks> outside;
  std::array<uint64_t, kNumBlocks> bad;
  std::array<uint64_t, kNumBlocks> closes;
  std::array<uint64_t, kNumBlocks> value_quotes;
  std::array<uint64_t, kNumBlocks> literal_starts;
  Words literals;
  Words colons;
  Words commas;
  Words curlies;  // the opening ones
  Words squares;  // the opening ones
  Words values;   // their ends, but not those of literals
  Words keys;     // the closing quotes of strings that do not stand behind colons

  void set_before(const StructureCarry& carry) {
    literals[0] = carry.in_literal << 63;
    colons[0] = carry.after_colon << 63;
    commas[0] = carry.after_comma << 63;
    curlies[0] = carry.after_curly << 63;
    squares[0] = carry.after_square << 63;
    values[0] = carry.after_value << 63;
    keys[0] = carry.after_key << 63;
  }
  void carry_on(size_t num_blocks, StructureCarry& carry) const {
    carry.in_literal = literals[num_blocks] >> 63;
    carry.after_colon = colons[num_blocks] >> 63;
    carry.after_comma = commas[num_blocks] >> 63;
    carry.after_curly = curlies[num_blocks] >> 63;
    carry.after_square = squares[num_blocks] >> 63;
    carry.after_value = values[num_blocks] >> 63;
    carry.after_key = keys[num_blocks] >> 63;
  }
};

// Finds the strings. Returns whether there is any white space outside of them.
template <typename PrefixXor>
[[gnu::always_inline]] inline bool find_strings(const char* begin, const Text& text,
                                                const WindowBytes& bytes, size_t num_blocks,
                                                PrefixXor prefix_xor, StructureCarry& carry,
                                                CompactWindow& compact, StructureWindow& window) {
  uint64_t space = 0;
  uint64_t non_ascii = 0;
  for (size_t i = 0; i < num_blocks; ++i) {
    uint64_t valid = ~uint64_t{0};
    const char* block = begin + i * StructureWindow::kBlockBytes;
    if (i + 1 == num_blocks) valid = valid_bits(block, text, bytes.controls[i], window.at_end);
    const Strings strings = strings_of(block, valid, bytes.quotes[i], bytes.backslashes[i], text,
                                       prefix_xor, carry, window);
    window.quotes[i] = strings.quotes;
    compact.in_string[i] = strings.in_string;
    compact.outside[i] = strings.outside;
    compact.bad[i] = strings.bad;
    space |= (bytes.spaces[i] | bytes.controls[i]) & strings.outside;
    non_ascii |= bytes.non_ascii[i] & valid;
  }
  window.has_non_ascii = non_ascii != 0;
  return space != 0;
}

[[gnu::always_inline]] inline void find_tokens(const WindowBytes& bytes, CompactWindow& compact,
                                               StructureWindow& window) {
  for (size_t i = 0; i < kNumBlocks; ++i) {
    const uint64_t outside = compact.outside[i];
    const uint64_t opens = bytes.opens[i] & outside;
    const uint64_t closes = bytes.closes[i] & outside;
    const uint64_t commas = bytes.commas[i] & outside;
    const uint64_t colons = bytes.colons[i] & outside;
    compact.closes[i] = closes;
    compact.commas[i + 1] = commas;
    compact.colons[i + 1] = colons;
    compact.curlies[i + 1] = opens & bytes.curlies[i];
    compact.squares[i + 1] = opens & ~bytes.curlies[i];
    compact.literals[i + 1] = outside & ~(opens | closes | commas | colons);
    window.opens[i] = opens;
    window.brackets[i] = opens | closes;
    window.curlies[i] = bytes.curlies[i];
    window.colons[i] = colons;
  }
  for (size_t i = 0; i < kNumBlocks; ++i) {
    compact.value_quotes[i] =
        window.quotes[i] & compact.in_string[i] & next_bytes(compact.colons, i);
    compact.literal_starts[i] = compact.literals[i + 1] & ~next_bytes(compact.literals, i);
  }
}

[[gnu::always_inline]] inline void tell_keys_from_values(size_t num_blocks, StructureCarry& carry,
                                                         CompactWindow& compact,
                                                         const StructureWindow& window) {
  uint64_t carried = carry.in_value_string;
  for (size_t i = 0; i < num_blocks; ++i) {
    // A bit added at the opening quote is carried to the closing one.
    unsigned long long sum = 0;
    bool overflow = __builtin_uaddll_overflow(compact.in_string[i], compact.value_quotes[i], &sum);
    overflow = __builtin_uaddll_overflow(sum, carried, &sum) || overflow;
    carried = overflow ? 1 : 0;
    const uint64_t closing = window.quotes[i] & ~compact.in_string[i];
    compact.values[i + 1] = (sum & closing) | compact.closes[i];
    compact.keys[i + 1] = closing & ~sum;
  }
  carry.in_value_string = carried;
}

// Sets the errors as check_tokens does, for windows without white space.
[[gnu::always_inline]] inline void check_compact(const CompactWindow& compact,
                                                 StructureWindow& window) {
  for (size_t i = 0; i < kNumBlocks; ++i) {
    const uint64_t opening_quotes = window.quotes[i] & compact.in_string[i];
    const uint64_t behind_literals = next_bytes(compact.literals, i) & ~compact.literals[i + 1];
    set_errors({next_bytes(compact.values, i) | behind_literals, next_bytes(compact.keys, i),
                next_bytes(compact.commas, i), next_bytes(compact.colons, i),
                next_bytes(compact.curlies, i), next_bytes(compact.squares, i)},
               {opening_quotes, compact.closes[i], window.colons[i],
                opening_quotes | window.opens[i] | compact.literal_starts[i],
                compact.commas[i + 1] | compact.closes[i]},
               compact.bad[i], window.bad_in_object[i], window.bad_in_array[i]);
  }
}

inline void check_literals(const char* begin, const Text& text, size_t num_blocks,
                           const CompactWindow& compact, StructureWindow& window) {
  for (size_t i = 0; i < num_blocks; ++i) {
    if (compact.literal_starts[i] == 0) continue;
    const uint64_t bad = malformed_literals(begin + i * StructureWindow::kBlockBytes,
                                            compact.literal_starts[i], text.stop_at_line_end);
    window.bad_in_object[i] |= bad;
    window.bad_in_array[i] |= bad;
  }
}

template <typename ReadBlock, typename PrefixXor>
[[gnu::always_inline]] inline void fill_window(const char* begin, const Text& text,
                                               ReadBlock read_block, PrefixXor prefix_xor,
                                               StructureCarry& carry, StructureWindow& window) {
  WindowBytes bytes;
  CompactWindow compact;
  const size_t num_blocks = read_window(begin, text, read_block, bytes);
  window.num_blocks = num_blocks;
  window.has_backslash = false;
  window.has_non_ascii = false;
  window.at_end = num_blocks == 0;
  if (num_blocks == 0) return;
  StructureCarry next = carry;
  if (find_strings(begin, text, bytes, num_blocks, prefix_xor, next, compact, window)) {
    for (size_t i = 0; i < num_blocks; ++i)
      fill_block(begin + i * StructureWindow::kBlockBytes, i, bytes.at(i), text, prefix_xor, carry,
                 window);
    return;
  }
  // Loops of constant length run over blocks that are not in the text, too; nobody looks at those.
  for (size_t i = num_blocks; i < kNumBlocks; ++i) {
    bytes.set(i, {});
    window.quotes[i] = compact.in_string[i] = compact.outside[i] = compact.bad[i] = 0;
    compact.values[i + 1] = compact.keys[i + 1] = 0;
  }
  compact.set_before(carry);
  find_tokens(bytes, compact, window);
  tell_keys_from_values(num_blocks, next, compact, window);
  check_compact(compact, window);
  check_literals(begin, text, num_blocks, compact, window);
  compact.carry_on(num_blocks, next);
  carry = next;
}

}  // namespace trailsql::structure
