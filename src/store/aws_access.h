// How a bucket is to be reached, as the user says it.
#pragma once

#include <optional>
#include <string>

namespace trailsql {

/// What a user, a table or a trail says; what is not said is found as the AWS SDKs find it: in the
/// environment, then in the profile.
struct AwsAccess {
  std::optional<std::string> profile;
  std::optional<std::string> region;
  std::optional<std::string> endpoint;  // URL of an S3-compatible server, instead of AWS's own
  std::optional<bool> path_style;       // whether the bucket is in the path, not in the host
  bool is_anonymous = false;            // requests are not signed
  bool requester_pays = false;
  bool uses_fips = false;        // AWS's endpoints whose cryptography is validated by FIPS 140
  bool uses_dual_stack = false;  // AWS's endpoints that have addresses of IPv6, too

  auto operator<=>(const AwsAccess&) const = default;
};

}  // namespace trailsql
