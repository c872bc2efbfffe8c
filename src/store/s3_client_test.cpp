#include "store/s3_client.h"

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "base/text.h"
#include "store/bucket_fixture_for_test.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

using Kind = S3Problem::Kind;

using S3ClientTest = ScriptedBucketFixture;

std::string region_in(const SeenRequest& request) {
  const std::string authorization = request.header("authorization");
  const size_t start = authorization.find('/', authorization.find('/') + 1) + 1;
  return authorization.substr(start, authorization.find('/', start) - start);
}

TEST_F(S3ClientTest, SignsRequests) {
  variables_["AWS_SESSION_TOKEN"] = "HushToken";
  server_.add("a/b c", "bytes");
  ASSERT_FALSE(list());
  ASSERT_FALSE(get("a/b c", 5));
  EXPECT_EQ(bytes_.view(), "bytes");
  const std::vector<SeenRequest> requests = server_.take_requests();
  ASSERT_EQ(requests.size(), 2u);
  for (const SeenRequest& request : requests) {
    const std::string authorization = request.header("authorization");
    EXPECT_TRUE(authorization.starts_with("AWS4-HMAC-SHA256 Credential=KEY/")) << authorization;
    EXPECT_TRUE(holds(authorization, "/eu-west-1/s3/aws4_request"));
    EXPECT_TRUE(holds(authorization, ";x-amz-content-sha256;x-amz-date;"));
    EXPECT_TRUE(holds(authorization, ";x-amz-security-token,"));
    EXPECT_EQ(request.header("x-amz-security-token"), "HushToken");
    EXPECT_EQ(request.header("x-amz-date").size(), std::string("20230710T120523Z").size());
    EXPECT_EQ(request.header("x-amz-content-sha256"), sha256_hex(""));
    EXPECT_EQ(request.header("x-amz-request-payer"), "");
    EXPECT_EQ(request.url.find("Hush"), std::string::npos);
  }
  EXPECT_EQ(requests[0].url, "http://s3.test/logs?encoding-type=url&list-type=2&prefix=");
  EXPECT_EQ(requests[1].url, "http://s3.test/logs/a/b%20c");
  EXPECT_EQ(requests[1].header("x-amz-checksum-mode"), "ENABLED");
  EXPECT_EQ(counts_.num_lists, 1u);
  EXPECT_EQ(counts_.num_gets, 1u);
  EXPECT_EQ(counts_.num_retries, 0u);
  EXPECT_EQ(counts_.num_bytes, 5u);
}

TEST_F(S3ClientTest, AnonymousAndPaying) {
  access_.is_anonymous = true;
  access_.requester_pays = true;
  variables_.clear();
  ASSERT_FALSE(list());
  const SeenRequest request = server_.take_requests().at(0);
  EXPECT_EQ(request.header("authorization"), "");
  EXPECT_EQ(request.header("x-amz-date"), "");
  EXPECT_EQ(request.header("x-amz-request-payer"), "requester");
}

TEST_F(S3ClientTest, WhoPaysIsSigned) {
  access_.requester_pays = true;
  ASSERT_FALSE(list());
  EXPECT_TRUE(holds(server_.take_requests().at(0).header("authorization"), "x-amz-request-payer"));
}

TEST_F(S3ClientTest, AsksForPages) {
  server_.manners.max_keys = 2;
  for (const char* key : {"p/a", "p/b/1", "p/b/2", "p/c", "q"}) server_.add(key);
  S3ListQuery query{"logs", "p/", true, "p/a", ""};
  ASSERT_FALSE(client().list(query, page_, context()));
  ASSERT_EQ(page_.objects.size(), 1u);
  EXPECT_EQ(page_.objects[0].key, "p/c");
  EXPECT_EQ(page_.prefixes, std::vector<std::string>{"p/b/"});
  query = {"logs", "p/", false, "", ""};
  ASSERT_FALSE(client().list(query, page_, context()));
  query.token = page_.next_token;
  ASSERT_FALSE(client().list(query, page_, context()));
  EXPECT_EQ(page_.objects.at(0).key, "p/b/2");
  EXPECT_EQ(page_.next_token, "");
}

TEST_F(S3ClientTest, LearnsARegionOnce) {
  script({error(301, "PermanentRedirect", {{"x-amz-bucket-region", "us-west-2"}})});
  ASSERT_FALSE(list());
  ASSERT_FALSE(list());
  std::vector<SeenRequest> requests = server_.take_requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(region_in(requests[0]), "eu-west-1");
  EXPECT_EQ(region_in(requests[1]), "us-west-2");
  EXPECT_EQ(region_in(requests[2]), "us-west-2");
  // Another bucket is not there for that.
  EXPECT_EQ(list("other").kind, Kind::kNoSuchBucket);
  EXPECT_EQ(region_in(server_.take_requests().at(0)), "eu-west-1");
  EXPECT_EQ(counts_.num_retries, 1u);
}

TEST_F(S3ClientTest, GoesToTheHostOfTheRegion) {
  access_.endpoint.reset();
  access_.region.reset();
  server_.instead = [](const HttpRequest& request, const SeenRequest& seen) {
    if (seen.url.starts_with("https://logs.s3.us-east-1.amazonaws.com/?"))
      return s3_error(400, "AuthorizationHeaderMalformed", {}, "<Region>eu-central-1</Region>");
    if (seen.url.starts_with("https://logs.s3.eu-central-1.amazonaws.com/?"))
      return deliver(request, 200, {}, "<ListBucketResult/>");
    return s3_error(404, "NoSuchBucket");
  };
  ASSERT_FALSE(list());
  EXPECT_EQ(server_.take_requests().size(), 2u);
}

TEST_F(S3ClientTest, RegionsThatAreNotBelieved) {
  access_.endpoint.reset();
  server_.instead = [](const HttpRequest&, const SeenRequest&) {
    return s3_error(301, "PermanentRedirect", {{"x-amz-bucket-region", "evil.example/"}});
  };
  EXPECT_EQ(list().kind, Kind::kOther);
  for (const SeenRequest& request : server_.take_requests())
    EXPECT_TRUE(request.url.starts_with("https://logs.s3.eu-west-1.amazonaws.com/")) << request.url;
}

TEST_F(S3ClientTest, RegionsThatGoBackAndForthEnd) {
  server_.instead = [](const HttpRequest&, const SeenRequest& seen) {
    const bool is_first = region_in(seen) == "eu-west-1";
    return s3_error(301, "PermanentRedirect",
                    {{"x-amz-bucket-region", is_first ? "us-east-1" : "eu-west-1"}});
  };
  EXPECT_EQ(list().kind, Kind::kOther);
  EXPECT_EQ(server_.take_requests().size(), 6u);
}

// What one has learnt while the other's request was on its way is no reason to give up.
TEST_F(S3ClientTest, SeveralLearnARegionAtOnce) {
  constexpr size_t kThreads = 4;
  std::mutex mutex;
  std::condition_variable changed;
  size_t num_arrived = 0;
  server_.instead = [&](const HttpRequest&,
                        const SeenRequest& seen) -> std::optional<HttpResponse> {
    if (region_in(seen) != "eu-west-1") return std::nullopt;
    std::unique_lock lock(mutex);
    ++num_arrived;
    changed.notify_all();
    changed.wait(lock, [&] { return num_arrived == kThreads; });
    return s3_error(301, "PermanentRedirect", {{"x-amz-bucket-region", "us-west-2"}});
  };
  S3Client& shared = client();
  std::vector<std::thread> threads;
  std::atomic<size_t> num_problems{0};
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      S3Page page;
      if (shared.list({"logs", "", false, "", ""}, page, context())) ++num_problems;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(num_problems, 0u);
}

TEST_F(S3ClientTest, FollowsRedirects) {
  script({error(307, "TemporaryRedirect", {{"location", "https://other.test:8443/x/a%20b?y=1"}}),
          [](const HttpRequest& request) { return deliver(request, 200, {}, "there"); }});
  ASSERT_FALSE(get("a b", 5));
  EXPECT_EQ(bytes_.view(), "there");
  EXPECT_EQ(server_.take_requests().at(1).url, "https://other.test:8443/x/a%20b");
  // The next one begins at the endpoint again.
  EXPECT_EQ(get("a b").kind, Kind::kNoSuchKey);
  EXPECT_EQ(server_.take_requests().at(0).url, "http://s3.test/logs/a%20b");
}

TEST_F(S3ClientTest, RedirectsEnd) {
  server_.instead = [](const HttpRequest&, const SeenRequest&) {
    return s3_error(307, "TemporaryRedirect", {{"location", "http://s3.test/logs/k"}});
  };
  EXPECT_EQ(get("k").text, "As told (TemporaryRedirect, HTTP status 307)");
  EXPECT_EQ(server_.take_requests().size(), 6u);
}

TEST_F(S3ClientTest, RedirectsThatAreNotFollowed) {
  access_.endpoint = "https://s3.test";
  for (const char* place :
       {"http://s3.test/logs/k", "ftp://s3.test/", "/logs/k", "", "https://me:word@s3.test/"}) {
    server_.instead = [&](const HttpRequest&, const SeenRequest&) {
      return s3_error(307, "TemporaryRedirect", {{"location", place}});
    };
    EXPECT_EQ(get("k").kind, Kind::kOther) << place;
    EXPECT_EQ(server_.take_requests().size(), 1u) << place;
  }
}

TEST_F(S3ClientTest, CorrectsTheClock) {
  constexpr int64_t kHours = 5;
  const auto second_in = [](const SeenRequest& request) {
    std::tm time{};
    EXPECT_NE(strptime(request.header("x-amz-date").c_str(), "%Y%m%dT%H%M%SZ", &time), nullptr);
    return static_cast<int64_t>(timegm(&time));
  };
  const std::time_t theirs = std::time(nullptr) + kHours * 3600;
  const std::string date = fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(theirs));
  script({error(403, "RequestTimeTooSkewed", {{"date", date}})});
  ASSERT_FALSE(list());
  ASSERT_FALSE(list());
  const std::vector<SeenRequest> requests = server_.take_requests();
  ASSERT_EQ(requests.size(), 3u);
  constexpr int64_t kSlackS = 60;
  EXPECT_LE(std::abs(second_in(requests[0]) + kHours * 3600 - theirs), kSlackS);
  EXPECT_LE(std::abs(second_in(requests[1]) - theirs), kSlackS);
  EXPECT_LE(std::abs(second_in(requests[2]) - theirs), kSlackS);
}

TEST_F(S3ClientTest, ClocksThatCannotBeCorrected) {
  server_.instead = [](const HttpRequest&, const SeenRequest&) {
    return s3_error(403, "RequestTimeTooSkewed", {{"date", "soon"}});
  };
  EXPECT_TRUE(list());
  EXPECT_EQ(server_.take_requests().size(), 1u);
  server_.instead = [](const HttpRequest&, const SeenRequest&) {
    return s3_error(403, "RequestTimeTooSkewed", {{"date", "Mon, 10 Jul 2023 12:05:23 GMT"}});
  };
  EXPECT_TRUE(list());
  EXPECT_EQ(server_.take_requests().size(), 6u);
}

TEST_F(S3ClientTest, FetchesCredentialsAnewThatHaveExpired) {
  const TemporaryFolder home;
  home.write("keys.sh", R"(echo x >> $(dirname $0)/calls
echo '{"Version":1,"AccessKeyId":"KEY'$(wc -l < $(dirname $0)/calls)'","SecretAccessKey":"Hush"}')");
  home.write(".aws/config",
             fmt::format("[default]\ncredential_process = sh {}/keys.sh\n", home.path()));
  variables_ = {{"HOME", home.path()}};
  script({error(400, "ExpiredToken")});
  ASSERT_FALSE(list());
  const std::vector<SeenRequest> requests = server_.take_requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_TRUE(holds(requests[0].header("authorization"), "Credential=KEY1/"));
  EXPECT_TRUE(holds(requests[1].header("authorization"), "Credential=KEY2/"));
}

TEST_F(S3ClientTest, CredentialsThatStayExpired) {
  server_.instead = [](const HttpRequest&, const SeenRequest&) {
    return s3_error(400, "ExpiredToken");
  };
  const S3Problem problem = list();
  EXPECT_EQ(problem.kind, Kind::kBadCredentials);
  EXPECT_EQ(
      problem.text,
      "As told (ExpiredToken, HTTP status 400); the credentials are those of the environment");
  EXPECT_EQ(server_.take_requests().size(), 1u);
}

TEST_F(S3ClientTest, KeysThatHaveChangedInTheirFile) {
  const TemporaryFolder home;
  const auto write_key = [&](const char* key) {
    home.write(".aws/credentials", fmt::format("[default]\naws_access_key_id = {}\n"
                                               "aws_secret_access_key = Hush\n",
                                               key));
  };
  write_key("KEY1");
  variables_ = {{"HOME", home.path()}};
  for (const char* code : {"InvalidAccessKeyId", "InvalidToken", "ExpiredToken"}) {
    write_key("KEY1");
    client_.reset();
    server_.instead = [&](const HttpRequest&,
                          const SeenRequest& seen) -> std::optional<HttpResponse> {
      if (!holds(seen.header("authorization"), "Credential=KEY1/")) return std::nullopt;
      write_key("KEY2");
      return s3_error(403, code);
    };
    ASSERT_FALSE(list()) << code;
    EXPECT_EQ(server_.take_requests().size(), 2u);
  }
}

TEST_F(S3ClientTest, SignsWhenTheRequestMayBegin) {
  std::atomic<int64_t> now_s = 1'700'000'000;  // 2023-11-14T22:13:20Z
  client_ = std::make_unique<S3Client>(config(), server_, S3Waits{}, [&] { return now_s.load(); });
  std::atomic<size_t> num_inside = 0;
  std::atomic<bool> may_end = false;
  server_.before_each = [&](const SeenRequest&, const Cancellation&) {
    ++num_inside;
    while (!may_end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  std::vector<std::thread> threads;
  const auto ask = [&](size_t num_requests) {
    for (size_t i = 0; i < num_requests; ++i) {
      threads.emplace_back([&] {
        S3Page page;
        EXPECT_FALSE(client_->list({"logs", "", false, "", ""}, page, context()));
      });
    }
  };
  ask(S3Client::max_requests_at_once());
  while (num_inside < S3Client::max_requests_at_once())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ask(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // it waits at the gate
  now_s += 3600;
  may_end = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server_.take_requests().back().header("x-amz-date"), "20231114T231320Z");
}

// What hands out roles is asked with a signature, too.
TEST_F(S3ClientTest, CredentialsAreAskedForWithTheCorrectedClock) {
  const TemporaryFolder home;
  home.write("token", "Hush");
  variables_ = {{"HOME", home.path()},
                {"AWS_WEB_IDENTITY_TOKEN_FILE", home.path() + "/token"},
                {"AWS_ROLE_ARN", "arn:aws:iam::1:role/r"},
                {"AWS_ENDPOINT_URL_STS", "http://sts.test"}};
  const std::time_t theirs = std::time(nullptr) + 5 * 3600;
  std::vector<std::string> sessions;
  server_.instead = [&](const HttpRequest& request,
                        const SeenRequest& seen) -> std::optional<HttpResponse> {
    if (request.method == "POST") {
      const std::string body = percent_decoded(request.body);
      sessions.push_back(body.substr(body.find("RoleSessionName=") + 16, 19));
      return deliver(request, 200, {},
                     fmt::format("<A><B><Credentials><AccessKeyId>KEY{}</AccessKeyId>"
                                 "<SecretAccessKey>Hush</SecretAccessKey><SessionToken>Hush"
                                 "</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>"
                                 "</Credentials></B></A>",
                                 sessions.size()));
    }
    const std::string date = fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(theirs));
    if (sessions.size() > 1) return std::nullopt;
    const bool is_first =
        seen.header("x-amz-date") < fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(theirs - 3600));
    return is_first ? s3_error(403, "RequestTimeTooSkewed", {{"date", date}})
                    : s3_error(403, "ExpiredToken");
  };
  ASSERT_FALSE(list());
  ASSERT_EQ(sessions.size(), 2u);
  EXPECT_LE(std::abs(std::stoll(sessions[1].substr(9)) - theirs), 60);
}

TEST_F(S3ClientTest, TriesAgainWhatFailsInPassing) {
  script({error(500, "InternalError"), error(503, "SlowDown"),
          [](const HttpRequest&) {
            return FakeHttp::failure(HttpFailure::kNotConnected, "Connection refused");
          },
          [](const HttpRequest& request) {
            return deliver(request, 200, {}, "<Error><Code>InternalError</Code></Error>");
          }});
  ASSERT_FALSE(list());
  EXPECT_EQ(counts_.num_lists, 5u);
  EXPECT_EQ(counts_.num_retries, 4u);
}

TEST_F(S3ClientTest, EndlessSlowDownEnds) {
  server_.instead = [](const HttpRequest&, const SeenRequest&) {
    return s3_error(503, "SlowDown");
  };
  EXPECT_EQ(list().text, "As told (SlowDown, HTTP status 503)");
  EXPECT_EQ(server_.take_requests().size(), 8u);
}

TEST_F(S3ClientTest, EndsWhenTheQueryIsCanceled) {
  server_.instead = [&](const HttpRequest&, const SeenRequest&) {
    cancellation_.request();
    return s3_error(503, "SlowDown");
  };
  EXPECT_THROW(list(), QueryError);
  EXPECT_EQ(server_.take_requests().size(), 1u);
}

TEST_F(S3ClientTest, Denials) {
  script({error(403, "AccessDenied"), error(404, "NoSuchKey"), error(403, "InvalidObjectState")});
  EXPECT_EQ(get("k").kind, Kind::kDenied);
  EXPECT_EQ(get("k").kind, Kind::kNoSuchKey);
  EXPECT_EQ(get("k").kind, Kind::kArchived);
  EXPECT_EQ(counts_.num_retries, 0u);
}

TEST_F(S3ClientTest, AnswersThatAreNoListings) {
  server_.instead = [](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 200, {}, "<html>Sign in</html>");
  };
  EXPECT_TRUE(holds(list().text, "is the endpoint one of S3?"));
  server_.instead = [](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 200, {}, std::string(kMaxS3AnswerBytes + 1, ' '));
  };
  EXPECT_TRUE(list());
  EXPECT_EQ(counts_.num_retries, 0u);
}

}  // namespace
}  // namespace trailsql
