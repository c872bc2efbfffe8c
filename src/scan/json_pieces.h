// One strict JSON document as pieces of its text: the elements of an array, the members of an
// object. For texts that are taken apart before they are read.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "scan/structure_index.h"

namespace trailsql {

/// One member of an object, as it is written.
struct JsonMember {
  std::string_view key;    // between its quotes, escapes as they are
  std::string_view value;  // with its quotes or brackets
};

/// Cuts documents. At least ByteBuffer::kPaddingBytes readable bytes must follow every text. Not
/// safe for several threads.
class JsonPieces {
 public:
  /// Returns the length of the object or array at the front of `text`, which ends at its first line
  /// end if `one_line`; 0 when it is malformed, cut off, or more than 63 levels deep.
  size_t document_size(std::string_view text, bool one_line);
  /// Finds the elements of `array`, a text from bracket to bracket. Returns false when it is
  /// malformed.
  bool split_array(std::string_view array, std::vector<std::string_view>& elements);
  /// Finds the members of `object`, likewise.
  bool split_object(std::string_view object, std::vector<JsonMember>& members);
  /// Finds the elements of the array in which `text`, a document that breaks off or has an error
  /// somewhere, ends to be readable: those before that place, each well-formed. The array is the
  /// document itself, or the value of a member whose key `is_wanted`; without one, none.
  void split_broken(std::string_view text, const std::function<bool(std::string_view)>& is_wanted,
                    std::vector<std::string_view>& elements);

 private:
  bool open(std::string_view text);
  const char* pass_value(const char* value);
  const char* pass_key(const char* quote, std::string_view& key);
  const char* pass_separator(const char* end, char close, bool& closed);

  StructureIndex index_;
};

}  // namespace trailsql
