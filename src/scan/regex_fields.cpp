// Lines of RegexSerDe: the groups of a regular expression, which has to match the whole line.
#include "scan/matched_fields.h"
#include "scan/text_format.h"

namespace trailsql {

std::unique_ptr<LineFields> new_regex_fields(const ScanSpec& spec) {
  ColumnGroups groups;
  for (size_t i = 0; i < spec.table_columns.size(); ++i) groups.emplace_back(i + 1);
  return new_matched_fields(Regexp::compile(line_regex(spec.format), Regexp::Extent::kWhole),
                            std::move(groups), "input.regex");
}

}  // namespace trailsql
