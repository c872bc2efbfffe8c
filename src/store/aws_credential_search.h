// One search for credentials: what its providers share. Each provider is a function of
// aws_credential_providers.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/error.h"
#include "store/aws_config.h"
#include "store/aws_signature.h"
#include "store/http_client.h"

namespace trailsql {

/// Credentials, and how long they last.
struct FoundCredentials {
  AwsCredentials credentials;
  std::optional<int64_t> expires_at_s;  // since 1970-01-01 UTC; nothing: as long as AWS takes them
  std::string origin;                   // for errors: "AWS profile 'dev'"
};

/// What a search has at hand, and where it found nothing.
struct CredentialSearch {
  const AwsConfig& config;
  HttpClient& http;
  const Cancellation& cancellation;
  int64_t now_s;                    // since 1970-01-01 UTC
  std::vector<std::string> misses;  // "environment: AWS_ACCESS_KEY_ID is not set"
};

/// Makes the error that ends a search: HIVE_FILESYSTEM_ERROR. No text of it may hold a secret.
QueryError credentials_error(const std::string& message);

/// Sends a request to a service and waits; tries again, a little later each time, when no answer
/// came or the server says that the fault is its own. Sets the limits of `request`.
HttpResponse ask_aws(const CredentialSearch& search, HttpRequest request);

/// Says what an answer that is none of success amounts to: "no answer (Connection refused)",
/// "status 503".
std::string describe_answer(const HttpResponse& response);

/// Returns what a server says, made fit to be shown: one line, not long, without `secrets`, which
/// servers are known to repeat (STS shows a request whose signature is wrong).
std::string shown_text(std::string_view text, const std::vector<std::string>& secrets);

/// Reads the JSON of credential processes, containers and EC2 metadata: AccessKeyId,
/// SecretAccessKey, Expiration, and the session token under the name `token_name`. Nothing when a
/// key is missing or the time of expiry is none.
std::optional<FoundCredentials> read_credentials_json(std::string_view json,
                                                      const std::string& token_name,
                                                      const std::string& origin);

}  // namespace trailsql
