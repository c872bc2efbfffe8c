// Where the requests for a bucket go.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/aws_access.h"

namespace trailsql {

/// The parts of a URL. `path` is percent-encoded and begins with '/'.
struct S3Address {
  std::string scheme;  // https
  std::string host;    // with the port, when it is not that of the scheme
  std::string path;

  std::string url() const { return scheme + "://" + host + path; }
};

/// An object, a prefix's listing (empty key) or a bucket as s3://bucket/key names it.
struct S3Name {
  std::string bucket;
  std::string key;
};

/// Parses s3://bucket/key. Keys are taken as they are. Nothing when it is none.
std::optional<S3Name> parse_s3_url(std::string_view url);

/// Returns where requests for that bucket and key go. With `region` empty, AWS itself says the
/// right one in its answer. Throws INVALID_ARGUMENTS for an endpoint that is no http or https URL,
/// or where one that FIPS validates is wanted, and for a name that no region can have.
/// source: Amazon S3 User Guide, "Virtual hosting of general purpose buckets" and "Using
/// dual-stack endpoints"; AWS, "FIPS endpoints by service".
S3Address s3_address(const AwsAccess& access, const std::string& region, const S3Name& name);

/// Splits a URL that a server names as the place to go. Nothing when it is no http or https URL.
std::optional<S3Address> parse_http_url(const std::string& url);

}  // namespace trailsql
