// One strict JSON text as pieces: the elements of an array, the members of an object, one at a
// time. For texts that are taken apart before they are read.
#pragma once

#include <cstddef>
#include <string_view>

#include "scan/structure_index.h"

namespace trailsql {

/// One member of an object, as it is written.
struct JsonMember {
  std::string_view key;    // between its quotes, escapes as they are
  std::string_view value;  // with its quotes or brackets
};

/// Reads one container from its front to its end, in memory that does not depend on its size. At
/// least ByteBuffer::kPaddingBytes readable bytes must follow every text. Of a text that was not
/// measured before, what is said is provisional, but never leads outside it. Not safe for several
/// threads.
class JsonPieces {
 public:
  /// Returns the length of the object or array at the front of `text`, which ends at its first line
  /// end if `one_line`; 0 when it is malformed, cut off, or more than 63 levels deep. Ends the
  /// reading of another text.
  size_t measure(std::string_view text, bool one_line);
  /// After a measure: returns the length up to the bracket that closes, if the rest is well-formed
  /// or not; 0 when there is none.
  size_t enclosed_bytes() const { return enclosed_bytes_; }
  /// After a measure: returns about how many bytes were looked at.
  size_t visited_bytes() const { return visited_bytes_; }

  /// Starts to read the object or array at the front of `text`, which may go on behind its end, or
  /// break off.
  void start(std::string_view text);
  /// Finds the next element of the array. Returns false behind the last one, and where the text
  /// breaks off or is no JSON.
  bool next_element(std::string_view& element);
  /// Finds the next member of the object, likewise.
  bool next_member(JsonMember& member);
  /// Finds the key of the next member; its value is yet to be passed.
  bool next_key(std::string_view& key);
  /// Returns the text from there on.
  std::string_view rest() const { return {next_, static_cast<size_t>(end_ - next_)}; }
  /// Passes the element, or the value behind a key, that begins there.
  bool pass_value(std::string_view& value);
  /// Returns whether the bracket that closes the container was reached.
  bool is_closed() const { return is_closed_; }

 private:
  const char* value_end(const char* value);
  const char* skip_space(const char* p) const;
  bool stop();

  StructureIndex index_;
  const char* next_ = nullptr;  // where an element or a key begins; `end_`: nowhere
  const char* end_ = nullptr;
  char close_ = ']';
  bool is_closed_ = false;
  size_t enclosed_bytes_ = 0;
  size_t visited_bytes_ = 0;
};

}  // namespace trailsql
