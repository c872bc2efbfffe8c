// The JSON of those who hand out credentials: one object, of which a few fields count.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trailsql {

/// Texts as they are; numbers, true and false as they are written.
using AwsFields = std::map<std::string, std::string>;

/// Returns the fields of the object that `text` holds, or of the object that is its `member`. Those
/// that are null, lists or objects are left out. Nothing when it is no JSON, or no such object.
std::optional<AwsFields> read_aws_json(std::string_view text, std::string_view member = {});

/// Returns a field; empty when there is none.
std::string field_of(const AwsFields& fields, const std::string& name);

}  // namespace trailsql
