#include "store/aws_url.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "store/curl_library.h"

namespace trailsql {
namespace {

struct PartitionDomains {
  std::string_view region_beginning;
  std::string_view domain;
  std::string_view dual_stack_domain;
};
constexpr PartitionDomains kUsualDomains = {"", "amazonaws.com", "api.aws"};
constexpr std::array kPartitionDomains = {
    PartitionDomains{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    PartitionDomains{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    PartitionDomains{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    PartitionDomains{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    PartitionDomains{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    PartitionDomains{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
};

struct CurlUrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string curl_url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

}  // namespace

std::optional<AwsUrl> parse_aws_url(const std::string& url) {
  load_curl();
  const std::unique_ptr<CURLU, CurlUrlDeleter> parsed(curl_url());
  const unsigned flags = CURLU_PATH_AS_IS | CURLU_DISALLOW_USER;
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), flags) != CURLUE_OK)
    return std::nullopt;
  AwsUrl parts;
  parts.scheme = to_lower_ascii(curl_url_part(parsed.get(), CURLUPART_SCHEME));
  if (parts.scheme != "http" && parts.scheme != "https") return std::nullopt;
  parts.authority = curl_url_part(parsed.get(), CURLUPART_HOST);
  parts.host = parts.authority;
  if (parts.host.starts_with('[') && parts.host.ends_with(']'))
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  const std::string port = curl_url_part(parsed.get(), CURLUPART_PORT);
  if (!port.empty() && port != (parts.scheme == "http" ? "80" : "443"))
    parts.authority += ":" + port;
  parts.path = curl_url_part(parsed.get(), CURLUPART_PATH);
  return parts;
}

std::string_view aws_domain(std::string_view region, bool is_dual_stack) {
  const auto of_partition = std::ranges::find_if(
      kPartitionDomains, [&](const auto& it) { return region.starts_with(it.region_beginning); });
  const PartitionDomains& domains =
      of_partition == kPartitionDomains.end() ? kUsualDomains : *of_partition;
  return is_dual_stack ? domains.dual_stack_domain : domains.domain;
}

bool may_name_region(std::string_view region) {
  constexpr size_t kMaxHostLabelBytes = 63;
  return !region.empty() && region.size() <= kMaxHostLabelBytes &&
         std::ranges::all_of(region, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' ||
                  c == '_';
         });
}

std::string aws_service_url(std::string_view service_host, const std::string& region,
                            const AwsAccess& access) {
  if (!may_name_region(region)) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("'{}' is no name of an AWS region", region));
  }
  // In GovCloud the usual endpoints are validated, and those with addresses of IPv4 alone have no
  // others.
  const bool is_plain =
      !access.uses_fips || (region.starts_with("us-gov-") && !access.uses_dual_stack);
  return fmt::format("https://{}{}.{}.{}/", service_host, is_plain ? "" : "-fips", region,
                     aws_domain(region, access.uses_dual_stack));
}

}  // namespace trailsql
