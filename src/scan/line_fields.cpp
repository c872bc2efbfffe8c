#include "scan/line_fields.h"

#include <algorithm>

#include "base/error.h"
#include "scan/text_format.h"

namespace trailsql {
namespace {

// LazySimpleSerDe: a separator, and a character that takes the next one's meaning.
class DelimitedFields final : public LineFields {
 public:
  explicit DelimitedFields(const ScanSpec& spec) : rules_(delimited_rules(spec.format)) {}

  std::string_view read(std::string_view line, Fields& fields) override {
    std::fill(fields.begin(), fields.end(), std::nullopt);
    size_t field = 0;
    size_t start = 0;
    while (field < fields.size()) {
      const bool takes_rest = rules_.last_column_takes_rest && field + 1 == fields.size();
      const size_t end = takes_rest ? line.size() : rules_.piece_end(line, start, 0);
      const std::string_view text = line.substr(start, end - start);
      if (text != rules_.null_text) fields[field] = text;
      if (end == line.size()) break;
      start = end + 1;
      ++field;
    }
    return {};
  }

 private:
  const DelimitedRules rules_;
};

}  // namespace

std::unique_ptr<LineFields> new_delimited_fields(const ScanSpec& spec) {
  return std::make_unique<DelimitedFields>(spec);
}

std::unique_ptr<LineFields> new_line_fields(const ScanSpec& spec) {
  switch (spec.format.kind) {
    case ScanFormat::Kind::kDelimited: return new_delimited_fields(spec);
    case ScanFormat::Kind::kCsv: return new_csv_fields(spec);
    case ScanFormat::Kind::kRegex: return new_regex_fields(spec);
    case ScanFormat::Kind::kGrok: return new_grok_fields(spec);
    case ScanFormat::Kind::kOpenXJson:
    case ScanFormat::Kind::kHiveJson:
    case ScanFormat::Kind::kCloudTrail:
    case ScanFormat::Kind::kCloudTrailRecords:
    case ScanFormat::Kind::kParquet: break;
  }
  throw QueryError(ErrorCode::kGenericInternalError, "Not a format of text");
}

}  // namespace trailsql
