#include "store/aws_credential_search.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "store/aws_json.h"
#include "store/aws_time.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr int kMaxAwsAttempts = 3;
constexpr int kFirstRetryWaitMs = 200;
constexpr size_t kMaxShownBytes = 300;

bool is_worth_another_attempt(const HttpResponse& response) {
  switch (response.failure) {
    case HttpFailure::kNone: return response.status >= 500 || response.status == 429;
    case HttpFailure::kNotConnected:
    case HttpFailure::kTimedOut:
    case HttpFailure::kBroken: return true;
    case HttpFailure::kNotTrusted:
    case HttpFailure::kRefusedBody:
    case HttpFailure::kBadRequest: return false;
  }
  return false;
}

void wait_before_retry(const Cancellation& cancellation, int wait_ms) {
  constexpr int kStepMs = 20;
  for (int waited_ms = 0; waited_ms < wait_ms; waited_ms += kStepMs) {
    cancellation.check();
    std::this_thread::sleep_for(std::chrono::milliseconds(kStepMs));
  }
}

}  // namespace

QueryError credentials_error(const std::string& message) {
  return {ErrorCode::kHiveFilesystemError, message};
}

HttpResponse ask_aws(const CredentialSearch& search, HttpRequest request) {
  request.max_body_bytes = kMaxAwsAnswerBytes;
  request.connect_timeout_ms = 5'000;
  request.total_timeout_ms = 30'000;
  int wait_ms = kFirstRetryWaitMs;
  for (int attempt = 1;; ++attempt) {
    search.cancellation.check();
    HttpResponse response = search.http.send(request, search.cancellation);
    if (attempt == kMaxAwsAttempts || !is_worth_another_attempt(response)) return response;
    wait_before_retry(search.cancellation, wait_ms);
    wait_ms *= 2;
  }
}

std::string describe_answer(const HttpResponse& response) {
  if (response.failure == HttpFailure::kNone) return fmt::format("status {}", response.status);
  return response.problem.empty() ? "no answer" : fmt::format("no answer ({})", response.problem);
}

std::string shown_text(std::string_view text, const std::vector<std::string>& secrets) {
  std::string shown;
  append_valid_utf8(shown, text);
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    for (size_t at = shown.find(secret); at != std::string::npos; at = shown.find(secret, at))
      shown.replace(at, secret.size(), "…");
  }
  shown.resize(std::min(shown.find_first_of("\r\n"), shown.size()));
  if (shown.size() <= kMaxShownBytes) return shown;
  shown.resize(kMaxShownBytes);
  while (!is_valid_utf8(shown)) shown.pop_back();
  return shown + "…";
}

std::optional<FoundCredentials> read_credentials_json(std::string_view json,
                                                      const std::string& token_name,
                                                      const std::string& origin) {
  const std::optional<AwsFields> fields = read_aws_json(json);
  if (!fields) return std::nullopt;
  FoundCredentials found;
  found.credentials.access_key_id = field_of(*fields, "AccessKeyId");
  found.credentials.secret_access_key = field_of(*fields, "SecretAccessKey");
  found.credentials.session_token = field_of(*fields, token_name);
  found.origin = origin;
  if (found.credentials.access_key_id.empty() || found.credentials.secret_access_key.empty())
    return std::nullopt;
  const std::string expiration = field_of(*fields, "Expiration");
  if (!expiration.empty()) {
    found.expires_at_s = parse_aws_time(expiration);
    if (!found.expires_at_s) return std::nullopt;
  }
  return found;
}

}  // namespace trailsql
