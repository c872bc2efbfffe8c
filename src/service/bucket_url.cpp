#include "service/bucket_url.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "service/location_resolver.h"

namespace trailsql {
namespace {

constexpr std::string_view kBucketScheme = "s3://";
constexpr std::string_view kArn = "arn:aws";
constexpr std::string_view kAmazon = ".amazonaws.com";

bool is_of_bucket_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' ||
         c == '_';
}

std::string_view take_until(std::string_view& rest, char end) {
  const size_t position = std::min(rest.find(end), rest.size());
  const std::string_view taken = rest.substr(0, position);
  rest.remove_prefix(std::min(position + 1, rest.size()));
  return taken;
}

std::string meant(std::string_view bucket, std::string_view key) {
  const bool is_bucket = !bucket.empty() && std::ranges::all_of(bucket, is_of_bucket_name);
  return is_bucket ? fmt::format("did you mean {}{}/{}?", kBucketScheme, bucket, key)
                   : std::string();
}

// Of https://bucket.s3.region.amazonaws.com/key, https://s3.region.amazonaws.com/bucket/key and the
// console's https://….console.aws.amazon.com/s3/buckets/bucket?prefix=key.
std::string meant_by_web_url(std::string_view rest) {
  std::string_view host = take_until(rest, '/');
  const bool is_console = host.ends_with("console.aws.amazon.com");
  constexpr std::string_view kBuckets = "s3/buckets/";
  if (is_console && rest.starts_with(kBuckets)) {
    rest.remove_prefix(kBuckets.size());
    const std::string_view bucket = rest.substr(0, rest.find_first_of("/?"));
    constexpr std::string_view kPrefix = "prefix=";
    const size_t prefix = rest.find(kPrefix);
    if (prefix == std::string_view::npos) return meant(bucket, "");
    rest.remove_prefix(prefix + kPrefix.size());
    return meant(bucket, percent_decoded(rest.substr(0, rest.find('&'))));
  }
  if (host.ends_with(".cn")) host.remove_suffix(3);
  if (!host.ends_with(kAmazon)) return {};
  rest = rest.substr(0, rest.find('?'));
  for (const std::string_view service : {".s3.", ".s3-"}) {
    const size_t position = host.rfind(service);
    if (position != std::string_view::npos)
      return meant(host.substr(0, position), percent_decoded(rest));
  }
  if (!host.starts_with("s3.") && !host.starts_with("s3-")) return {};
  const std::string_view bucket = take_until(rest, '/');
  return meant(bucket, percent_decoded(rest));
}

// Of arn:aws:s3:::bucket/key.
std::string meant_by_arn(std::string_view arn) {
  const size_t start = arn.find(":::");
  if (start == std::string_view::npos) return {};
  arn.remove_prefix(start + 3);
  const std::string_view bucket = take_until(arn, '/');
  return meant(bucket, arn);
}

BucketUrlProblem arn_problem(std::string_view arn) {
  if (arn.find(":accesspoint") != std::string_view::npos) {
    return {fmt::format("'{}' is an access point's ARN, which is not supported", arn),
            "an access point's alias is the name of a bucket: s3://NAME-METADATA-s3alias/prefix/"};
  }
  return {fmt::format("'{}' is an ARN; s3://bucket/prefix/ was expected", arn), meant_by_arn(arn)};
}

}  // namespace

bool may_hold_credentials(std::string_view text) {
  for (size_t colon = text.find(":/"); colon != std::string_view::npos;
       colon = text.find(":/", colon + 1)) {
    std::string_view url = text.substr(colon + 1);
    url.remove_prefix(std::min(url.find_first_not_of('/'), url.size()));
    url = url.substr(0, url.find_first_of("'\" \t\r\n"));
    const std::string_view host = url.substr(0, url.find('/'));
    if (host.find('@') != std::string_view::npos) return true;
    // A secret key may have a '/' in it; the name of an object may have an '@'.
    const size_t password = host.find(':');
    const bool is_port = password == std::string_view::npos || host.starts_with(kArn) ||
                         std::ranges::all_of(host.substr(password + 1), is_digit);
    if (!is_port && url.find('@') != std::string_view::npos) return true;
  }
  return false;
}

std::optional<BucketUrlProblem> find_bucket_url_problem(std::string_view location) {
  const std::string normalized = normalize_location(location);
  if (normalized.starts_with('/') || normalized.starts_with("file:")) return std::nullopt;
  if (may_hold_credentials(normalized)) {
    return BucketUrlProblem{
        "A location holds no credentials: s3://bucket/prefix/ was expected (it is not shown here)",
        "--profile NAME, AWS's environment variables or ~/.aws say who asks", true};
  }
  if (normalized.starts_with(kArn)) return arn_problem(normalized);
  for (const std::string_view web : {"https://", "http://"}) {
    if (!normalized.starts_with(web)) continue;
    std::string hint = meant_by_web_url(std::string_view(normalized).substr(web.size()));
    if (hint.empty()) return std::nullopt;
    return BucketUrlProblem{
        fmt::format("'{}' is a web address; s3://bucket/prefix/ was expected", location),
        std::move(hint)};
  }
  if (!normalized.starts_with("s3:")) return std::nullopt;
  const size_t start = std::min(normalized.find_first_not_of('/', 3), normalized.size());
  std::string_view rest = std::string_view(normalized).substr(start);
  if (rest.starts_with(kArn)) return arn_problem(rest);
  const std::string_view bucket = take_until(rest, '/');
  if (bucket.empty()) {
    return BucketUrlProblem{
        fmt::format("'{}' names no bucket: s3://bucket/prefix/ was expected", location), {}};
  }
  if (!normalized.starts_with(kBucketScheme) || start != kBucketScheme.size()) {
    return BucketUrlProblem{
        fmt::format("'{}' is no S3 location: s3://bucket/prefix/ was expected", location),
        meant(bucket, rest)};
  }
  const auto bad = std::ranges::find_if_not(bucket, is_of_bucket_name);
  if (bad == bucket.end()) return std::nullopt;
  return BucketUrlProblem{
      fmt::format("'{}' is no S3 location: no bucket is called '{}'", location, bucket),
      "names of buckets are of letters, digits, '-', '.' and '_'"};
}

void check_bucket_url(std::string_view location) {
  if (const std::optional<BucketUrlProblem> problem = find_bucket_url_problem(location))
    throw QueryError(ErrorCode::kInvalidArguments, Location{}, problem->text, problem->hint);
}

}  // namespace trailsql
