#include <fmt/core.h>
#include <pugixml.hpp>

#include <charconv>

#include "base/text.h"
#include "store/aws_config_file.h"
#include "store/aws_credential_providers.h"
#include "store/aws_time.h"
#include "store/aws_url.h"

namespace trailsql {
namespace {

constexpr const char* kGlobalStsUrl = "https://sts.amazonaws.com/";
constexpr const char* kGlobalStsRegion = "us-east-1";

struct StsPlace {
  std::string url;
  std::string region;  // that requests are signed for
};

// Regions that existed before STS had endpoints of its own there: with "legacy" they share one.
// source: AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints".
bool is_served_globally(const std::string& region) {
  constexpr std::string_view kLegacyRegions =
      " ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 aws-global ca-central-1 "
      "eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 "
      "us-west-1 us-west-2 ";
  return kLegacyRegions.find(" " + region + " ") != std::string_view::npos;
}

// Without a region, any of the role's partition will do.
std::string region_of_role(const std::string& arn) {
  if (arn.starts_with("arn:aws-cn:")) return "cn-north-1";
  if (arn.starts_with("arn:aws-us-gov:")) return "us-gov-west-1";
  return {};
}

StsPlace sts_place(const AwsConfig& config, const RoleRequest& role) {
  const std::string region = config.access.region.value_or(region_of_role(role.arn));
  if (const std::optional<std::string> endpoint = configured_endpoint(config, "STS"))
    return {*endpoint, region.empty() ? kGlobalStsRegion : region};
  const std::optional<std::string> choice =
      variable_or_setting(config, "AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints");
  const bool is_global = region.empty() || (choice == "legacy" && is_served_globally(region));
  // The one that several regions share has neither FIPS nor IPv6.
  if (is_global && !config.access.uses_fips && !config.access.uses_dual_stack)
    return {kGlobalStsUrl, kGlobalStsRegion};
  const std::string known = region.empty() ? kGlobalStsRegion : region;
  return {aws_service_url("sts", known, config.access), known};
}

HttpFields sts_parameters(const CredentialSearch& search, const RoleRequest& role) {
  const bool has_token = !role.web_identity_token.empty();
  HttpFields parameters = {
      {"Action", has_token ? "AssumeRoleWithWebIdentity" : "AssumeRole"},
      {"Version", "2011-06-15"},
      {"RoleArn", role.arn},
      {"RoleSessionName",
       role.session_name.empty() ? fmt::format("trailsql-{}", search.now_s) : role.session_name}};
  if (!role.external_id.empty()) parameters.emplace_back("ExternalId", role.external_id);
  if (has_token) parameters.emplace_back("WebIdentityToken", role.web_identity_token);
  if (!role.duration_seconds.empty()) {
    const std::string& text = role.duration_seconds;
    uint32_t seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc() || end != text.data() + text.size()) {
      throw credentials_error(
          fmt::format("duration_seconds of the {} is no whole number", role.origin));
    }
    parameters.emplace_back("DurationSeconds", text);
  }
  return parameters;
}

QueryError sts_refusal(const RoleRequest& role, const HttpResponse& response,
                       const std::vector<std::string>& secrets) {
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node error = document.child("ErrorResponse").child("Error");
  std::string reason = describe_answer(response);
  if (response.failure == HttpFailure::kNone && error) {
    reason = shown_text(
        fmt::format("{}: {}", error.child_value("Code"), error.child_value("Message")), secrets);
  }
  return credentials_error(
      fmt::format("AWS STS does not give the role {} of {}: {}", role.arn, role.origin, reason));
}

FoundCredentials read_role(const RoleRequest& role, const HttpResponse& response) {
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node node = document.first_child().first_child().child("Credentials");
  FoundCredentials found;
  found.origin = role.origin;
  found.credentials = {node.child_value("AccessKeyId"), node.child_value("SecretAccessKey"),
                       node.child_value("SessionToken")};
  found.expires_at_s = parse_aws_time(node.child_value("Expiration"));
  if (found.credentials.access_key_id.empty() || found.credentials.secret_access_key.empty() ||
      found.credentials.session_token.empty() || !found.expires_at_s) {
    throw credentials_error(fmt::format(
        "The answer of AWS STS to the request for the role {} of {} holds no credentials", role.arn,
        role.origin));
  }
  return found;
}

// A request without asker is not signed: the token in it tells who asks.
FoundCredentials ask_sts(const CredentialSearch& search, const RoleRequest& role,
                         const AwsCredentials* asker) {
  const StsPlace place = sts_place(search.config, role);
  const std::optional<AwsUrl> url = parse_aws_url(place.url);
  if (!url) {
    throw credentials_error(
        "The endpoint that is set for STS is no URL: https://host[:port] was expected");
  }
  const std::string body = aws_query_string(sts_parameters(search, role));
  HttpRequest request;
  request.method = "POST";
  request.url = fmt::format("{}://{}{}", url->scheme, url->authority, url->path);
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = body;
  std::vector<std::string> secrets = {role.web_identity_token, role.external_id};
  if (asker != nullptr) {
    const HttpFields added =
        sign_request({"POST", url->authority, url->path, {}, request.headers, sha256_hex(body)},
                     *asker, place.region, "sts", search.now_s);
    request.headers.insert(request.headers.end(), added.begin(), added.end());
    secrets.insert(secrets.end(), {asker->secret_access_key, asker->session_token});
  }
  const HttpResponse response = ask_aws(search, request);
  if (response.failure != HttpFailure::kNone || response.status != 200)
    throw sts_refusal(role, response, secrets);
  return read_role(role, response);
}

}  // namespace

FoundCredentials assume_role(const CredentialSearch& search, const RoleRequest& role,
                             const AwsCredentials& asker) {
  return ask_sts(search, role, &asker);
}

FoundCredentials assume_role_with_token(const CredentialSearch& search, RoleRequest role,
                                        const std::string& token_path) {
  std::optional<std::string> token = read_aws_file(token_path);
  // Editors and `echo` end files with a line break, which no token has.
  while (token && !token->empty() && static_cast<unsigned char>(token->back()) <= ' ')
    token->pop_back();
  if (!token || token->empty()) {
    throw credentials_error(fmt::format("The web identity token of {} is to be in {}: {}",
                                        role.origin, token_path,
                                        token ? "the file is empty" : "there is no such file"));
  }
  role.web_identity_token = *std::move(token);
  return ask_sts(search, role, nullptr);
}

}  // namespace trailsql
