// A command line as words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// Splits a command line as Python's shlex.split does: at blanks, with '…' as it is, "…" in which
/// \ stands before " and \ only, and \ before any character outside quotes. Nothing is expanded.
/// Returns nothing when a quote or a \ lacks its other half.
std::optional<std::vector<std::string>> split_command_line(std::string_view line);

}  // namespace trailsql
