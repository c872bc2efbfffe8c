// Signs requests to AWS: Signature Version 4.
//
// source: AWS, "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/http_fields.h"

namespace trailsql {

/// Who asks. Nothing of it may be shown to anybody.
struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // of temporary credentials; else empty
};

/// What is signed of a request.
struct AwsRequest {
  std::string method;          // GET
  std::string host;            // with the port, when it is not that of the scheme
  std::string path;            // percent-encoded, beginning with '/'
  HttpFields query;            // as they are, not encoded
  HttpFields headers;          // besides host
  std::string content_sha256;  // of the body in hexadecimal digits, or UNSIGNED-PAYLOAD
};

/// Returns the headers to send besides the request's own: x-amz-date, x-amz-content-sha256,
/// x-amz-security-token and authorization. `second` is since 1970-01-01 UTC.
HttpFields sign_request(const AwsRequest& request, const AwsCredentials& credentials,
                        std::string_view region, std::string_view service, int64_t second);

/// Percent-encodes all but letters, digits and -._~, as AWS does; of a path '/' too stays.
std::string aws_encoded(std::string_view text, bool is_path);

/// Returns the query string as it is signed and sent: encoded, sorted.
std::string aws_query_string(const HttpFields& query);

/// Returns the SHA-256 of `bytes` in hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace trailsql
