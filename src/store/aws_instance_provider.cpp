#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "store/aws_credential_providers.h"
#include "store/aws_json.h"
#include "store/aws_url.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr int kNumMetadataAttempts = 2;
constexpr uint32_t kMetadataTimeoutMs = 1'000;
constexpr int64_t kMetadataExtensionS = 10 * 60;
constexpr const char* kMetadataRolePath = "latest/meta-data/iam/security-credentials/";

/// Asks the metadata of the instance that this program runs on, if it does run on one.
class InstanceMetadata {
 public:
  explicit InstanceMetadata(const CredentialSearch& search) : search_(search) {
    const AwsConfig& config = search.config;
    url_ = variable_or_setting(config, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                               "ec2_metadata_service_endpoint")
               .value_or("");
    const std::string mode = variable_or_setting(config, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                                 "ec2_metadata_service_endpoint_mode")
                                 .value_or("ipv4");
    if (url_.empty()) {
      url_ = equals_ignoring_case(mode, "ipv6") ? "http://[fd00:ec2::254]/"
                                                : "http://169.254.169.254/";
    }
    if (!url_.ends_with('/')) url_ += '/';
    timeout_ms_ = number_setting("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", 1, 60)
                      .value_or(1) *
                  kMetadataTimeoutMs;
    num_attempts_ = static_cast<int>(
        number_setting("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", 1, 10)
            .value_or(kNumMetadataAttempts));
  }

  bool has_url() const { return parse_aws_url(url_).has_value(); }

  HttpResponse begin_session() const {
    return ask("PUT", "latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}});
  }
  HttpResponse get(const std::string& path, const std::string& session) const {
    return ask("GET", path, {{"x-aws-ec2-metadata-token", session}});
  }

 private:
  std::optional<uint32_t> number_setting(const char* variable, const char* key, uint32_t least,
                                         uint32_t most) const {
    const std::string text = variable_or_setting(search_.config, variable, key).value_or("");
    uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc()) return std::nullopt;
    return std::clamp(number, least, most);
  }

  HttpResponse ask(const char* method, const std::string& path, HttpFields headers) const {
    HttpRequest request;
    request.method = method;
    request.url = url_ + path;
    request.headers = std::move(headers);
    request.max_body_bytes = kMaxAwsAnswerBytes;
    request.connect_timeout_ms = timeout_ms_;
    request.total_timeout_ms = timeout_ms_;
    request.may_use_proxy = false;
    HttpResponse response;
    for (int attempt = 0; attempt < num_attempts_; ++attempt) {
      search_.cancellation.check();
      response = search_.http.send(request, search_.cancellation);
      if (response.failure == HttpFailure::kNone && response.status < 500) break;
    }
    return response;
  }

  const CredentialSearch& search_;
  std::string url_;
  uint32_t timeout_ms_ = kMetadataTimeoutMs;
  int num_attempts_ = kNumMetadataAttempts;
};

bool is_success(const HttpResponse& response) {
  return response.failure == HttpFailure::kNone && response.status == 200;
}

bool may_stand_in_header(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// source: IAM API Reference: names of roles are letters, digits and +=,.@-_
bool may_name_role(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("+=,.@-_").find(c) != std::string_view::npos;
  });
}

std::nullopt_t miss(CredentialSearch& search, const std::string& problem) {
  search.misses.push_back("EC2 metadata: " + problem);
  return std::nullopt;
}

}  // namespace

std::optional<FoundCredentials> instance_credentials(CredentialSearch& search) {
  const std::string disabled = search.config.environment("AWS_EC2_METADATA_DISABLED").value_or("");
  if (equals_ignoring_case(disabled, "true"))
    return miss(search, "AWS_EC2_METADATA_DISABLED is set");
  const InstanceMetadata metadata(search);
  if (!metadata.has_url()) return miss(search, "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL");
  const HttpResponse session = metadata.begin_session();
  if (!is_success(session)) return miss(search, describe_answer(session));
  if (!may_stand_in_header(session.body)) return miss(search, "its token is none");
  const HttpResponse role = metadata.get(kMetadataRolePath, session.body);
  if (role.failure == HttpFailure::kNone && role.status == 404)
    return miss(search, "the instance has no role");
  if (!is_success(role)) return miss(search, describe_answer(role));
  const std::string name = role.body.substr(0, role.body.find_first_of("\r\n"));
  if (!may_name_role(name)) return miss(search, "the name of the instance's role is none");
  const HttpResponse answer = metadata.get(kMetadataRolePath + name, session.body);
  if (!is_success(answer)) return miss(search, describe_answer(answer));
  const AwsFields fields = read_aws_json(answer.body).value_or(AwsFields{});
  const std::string code = field_of(fields, "Code");
  if (!code.empty() && code != "Success") {
    return miss(search, fmt::format("the role {} gives no credentials: {}", name,
                                    shown_text(code, {session.body})));
  }
  std::optional<FoundCredentials> found =
      read_credentials_json(answer.body, "Token", "the EC2 metadata");
  if (!found) return miss(search, "its answer holds no credentials");
  // When EC2 is late with new credentials it has AWS take the old ones for longer, so those that
  // have expired are used, as by the SDKs.
  if (found->expires_at_s)
    found->expires_at_s = std::max(*found->expires_at_s, search.now_s + kMetadataExtensionS);
  return found;
}

}  // namespace trailsql
