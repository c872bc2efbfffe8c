#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "store/aws_config_file.h"
#include "store/aws_credential_providers.h"
#include "store/aws_json.h"
#include "store/aws_url.h"

namespace trailsql {
namespace {

constexpr const char* kContainerServer = "http://169.254.170.2";

// Hosts that may be asked without encryption: this machine, and the addresses that ECS and EKS put
// their agents at. source: AWS SDKs and Tools Reference Guide, "Container credential provider".
bool is_near_host(const std::string& host) {
  constexpr std::array<std::string_view, 6> kHosts = {
      "localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "127.0.0.1"};
  if (std::ranges::find(kHosts, host) != kHosts.end()) return true;
  const bool is_number = host.find_first_not_of("0123456789.") == std::string::npos;
  return is_number && host.starts_with("127.");
}

std::string container_url(const std::optional<std::string>& relative, const std::string& full) {
  if (relative) {
    // Anything but a path could name another host.
    if (relative->starts_with('/')) return kContainerServer + *relative;
    throw credentials_error("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with '/'");
  }
  const std::optional<AwsUrl> url = parse_aws_url(full);
  if (!url) throw credentials_error("AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL");
  if (url->scheme != "https" && !is_near_host(url->host)) {
    throw credentials_error(
        fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {}, which is not asked over http: "
                    "only this machine, ECS and EKS are; others need https",
                    url->host));
  }
  return full;
}

std::string container_token(const AwsEnvironment& variable) {
  std::string token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const std::optional<std::string> path = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    const std::optional<std::string> text = read_aws_file(*path);
    if (!text) {
      throw credentials_error(
          fmt::format("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names {}, which is no file", *path));
    }
    token = text->substr(0, text->find_last_not_of("\r\n") + 1);
  }
  if (token.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    throw credentials_error("The authorization token of the container's credentials has lines");
  return token;
}

}  // namespace

std::optional<FoundCredentials> container_credentials(CredentialSearch& search) {
  const AwsEnvironment& variable = search.config.environment;
  const std::optional<std::string> relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::optional<std::string> full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) {
    search.misses.emplace_back(
        "container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor _FULL_URI is set");
    return std::nullopt;
  }
  HttpRequest request;
  request.url = container_url(relative, full.value_or(""));
  request.may_use_proxy = false;
  const std::string token = container_token(variable);
  request.headers = {{"accept", "application/json"}};
  if (!token.empty()) request.headers.emplace_back("authorization", token);
  const HttpResponse response = ask_aws(search, request);
  if (response.failure != HttpFailure::kNone || response.status != 200) {
    const AwsFields answer = read_aws_json(response.body).value_or(AwsFields{});
    const std::string message = shown_text(field_of(answer, "message"), {token});
    throw credentials_error(fmt::format("The container's server of credentials answers: {}{}{}",
                                        describe_answer(response), message.empty() ? "" : ", ",
                                        message));
  }
  std::optional<FoundCredentials> found =
      read_credentials_json(response.body, "Token", "the container's server of credentials");
  if (!found) throw credentials_error("The answer of the container's server holds no credentials");
  return found;
}

}  // namespace trailsql
