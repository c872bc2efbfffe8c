// One JSON text as a small tree, read as leniently as the OpenX SerDe reads: the slow but exact
// path. source: behaviour of Trino 476's OpenX JSON reader, asked from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/scan_limits.h"
#include "types/column.h"

namespace trailsql {

/// One value of a document. Views point into the parsed text or into the document's own memory.
struct JsonNode {
  enum class Kind : uint8_t {
    kNull,
    kQuoted,   // a string in quotes, decoded
    kLiteral,  // any other scalar, as written: numbers, true, false, unquoted words
    kObject,
    kArray,
  };
  static constexpr uint32_t kNone = 0xffffffff;

  Kind kind = Kind::kNull;
  std::string_view text;         // as written; of quoted strings decoded, without their quotes
  std::string_view name;         // the key under which the parent object holds this value
  uint32_t first_child = kNone;  // index into JsonDocument::nodes
  uint32_t next_sibling = kNone;
};

/// Says how keys are compared; see OpenXOptions.
struct KeyRules {
  bool case_insensitive = true;
  bool merges_by_case = true;  // members whose keys differ in case alone become one, the last
};

/// Returns whether two keys are the same one.
bool same_key(std::string_view a, std::string_view b, const KeyRules& rules);

/// Parses texts one after the other, reusing its memory.
class JsonDocument {
 public:
  /// Parses the value at the front of `text` (valid UTF-8, which must outlive the nodes); text
  /// behind it is not looked at. Returns whether there is one; if not, `problem()` says why.
  bool parse(std::string_view text, const KeyRules& rules);

  /// The root, after a successful parse, is node 0.
  const std::vector<JsonNode>& nodes() const { return nodes_; }
  const JsonNode& node(uint32_t index) const { return nodes_[index]; }
  /// Returns how many bytes of the text the value took, with what stood before it.
  size_t consumed_bytes() const { return position_; }
  /// Returns how many objects and arrays lie within each other at most.
  size_t depth() const { return depth_; }
  /// Returns why the last parse failed, in the words of the SerDe.
  const std::string& problem() const { return problem_; }
  /// Returns whether it failed at more than kMaxNestingDepth objects and arrays.
  bool is_too_deep() const { return depth_ > kMaxNestingDepth; }

  /// Frees memory that one huge document took.
  void shrink();

 private:
  static constexpr int kEnd = -1;

  bool parse_value(uint32_t node, size_t depth);
  bool parse_object(uint32_t node, size_t depth);
  bool parse_member(size_t depth);
  bool parse_array(uint32_t node, size_t depth);
  bool parse_quoted(char quote, std::string_view& text);
  bool parse_literal(uint32_t node);
  bool skip_to_token(int& token);
  void skip_line_comment();
  void link_children(uint32_t node, size_t first_pending);
  void drop_repeated_keys(size_t first_pending);
  uint32_t add_node();
  bool fail(std::string_view reason);

  std::string_view text_;
  KeyRules rules_;
  size_t position_ = 0;
  size_t depth_ = 0;
  std::vector<JsonNode> nodes_;
  std::vector<uint32_t> pending_;  // children of the open objects and arrays, innermost last
  StringArena decoded_;
  std::string problem_;
};

/// Decodes the escapes of `raw`, the text between two quotes, into `out`, which has room for
/// raw.size() bytes. Returns the number of bytes written, or -1 when an escape is malformed. A lone
/// surrogate becomes '?'.
int64_t decode_escapes(std::string_view raw, char* out);

}  // namespace trailsql
