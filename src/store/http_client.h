// Talks HTTP and HTTPS: one request at a time for whoever asks, many at once for all of them
// together, over connections that are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/cancellation.h"
#include "store/http_fields.h"

namespace trailsql {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpFields headers;
  std::string_view body;  // must outlive the call
  /// Takes the headers of an answer with a status of 2xx, before its body, on another thread.
  std::function<void(int status, const HttpFields& headers)> on_headers;
  /// Takes the body of an answer with a status of 2xx as it comes, on another thread, while the
  /// caller waits; without it the body is HttpResponse::body. False breaks the answer off.
  std::function<bool(std::string_view)> on_body;
  uint64_t max_body_bytes = 64ull << 20;  // of HttpResponse::body; more breaks the answer off
  uint32_t connect_timeout_ms = 10'000;
  uint32_t stall_timeout_ms = 20'000;  // without a byte in either direction
  uint32_t total_timeout_ms = 0;       // 0: as long as bytes come
  bool may_use_proxy = true;           // as the environment names it (HTTPS_PROXY, NO_PROXY)
};

/// Why there is no whole answer.
enum class HttpFailure : uint8_t {
  kNone,
  kNotConnected,  // no such host, refused, no route, not in time
  kNotTrusted,    // the server's certificate
  kTimedOut,      // nothing came for too long
  kBroken,        // reset or ended before its end
  kRefusedBody,   // on_body returned false, or the body is too large
  kBadRequest,    // no request can be made of this, such as a URL that is none
};

struct HttpResponse {
  int status = 0;  // 0: none came
  HttpFields headers;
  std::string body;
  uint64_t num_body_bytes = 0;  // that came, wherever they went
  HttpFailure failure = HttpFailure::kNone;
  std::string problem;  // of a failure, for people: "Connection reset by peer"
};

/// What all requests of a process share.
struct HttpOptions {
  std::optional<std::string> ca_bundle;  // a file of certificates to trust, instead of the system's
  std::string user_agent = "trailsql";
  size_t max_connections_per_host = 256;
};

/// Safe from any thread. Connects with TLS 1.2 or newer, and never trusts a server that it cannot
/// verify. Follows no redirects.
class HttpClient {
 public:
  explicit HttpClient(HttpOptions options = {});
  virtual ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends a request and waits for its answer, whole or not. Throws USER_CANCELED soon after
  /// `cancellation` asks for it.
  virtual HttpResponse send(const HttpRequest& request, const Cancellation& cancellation);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;  // whose thread the first request starts
};

}  // namespace trailsql
