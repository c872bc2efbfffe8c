// The properties of the OpenX JSON SerDe, as one value; what CloudTrail's own does differently is
// told in the same terms, and so is Hive's.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scan/json_document.h"
#include "scan/scan_spec.h"
#include "scan/timestamp_text.h"

namespace trailsql {

struct OpenXOptions {
  bool ignore_malformed = false;                     // ignore.malformed.json
  bool dots_in_keys = false;                         // dots.in.keys: key a.b stands for column a_b
  bool null_for_invalid_data = false;                // use.null.for.invalid.data
  bool strict = false;                               // Hive's own SerDe: strict_json.h, kinds too
  bool html_safe_text = true;                        // objects as text: "</" as "<\\/"
  KeyRules keys;                                     // case.insensitive
  std::map<std::string, std::string> mappings;       // mapping.<column>: column → key
  std::vector<TimestampPattern> timestamp_patterns;  // timestamp.formats

  /// Returns the JSON key that holds the column or field `name` (lower case).
  const std::string& key_of(const std::string& name) const;
};

/// Returns how files of a format of JSON are read. Errors as below.
OpenXOptions options_of(const ScanFormat& format);

/// Reads SERDEPROPERTIES (keys in lower case); unknown ones are ignored, as SerDes do. Throws
/// NOT_SUPPORTED for a letter in timestamp.formats that is not understood.
OpenXOptions parse_openx_options(const std::map<std::string, std::string>& properties);

}  // namespace trailsql
