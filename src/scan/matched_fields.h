// Lines taken apart by a regular expression: what RegexSerDe and GrokSerDe have in common.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "functions/regexp.h"
#include "scan/line_fields.h"

namespace trailsql {

/// The number of the group that each column of a table takes; nothing: it is NULL.
using ColumnGroups = std::vector<std::optional<size_t>>;

/// Makes a cutter that finds `regexp` in each line. Lines in which it is not found, or over which
/// it gives up, are rows of NULLs, noted. `property` is where the expression stands.
std::unique_ptr<LineFields> new_matched_fields(std::shared_ptr<const Regexp> regexp,
                                               ColumnGroups groups, std::string_view property);

}  // namespace trailsql
