// Where the tokens of a stretch of JSON text lie and which of them cannot stand there, 64 bytes at
// a time: what the fast path walks over.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace trailsql {

/// A stretch of text as bit masks: bit i of word w stands for byte 64 w + i. Whether a token may
/// follow the one before it depends on the container around both in two places only (behind commas
/// and behind keys), so there are two masks of errors; the walker knows which one counts.
struct StructureWindow {
  static constexpr size_t kNumBlocks = 64;
  static constexpr size_t kBlockBytes = 64;
  using Masks = std::array<uint64_t, kNumBlocks>;
  Masks quotes;         // that no backslash escapes
  Masks brackets;       // { } [ ] outside strings
  Masks opens;          // { [ among them
  Masks curlies;        // holds for brackets: { or }
  Masks colons;         // outside strings
  Masks bad_in_object;  // tokens that cannot stand there, within an object
  Masks bad_in_array;   // the same within an array
  size_t num_blocks = 0;
  bool has_non_ascii = false;
  bool has_backslash = false;
  bool at_end = false;  // the text, or the line, ends in the last block
};

/// What is carried from one window of a text to the next. Each flag is 1 if the first byte is
/// concerned.
struct StructureCarry {
  uint64_t escaped = 0;
  uint64_t in_string = 0;        // all bits, if so
  uint64_t in_value_string = 0;  // in one that stands behind a colon
  uint64_t in_literal = 0;
  uint64_t after_value =
      0;                   // only white space since the last value (but strings not behind colons)
  uint64_t after_key = 0;  // … since a string that does not stand behind a colon
  uint64_t after_comma = 0;
  uint64_t after_colon = 0;
  uint64_t after_curly = 0;   // … since {
  uint64_t after_square = 0;  // … since [
};

/// Fills `window` from `begin` up to `end`, or with `stop_at_line_end` up to the first CR or LF, or
/// until it is full. At least 64 readable bytes must follow `end`. Chosen at run time for the
/// processor.
void fill_structure_window(const char* begin, const char* end, bool stop_at_line_end,
                           StructureCarry& carry, StructureWindow& window);

/// One way of doing so.
struct StructureFiller {
  const char* name;
  bool supported;  // by this processor
  void (*fill)(const char* begin, const char* end, bool stop_at_line_end, StructureCarry& carry,
               StructureWindow& window);
};
/// Returns all ways, the best first and the portable one last: the tests compare them.
const std::array<StructureFiller, 3>& structure_fillers();

}  // namespace trailsql
