// The form of ~/.aws/config and ~/.aws/credentials: sections of settings, some of them nested.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/aws_config.h"

namespace trailsql {

/// One section, in the order of the file. Several may have one name.
struct AwsSection {
  std::string kind;  // profile, sso-session, services; empty when the heading is one word
  std::string name;
  AwsProfile settings;
};

/// Parses the text of a file; `path` is for errors, which never show what a line holds. Throws
/// HIVE_FILESYSTEM_ERROR for what is neither heading nor setting, with the number of the line.
/// source: AWS SDKs and Tools Reference Guide, "Format of the config and credentials files"; where
/// it says nothing, Python's configparser, with which the AWS CLI reads them.
std::vector<AwsSection> parse_aws_sections(std::string_view text, const std::string& path);

/// Returns the text of a file of at most kMaxAwsFileBytes; nothing when there is no such file.
/// Throws HIVE_FILESYSTEM_ERROR when it cannot be read.
std::optional<std::string> read_aws_file(const std::string& path);

}  // namespace trailsql
