#include "store/curl_library.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include "base/error.h"
#include "base/late_library.h"

namespace trailsql {

extern const LateLibrary kLateCurl;  // made by the build

namespace {

std::string load_and_start() {
  std::string problem = load_library(kLateCurl);
  if (!problem.empty()) return problem;
  const CURLcode result = curl_global_init(CURL_GLOBAL_ALL);
  return result == CURLE_OK ? "" : curl_easy_strerror(result);
}

}  // namespace

void load_curl() {
  static const std::string problem = load_and_start();
  if (!problem.empty()) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("libcurl cannot be loaded: {}", problem));
  }
}

std::optional<std::time_t> parse_http_time(const std::string& text) {
  load_curl();
  const std::time_t second = curl_getdate(text.c_str(), nullptr);
  return second < 0 ? std::nullopt : std::optional(second);
}

}  // namespace trailsql
