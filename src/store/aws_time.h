// Times as AWS's answers and files have them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trailsql {

/// Parses "2023-07-10T12:05:23Z", with a fraction of the second (which is dropped) or an offset of
/// hours and minutes instead of the Z; older versions of the AWS CLI wrote "UTC" for it. Returns
/// the second since 1970-01-01 UTC; nothing for other texts. source: RFC 3339.
std::optional<int64_t> parse_aws_time(std::string_view text);

}  // namespace trailsql
