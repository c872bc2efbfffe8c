// Regular expressions of Trino's (Java's) flavour. RE2 runs all it can, in linear time; what it
// refuses (look-around, back references, possessive quantifiers) runs in PCRE2 under limits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// Places of a match: element 0 is the whole, the others its groups; empty where a group took no
/// part.
struct RegexpSpan {
  size_t begin;
  size_t end;
};
using RegexpMatch = std::vector<std::optional<RegexpSpan>>;

/// Holds one compiled pattern. Immutable, safe from several threads.
class Regexp {
 public:
  virtual ~Regexp() = default;

  /// Returns the pattern compiled; each thread keeps its last ones. The reference is valid until
  /// the thread's next call. Throws INVALID_FUNCTION_ARGUMENT for what is no pattern.
  static const Regexp& of(std::string_view pattern);
  /// Says what of a text a match has to be.
  enum class Extent : uint8_t { kPart, kWhole };
  /// Returns the pattern compiled, for whoever keeps it. Throws as `of` does.
  static std::shared_ptr<const Regexp> compile(std::string_view pattern,
                                               Extent extent = Extent::kPart);

  virtual size_t num_groups() const = 0;
  /// Returns the number of a named group; empty when there is none.
  virtual std::optional<size_t> find_group(const std::string& name) const = 0;
  /// Returns whether the text has a match.
  virtual bool matches(std::string_view text) const = 0;
  /// Finds the first match at or after `start`. Throws INVALID_FUNCTION_ARGUMENT when a limit ends
  /// the search.
  bool find(std::string_view text, size_t start, RegexpMatch& match) const;
  /// Does so, but says in `problem` that a limit ended the search; otherwise leaves it alone.
  virtual bool search(std::string_view text, size_t start, RegexpMatch& match,
                      std::string& problem) const = 0;
};

}  // namespace trailsql
