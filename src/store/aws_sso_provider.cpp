#include <fmt/core.h>

#include <charconv>

#include "store/aws_credential_providers.h"
#include "store/aws_json.h"
#include "store/aws_sso_token.h"

namespace trailsql {
namespace {

std::string needed_sso_setting(const CredentialSearch& search, const std::string& profile,
                               const char* key) {
  if (const std::optional<std::string> value = profile_setting(search.config, profile, key))
    return *value;
  throw credentials_error(fmt::format(
      "The AWS profile '{}' is set up for single sign-on, but has no {}", profile, key));
}

SsoSettings sso_settings(const CredentialSearch& search, const std::string& profile) {
  const std::optional<std::string> session = profile_setting(search.config, profile, "sso_session");
  if (!session) {
    return {profile,
            {},
            needed_sso_setting(search, profile, "sso_region"),
            needed_sso_setting(search, profile, "sso_start_url")};
  }
  SsoSettings settings{profile, *session, {}, {}};
  const auto section = search.config.sso_sessions.find(*session);
  if (section == search.config.sso_sessions.end()) {
    throw credentials_error(
        fmt::format("The AWS profile '{}' names the sso_session '{}', but {} has no section "
                    "[sso-session {}]",
                    profile, *session, search.config.config_path, *session));
  }
  settings.region = field_of(section->second, "sso_region");
  settings.start_url = field_of(section->second, "sso_start_url");
  if (settings.region.empty() || settings.start_url.empty()) {
    throw credentials_error(fmt::format("[sso-session {}] in {} has no {}", *session,
                                        search.config.config_path,
                                        settings.region.empty() ? "sso_region" : "sso_start_url"));
  }
  const std::string own_region =
      profile_setting(search.config, profile, "sso_region").value_or(settings.region);
  const std::string own_start_url =
      profile_setting(search.config, profile, "sso_start_url").value_or(settings.start_url);
  if (own_region != settings.region || own_start_url != settings.start_url) {
    throw credentials_error(
        fmt::format("The AWS profile '{}' and its [sso-session {}] differ in {}", profile, *session,
                    own_region != settings.region ? "sso_region" : "sso_start_url"));
  }
  return settings;
}

QueryError sso_refusal(const SsoSettings& settings, const std::string& account,
                       const std::string& role, const std::string& token,
                       const HttpResponse& response) {
  const AwsFields answer = read_aws_json(response.body).value_or(AwsFields{});
  std::string reason = shown_text(field_of(answer, "message"), {token});
  if (response.failure != HttpFailure::kNone || reason.empty()) reason = describe_answer(response);
  if (response.status == 401) {
    return sso_login_needed(settings, fmt::format("The sign-on of the AWS profile '{}' is not "
                                                  "valid any more ({})",
                                                  settings.profile, reason));
  }
  return credentials_error(
      fmt::format("Single sign-on does not give the role {} in the account {} of the AWS profile "
                  "'{}': {}",
                  role, account, settings.profile, reason));
}

}  // namespace

FoundCredentials sso_credentials(const CredentialSearch& search, const std::string& profile) {
  const SsoSettings settings = sso_settings(search, profile);
  const std::string account = needed_sso_setting(search, profile, "sso_account_id");
  const std::string role = needed_sso_setting(search, profile, "sso_role_name");
  const std::string token = sso_access_token(search, settings);
  HttpRequest request;
  // source: IAM Identity Center Portal API Reference, "GetRoleCredentials".
  request.url = sso_service_url(search, settings, "SSO", "portal.sso") + "federation/credentials?" +
                aws_query_string({{"account_id", account}, {"role_name", role}});
  request.headers = {{"x-amz-sso_bearer_token", token}};
  const HttpResponse response = ask_aws(search, request);
  if (response.failure != HttpFailure::kNone || response.status != 200)
    throw sso_refusal(settings, account, role, token, response);
  const std::optional<AwsFields> answer = read_aws_json(response.body, "roleCredentials");
  FoundCredentials found;
  found.origin = fmt::format("AWS profile '{}'", profile);
  if (answer) {
    found.credentials = {field_of(*answer, "accessKeyId"), field_of(*answer, "secretAccessKey"),
                         field_of(*answer, "sessionToken")};
    const std::string end_ms = field_of(*answer, "expiration");
    int64_t expires_at_ms = 0;
    std::from_chars(end_ms.data(), end_ms.data() + end_ms.size(), expires_at_ms);
    found.expires_at_s = expires_at_ms / 1000;
  }
  if (found.credentials.access_key_id.empty() || found.credentials.secret_access_key.empty() ||
      found.expires_at_s.value_or(0) == 0) {
    throw credentials_error(fmt::format(
        "The answer of single sign-on for the AWS profile '{}' holds no credentials", profile));
  }
  return found;
}

}  // namespace trailsql
