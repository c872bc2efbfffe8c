// What tests of the client of buckets, and of those who use it, begin with.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/aws_fixture_for_test.h"
#include "store/fake_bucket_for_test.h"
#include "store/s3_client.h"

namespace trailsql {

/// A client of a server at http://s3.test that answers without a network, and waits for nothing.
class BucketFixture : public testing::Test {
 protected:
  BucketFixture() {
    access_.endpoint = "http://s3.test";
    access_.region = "eu-west-1";
    variables_ = {{"AWS_ACCESS_KEY_ID", "KEY"}, {"AWS_SECRET_ACCESS_KEY", "Hush"}};
  }

  AwsConfig config() const {
    return load_aws_config(access_, [this](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    });
  }
  std::unique_ptr<S3Client> client_of(HttpClient& http) const {
    constexpr S3Waits kNoWaits{std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
    return std::make_unique<S3Client>(config(), http, kNoWaits);
  }
  RequestContext context() { return {cancellation_, counts_}; }

  AwsAccess access_;
  std::map<std::string, std::string> variables_;
  Cancellation cancellation_;
  RequestCounts counts_;
};

/// One whose server answers the first requests as a test says it.
class ScriptedBucketFixture : public BucketFixture {
 protected:
  S3Client& client() {
    if (!client_) client_ = client_of(server_);
    return *client_;
  }

  S3Problem list(const std::string& bucket = "logs") {
    page_ = {};
    return client().list({bucket, "", false, "", ""}, page_, context());
  }
  S3Problem get(const std::string& key, uint64_t size = 0) {
    return client().get({"logs", key}, size, bytes_, context());
  }
  std::string part_of(const std::string& key, uint64_t offset, uint64_t size,
                      const std::string& etag = "") {
    std::string out(size, '?');
    problem_ = client().get_part({"logs", key}, {etag, offset, size}, out.data(), context());
    return out;
  }

  /// Lets the server answer the first requests with these, one after the other.
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  void script(std::vector<Answer> answers) {
    server_.instead = [answers = std::move(answers), next = size_t{0}](
                          const HttpRequest& request,
                          const SeenRequest&) mutable -> std::optional<HttpResponse> {
      if (next == answers.size()) return std::nullopt;
      return answers[next++](request);
    };
  }
  static Answer error(int status, const std::string& code, const HttpFields& headers = {},
                      const std::string& more = "") {
    return [=](const HttpRequest&) { return s3_error(status, code, headers, more); };
  }
  static Answer broken(const std::string& bytes, size_t num_bytes, HttpFields headers) {
    return [=](const HttpRequest& request) {
      return deliver(request, 200, headers, bytes, num_bytes);
    };
  }
  static std::string text_of_size(size_t size) {
    std::string text;
    while (text.size() < size) text += fmt::format("{} ", text.size());
    text.resize(size);
    return text;
  }
  FakeBucket server_;
  std::unique_ptr<S3Client> client_;
  S3Page page_;
  ByteBuffer bytes_;
  S3Problem problem_;
};

}  // namespace trailsql
