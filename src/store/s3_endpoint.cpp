#include "store/s3_endpoint.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "store/aws_signature.h"

namespace trailsql {
namespace {

constexpr std::string_view kS3Scheme = "s3://";

// Names of buckets that cannot stand in a host name under AWS's certificate: those with dots, and
// old ones with capitals or underscores.
bool fits_host_name(std::string_view bucket) {
  return std::ranges::all_of(
      bucket, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

// source: AWS General Reference, service endpoints of the partitions.
std::string_view domain_of(std::string_view region) {
  if (region.starts_with("cn-")) return "amazonaws.com.cn";
  if (region.starts_with("us-iso-")) return "c2s.ic.gov";
  if (region.starts_with("us-isob-")) return "sc2s.sgov.gov";
  if (region.starts_with("eu-isoe-")) return "cloud.adc-e.uk";
  if (region.starts_with("us-isof-")) return "csp.hci.ic.gov";
  if (region.starts_with("eusc-")) return "amazonaws.eu";
  return "amazonaws.com";
}

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

S3Address endpoint_of(const AwsAccess& access, const std::string& region) {
  if (!access.endpoint) {
    return {"https",
            fmt::format("s3.{}.{}", region.empty() ? "us-east-1" : region, domain_of(region)), "/"};
  }
  std::optional<S3Address> address = parse_http_url(*access.endpoint);
  if (!address) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("The S3 endpoint '{}' is no URL: https://host[:port] was expected",
                                 *access.endpoint));
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
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  if (!parsed ||
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) {
    return std::nullopt;
  }
  S3Address address;
  address.scheme = to_lower_ascii(url_part(parsed.get(), CURLUPART_SCHEME));
  if (address.scheme != "http" && address.scheme != "https") return std::nullopt;
  address.host = url_part(parsed.get(), CURLUPART_HOST);
  const std::string port = url_part(parsed.get(), CURLUPART_PORT);
  const std::string_view usual_port = address.scheme == "http" ? "80" : "443";
  if (!port.empty() && port != usual_port) address.host += ":" + port;
  address.path = url_part(parsed.get(), CURLUPART_PATH);
  return address;
}

S3Address s3_address(const AwsAccess& access, const std::string& region, const S3Name& name) {
  S3Address address = endpoint_of(access, region);
  const bool is_path_style =
      access.path_style.value_or(access.endpoint.has_value()) || !fits_host_name(name.bucket);
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
