// URLs of AWS's services, and the parts of URLs that users and the environment name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/aws_access.h"

namespace trailsql {

/// The parts of an http or https URL.
struct AwsUrl {
  std::string scheme;     // http or https
  std::string host;       // without brackets around IPv6
  std::string authority;  // what the Host header holds: with the port, when it is not the usual one
  std::string path;       // percent-encoded, beginning with '/'
};

/// Splits a URL as the HTTP client will. Nothing when it is no http or https URL, or holds a user,
/// which is there to deceive whoever reads it.
std::optional<AwsUrl> parse_aws_url(const std::string& url);

/// Returns the domain of the services of a region: "amazonaws.com", "amazonaws.com.cn"; of their
/// endpoints with addresses of IPv6, too, but for S3's: "api.aws".
/// source: AWS General Reference, service endpoints of the partitions.
std::string_view aws_domain(std::string_view region, bool is_dual_stack = false);

/// Returns whether that may be the name of a region, of AWS or of a server that speaks like it.
/// Anything else in a host name could lead to another host, in a header begin another one.
bool may_name_region(std::string_view region);

/// Returns the URL of a service in a region, as `access` wants its endpoints:
/// "https://sts.eu-west-1.amazonaws.com/", "https://sts-fips.us-east-1.api.aws/". Throws
/// HIVE_FILESYSTEM_ERROR for a name that no region can have.
/// source: AWS SDKs and Tools Reference Guide, "FIPS and dual-stack endpoints".
std::string aws_service_url(std::string_view service_host, const std::string& region,
                            const AwsAccess& access);

}  // namespace trailsql
