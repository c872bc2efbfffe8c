#include "store/aws_sso_token.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "base/text.h"
#include "store/aws_config_file.h"
#include "store/aws_json.h"
#include "store/aws_time.h"
#include "store/aws_url.h"

namespace trailsql {
namespace {

constexpr int64_t kSsoRenewalWindowS = 15 * 60;

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string digits;
  for (unsigned i = 0; i < size; ++i) digits += fmt::format("{:02x}", unsigned{digest[i]});
  return digits;
}

std::string sso_token_path(const CredentialSearch& search, const SsoSettings& settings) {
  return fmt::format("{}/.aws/sso/cache/{}.json", search.config.home,
                     sha1_hex(settings.session.empty() ? settings.start_url : settings.session));
}

bool is_renewable(const AwsFields& token, int64_t now_s) {
  const std::optional<int64_t> registered_until_s =
      parse_aws_time(field_of(token, "registrationExpiresAt"));
  return !field_of(token, "refreshToken").empty() && !field_of(token, "clientId").empty() &&
         !field_of(token, "clientSecret").empty() && registered_until_s.value_or(0) > now_s;
}

// Another program may read the cache while we write: it finds the old token or the new one. That
// nothing can be written there is no reason to fail: the token itself is good.
void save_sso_token(const std::string& path, const AwsFields& token) {
  std::string text;
  for (const auto& [name, value] : token) {
    text +=
        fmt::format("{}{}: {}", text.empty() ? "{" : ", ", json_string(name), json_string(value));
  }
  text += "}\n";
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // only the user can read it
  if (file < 0) return;
  const bool is_written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool is_closed = ::close(file) == 0;
  if (!is_written || !is_closed || std::rename(temporary.c_str(), path.c_str()) != 0)
    ::unlink(temporary.c_str());
}

/// Returns the new token; nothing when the service gives none.
/// source: IAM Identity Center OIDC API Reference, "CreateToken".
std::optional<AwsFields> renewed_token(const CredentialSearch& search, const SsoSettings& settings,
                                       const AwsFields& token) {
  const std::string body = fmt::format(
      R"({{"clientId":{},"clientSecret":{},"grantType":"refresh_token","refreshToken":{}}})",
      json_string(field_of(token, "clientId")), json_string(field_of(token, "clientSecret")),
      json_string(field_of(token, "refreshToken")));
  HttpRequest request;
  request.method = "POST";
  request.url = sso_service_url(search, settings, "SSO_OIDC", "oidc") + "token";
  request.headers = {{"content-type", "application/json"}};
  request.body = body;
  const HttpResponse response = ask_aws(search, request);
  if (response.failure != HttpFailure::kNone || response.status != 200) return std::nullopt;
  const std::optional<AwsFields> answer = read_aws_json(response.body);
  if (!answer || field_of(*answer, "accessToken").empty()) return std::nullopt;
  const std::string lasts = field_of(*answer, "expiresIn");
  int64_t lasts_s = 0;
  const auto [end, problem] = std::from_chars(lasts.data(), lasts.data() + lasts.size(), lasts_s);
  constexpr int64_t kMaxLastsS = 366 * 24 * 3600;
  if (problem != std::errc() || lasts_s <= 0 || lasts_s > kMaxLastsS) return std::nullopt;
  AwsFields renewed = token;
  renewed["accessToken"] = field_of(*answer, "accessToken");
  renewed["expiresAt"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                     fmt::gmtime(static_cast<std::time_t>(search.now_s + lasts_s)));
  if (const std::string next = field_of(*answer, "refreshToken"); !next.empty())
    renewed["refreshToken"] = next;
  return renewed;
}

}  // namespace

QueryError sso_login_needed(const SsoSettings& settings, const std::string& problem) {
  return credentials_error(
      fmt::format("{}. Sign in with: aws sso login --profile {}", problem, settings.profile));
}

std::string sso_service_url(const CredentialSearch& search, const SsoSettings& settings,
                            const char* service, const char* host) {
  std::string url = configured_endpoint(search.config, service).value_or("");
  if (url.empty()) return aws_service_url(host, settings.region, search.config.access);
  if (!url.ends_with('/')) url += '/';
  return url;
}

std::string sso_access_token(const CredentialSearch& search, const SsoSettings& settings) {
  const std::string path = sso_token_path(search, settings);
  const std::optional<std::string> text = read_aws_file(path);
  if (!text) {
    throw sso_login_needed(settings, fmt::format("The AWS profile '{}' is not signed in: there "
                                                 "is no {}",
                                                 settings.profile, path));
  }
  std::optional<AwsFields> token = read_aws_json(*text);
  const std::optional<int64_t> expires_at_s =
      token ? parse_aws_time(field_of(*token, "expiresAt")) : std::nullopt;
  if (!expires_at_s || field_of(*token, "accessToken").empty())
    throw sso_login_needed(settings, fmt::format("{} holds no token of a sign-on", path));
  // Without a session nothing in the cache was meant to be renewed.
  if (*expires_at_s - search.now_s < kSsoRenewalWindowS && !settings.session.empty() &&
      is_renewable(*token, search.now_s)) {
    if (const std::optional<AwsFields> renewed = renewed_token(search, settings, *token)) {
      save_sso_token(path, *renewed);
      return field_of(*renewed, "accessToken");
    }
  }
  if (*expires_at_s <= search.now_s) {
    throw sso_login_needed(
        settings, fmt::format("The sign-on of the AWS profile '{}' has expired", settings.profile));
  }
  return field_of(*token, "accessToken");
}

}  // namespace trailsql
