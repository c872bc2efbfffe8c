// A home folder, an environment, a clock and servers for tests of what reads AWS's settings.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/aws_config.h"
#include "store/aws_credentials.h"
#include "store/http_client.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {

/// Answers requests without a network, and remembers them.
class FakeHttp : public HttpClient {
 public:
  /// Called one at a time.
  std::function<HttpResponse(const HttpRequest&)> answer = [](const HttpRequest&) {
    return failure(HttpFailure::kNotConnected, "Connection refused");
  };

  HttpResponse send(const HttpRequest& request, const Cancellation& cancellation) override {
    cancellation.check();
    const std::lock_guard lock(mutex_);
    requests.push_back(request);
    bodies.emplace_back(request.body);
    requests.back().body = {};
    return answer(request);
  }

  static HttpResponse ok(std::string body) { return status(200, std::move(body)); }
  static HttpResponse status(int number, std::string body = {}) {
    HttpResponse response;
    response.status = number;
    response.body = std::move(body);
    return response;
  }
  static HttpResponse failure(HttpFailure kind, std::string problem) {
    HttpResponse response;
    response.failure = kind;
    response.problem = std::move(problem);
    return response;
  }

  std::vector<HttpRequest> requests;  // their bodies are in `bodies`
  std::vector<std::string> bodies;

 private:
  std::mutex mutex_;
};

/// What every test begins with. Whatever is a secret in a test holds "Hush", and no error may.
class AwsFixture : public testing::Test {
 protected:
  static constexpr int64_t kNow = 1'700'000'000;  // 2023-11-14T22:13:20Z

  AwsFixture() { variables_["HOME"] = home_.path(); }

  void write_config(std::string_view text) const { home_.write(".aws/config", text); }
  void write_credentials(std::string_view text) const { home_.write(".aws/credentials", text); }

  AwsEnvironment environment() const {
    return [this](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found == variables_.end() || found->second.empty()) return std::nullopt;
      return found->second;
    };
  }

  AwsConfig config() const { return load_aws_config(access_, environment()); }

  std::unique_ptr<AwsCredentialSource> source() {
    return find_credentials(config(), http_, [this] { return now_s_.load(); });
  }

  /// "KEY/SECRET/TOKEN".
  static std::string shown(const AwsCredentials& credentials) {
    return credentials.access_key_id + "/" + credentials.secret_access_key + "/" +
           credentials.session_token;
  }
  std::string credentials() { return shown(source()->get(cancellation_)); }

  /// Returns the text of the error that `run` ends with, once it is sure that no secret is in it.
  static std::string error_of(const std::function<void()>& run,
                              ErrorCode code = ErrorCode::kHiveFilesystemError) {
    try {
      run();
    } catch (const QueryError& error) {
      const std::string text = std::string(error.what()) + error.hint();
      EXPECT_EQ(error_name(error.code()), error_name(code)) << text;
      EXPECT_EQ(text.find("Hush"), std::string::npos) << text;
      return text;
    }
    ADD_FAILURE() << "no error";
    return {};
  }
  std::string credentials_error_text() {
    return error_of([&] { credentials(); });
  }

  const TemporaryFolder home_;
  std::map<std::string, std::string> variables_;
  AwsAccess access_;
  FakeHttp http_;
  Cancellation cancellation_;
  std::atomic<int64_t> now_s_{kNow};
};

/// Says that a text holds another.
inline testing::AssertionResult holds(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "\"" << part << "\" is not in:\n" << text;
}

}  // namespace trailsql
