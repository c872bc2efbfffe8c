#include "store/s3_endpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "store/aws_signature.h"
#include "store/aws_url.h"

namespace trailsql {
namespace {

constexpr std::string_view kS3Scheme = "s3://";

// Names of buckets that cannot stand in a host name under AWS's certificate: those with dots, and
// old ones with capitals or underscores.
bool fits_host_name(std::string_view bucket) {
  return std::ranges::all_of(
      bucket, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

S3Address endpoint_of(const AwsAccess& access, const std::string& region) {
  if (!access.endpoint) {
    if (!region.empty() && !may_name_region(region)) {
      throw QueryError(ErrorCode::kInvalidArguments,
                       fmt::format("'{}' is no name of an AWS region", region));
    }
    return {"https",
            fmt::format("s3{}{}.{}.{}", access.uses_fips ? "-fips" : "",
                        access.uses_dual_stack ? ".dualstack" : "",
                        region.empty() ? "us-east-1" : region, aws_domain(region)),
            "/"};
  }
  if (access.uses_fips) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     "AWS_USE_FIPS_ENDPOINT, or use_fips_endpoint of the profile, cannot be had "
                     "together with an S3 endpoint of one's own");
  }
  std::optional<S3Address> address = parse_http_url(*access.endpoint);
  if (!address) {
    // Before an '@' there could be a password.
    const bool may_be_shown = access.endpoint->find('@') == std::string::npos;
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("The S3 endpoint{} is no URL: https://host[:port] was expected",
                                 may_be_shown ? " '" + *access.endpoint + "'" : ""));
  }
  return *std::move(address);
}

}  // namespace

std::optional<S3Name> parse_s3_url(std::string_view url) {
  if (!url.starts_with(kS3Scheme)) return std::nullopt;
  url.remove_prefix(kS3Scheme.size());
  const size_t slash = std::min(url.find('/'), url.size());
  if (slash == 0) return std::nullopt;
  return S3Name{std::string(url.substr(0, slash)),
                std::string(url.substr(std::min(slash + 1, url.size())))};
}

std::optional<S3Address> parse_http_url(const std::string& url) {
  std::optional<AwsUrl> parts = parse_aws_url(url);
  if (!parts) return std::nullopt;
  return S3Address{std::move(parts->scheme), std::move(parts->authority), std::move(parts->path)};
}

S3Address s3_address(const AwsAccess& access, const std::string& region, const S3Name& name) {
  S3Address address = endpoint_of(access, region);
  const bool is_path_style = access.path_style.value_or(access.endpoint.has_value()) ||
                             !fits_host_name(name.bucket) || address.host.starts_with('[');
  if (!address.path.ends_with('/')) address.path += '/';
  if (is_path_style) {
    address.path += aws_encoded(name.bucket, false);
    // Whether "/bucket" or "/bucket/" lists, S3 is asked as its own tools ask it.
    if (!name.key.empty()) address.path += '/';
  } else {
    address.host = name.bucket + "." + address.host;
  }
  address.path += aws_encoded(name.key, true);
  return address;
}

}  // namespace trailsql
