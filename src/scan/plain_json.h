// JSON texts that need no work to become values.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace trailsql {

/// Finds out whether a text is spelled as append_json_text would spell it. Not safe for several
/// threads.
class PlainJson {
 public:
  /// Returns whether `text`, an object or array in strict JSON, surely is what comes of it when it
  /// is parsed and written again: without white space, escapes, repeated keys, or
  /// numbers that have another canonical form. At least 64 readable bytes must follow.
  bool is_canonical(std::string_view text);

 private:
  struct Open {        // an object or array
    size_t first_key;  // in `keys_`
    bool is_object;
  };
  bool is_new_key(std::string_view key);
  bool take_tokens(const char* begin, const char* end);

  std::vector<std::string_view> keys_;  // of the open objects, innermost last
  std::vector<Open> open_;
  bool is_key_ = false;  // whether the next string is one
};

}  // namespace trailsql
