// Reads JSON text one step at a time, without building a tree: for json_extract and its kin, which
// stop at the value they want and never look at the rest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trailsql {

/// Moves over JSON text. Every step returns false (or empty) where the text is malformed; the
/// reader is useless then.
class JsonReader {
 public:
  /// Nesting that is read at most.
  static constexpr int kMaxDepth = 1000;

  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Returns the next byte that is no white space, without taking it; '\0' at the end.
  char peek();
  /// Takes `symbol` if it comes next.
  bool accept(char symbol);
  /// Takes a string and returns what stands between its quotes, still escaped.
  std::optional<std::string_view> read_string();
  /// Takes a string and returns its text, without escapes.
  std::optional<std::string> read_text();
  /// Takes the name of an object's field and the colon behind it; returns the name, without
  /// escapes.
  std::optional<std::string> read_key();
  /// Takes a number, true, false or null and returns it as written.
  std::optional<std::string_view> read_word();
  /// Takes any value; returns its text.
  std::optional<std::string_view> skip_value(int depth = 0);
  /// Returns whether only white space is left.
  bool at_end() { return peek() == '\0' && position_ >= text_.size(); }

 private:
  std::string_view text_;
  size_t position_ = 0;
};

/// Appends the text of a string that `read_string` returned. False when an escape is malformed.
bool append_unescaped(std::string& out, std::string_view escaped);
/// Appends `text` as a JSON string as Trino's JSON values have it: characters beyond U+FFFF are
/// written as two escapes.
void append_json_text(std::string& out, std::string_view text);
/// Returns whether `word` is a number by JSON's grammar.
bool is_json_number(std::string_view word);

/// Appends the value's canonical text as Trino's JSON type keeps it: no white space, keys sorted,
/// the last of equal keys, numbers as Java prints them. False when the text is no JSON value.
/// With `as_written` fields keep their order, as json_extract leaves them.
bool append_canonical_json(std::string& out, JsonReader& reader, bool as_written = false,
                           int depth = 0);
/// Returns the canonical text of a whole document; empty when it is no JSON.
std::optional<std::string> canonical_json(std::string_view text);

}  // namespace trailsql
