// Grok: regular expressions made of named ones. source: the Glue user guide on Grok SerDe; the
// standard set has the names that logstash gave them, with definitions of our own.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

constexpr size_t kMaxGrokDepth = 50;            // patterns within patterns
constexpr size_t kMaxGrokRegexBytes = 1 << 20;  // of the expanded expression

using GrokDefinitions = std::map<std::string, std::string, std::less<>>;

/// Returns the standard patterns by name.
const GrokDefinitions& standard_grok_patterns();

/// Reads `input.grokCustomPatterns`: a line each, the name and its definition. Lines that have no
/// definition are ignored.
GrokDefinitions parse_grok_definitions(std::string_view text);

/// A format with everything written out.
struct GrokRegex {
  std::string regex;               // its groups are named g0, g1, …
  std::vector<std::string> names;  // what each of them captures, as written; of unnamed ones the
                                   // pattern's own name
  std::vector<bool> is_named;      // %{IP:client}, not %{IP}
};

/// Writes out a format: "%{IP:client} %{WORD}". Of custom and standard definitions the custom ones
/// count. Throws HIVE_INVALID_METADATA for unknown patterns, and beyond the limits above.
GrokRegex expand_grok(std::string_view format, const GrokDefinitions& custom);

}  // namespace trailsql
