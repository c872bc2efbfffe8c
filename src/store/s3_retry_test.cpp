#include "store/s3_retry.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

namespace trailsql {
namespace {

using Verdict = S3Verdict;
using Step = S3Verdict::Step;
using Kind = S3Problem::Kind;

HttpResponse s3_status(int status, std::string body = {}, HttpFields headers = {}) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

std::string error_xml(std::string_view code, std::string_view message = "Told by the server",
                      std::string_view more = "") {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>{}"
      "<RequestId>4442587FB7D0A2F9</RequestId><HostId>vlR7=</HostId></Error>",
      code, message, more);
}

Verdict verdict_of_error(int status, std::string_view code) {
  return verdict_of(s3_status(status, error_xml(code)), false);
}

struct JudgedCode {
  int status;
  std::string_view code;  // none: an answer without a body, as to HEAD
  Step step;
  Kind kind;
};

// source: Amazon S3 API Reference, "Error responses"
TEST(S3Verdicts, OfEachCode) {
  constexpr JudgedCode kCodes[] = {
      {503, "SlowDown", Step::kRetrySlower, Kind::kOther},
      {503, "ServiceUnavailable", Step::kRetrySlower, Kind::kOther},
      {503, "SomethingNew", Step::kRetrySlower, Kind::kOther},
      {429, "TooManyRequests", Step::kRetrySlower, Kind::kOther},
      {400, "RequestLimitExceeded", Step::kRetrySlower, Kind::kOther},
      {400, "Throttling", Step::kRetrySlower, Kind::kOther},
      {400, "ThrottlingException", Step::kRetrySlower, Kind::kOther},
      {400, "RequestThrottled", Step::kRetrySlower, Kind::kOther},
      {500, "InternalError", Step::kRetry, Kind::kOther},
      {502, "SomethingNew", Step::kRetry, Kind::kOther},
      {400, "RequestTimeout", Step::kRetry, Kind::kOther},
      {403, "RequestTimeTooSkewed", Step::kOtherTime, Kind::kOther},
      {400, "ExpiredToken", Step::kOtherCredentials, Kind::kBadCredentials},
      {403, "ExpiredTokenException", Step::kOtherCredentials, Kind::kBadCredentials},
      {403, "RequestExpired", Step::kOtherCredentials, Kind::kBadCredentials},
      {400, "TokenRefreshRequired", Step::kOtherCredentials, Kind::kBadCredentials},
      {403, "AccessDenied", Step::kFail, Kind::kDenied},
      {403, "AllAccessDisabled", Step::kFail, Kind::kDenied},
      {403, "AccountProblem", Step::kFail, Kind::kDenied},
      {403, "InvalidAccessKeyId", Step::kOtherCredentials, Kind::kBadCredentials},
      {403, "SignatureDoesNotMatch", Step::kFail, Kind::kBadCredentials},
      {400, "InvalidToken", Step::kOtherCredentials, Kind::kBadCredentials},
      {403, "SomethingNew", Step::kFail, Kind::kDenied},
      {404, "NoSuchKey", Step::kFail, Kind::kNoSuchKey},
      {404, "NoSuchBucket", Step::kFail, Kind::kNoSuchBucket},
      {403, "InvalidObjectState", Step::kFail, Kind::kArchived},
      {412, "PreconditionFailed", Step::kFail, Kind::kChanged},
      {416, "InvalidRange", Step::kFail, Kind::kChanged},
      {400, "InvalidArgument", Step::kFail, Kind::kOther},
      {405, "MethodNotAllowed", Step::kFail, Kind::kOther},
      {501, "NotImplemented", Step::kFail, Kind::kOther},
  };
  for (const JudgedCode& judged : kCodes) {
    const Verdict verdict = verdict_of_error(judged.status, judged.code);
    EXPECT_EQ(verdict.step, judged.step) << judged.code;
    EXPECT_EQ(verdict.problem.kind, judged.kind) << judged.code;
    EXPECT_EQ(verdict.problem.text,
              fmt::format("Told by the server ({}, HTTP status {})", judged.code, judged.status));
  }
}

TEST(S3Verdicts, OfAStatusAlone) {
  constexpr JudgedCode kStatuses[] = {
      {301, "", Step::kFail, Kind::kOther},        {304, "", Step::kFail, Kind::kOther},
      {400, "", Step::kFail, Kind::kOther},        {401, "", Step::kFail, Kind::kDenied},
      {403, "", Step::kFail, Kind::kDenied},       {404, "", Step::kFail, Kind::kNoSuchKey},
      {408, "", Step::kRetry, Kind::kOther},       {412, "", Step::kFail, Kind::kChanged},
      {416, "", Step::kFail, Kind::kChanged},      {429, "", Step::kRetrySlower, Kind::kOther},
      {500, "", Step::kRetry, Kind::kOther},       {501, "", Step::kFail, Kind::kOther},
      {503, "", Step::kRetrySlower, Kind::kOther}, {504, "", Step::kRetry, Kind::kOther},
      {0, "", Step::kFail, Kind::kOther},
  };
  for (const JudgedCode& judged : kStatuses) {
    const Verdict verdict = verdict_of(s3_status(judged.status), false);
    EXPECT_EQ(verdict.step, judged.step) << judged.status;
    EXPECT_EQ(verdict.problem.kind, judged.kind) << judged.status;
    EXPECT_EQ(verdict.problem.text, fmt::format("HTTP status {}", judged.status));
  }
  // A proxy's page, which says nothing of S3.
  const Verdict page = verdict_of(s3_status(502, "<html><body>Bad Gateway</body></html>"), false);
  EXPECT_EQ(page.step, Step::kRetry);
  EXPECT_EQ(page.problem.text, "HTTP status 502");
}

TEST(S3Verdicts, TextsOfErrorsThatLackAPart) {
  EXPECT_EQ(verdict_of_error(403, "").problem.text, "Told by the server (HTTP status 403)");
  EXPECT_EQ(verdict_of(s3_status(403, error_xml("AccessDenied", "")), false).problem.text,
            "AccessDenied (HTTP status 403)");
}

TEST(S3Verdicts, AKeyThatMayNotBeUsed) {
  const Verdict verdict = verdict_of(
      s3_status(403, error_xml("AccessDenied",
                               "User: arn:aws:iam::123456789012:user/a is not authorized to "
                               "perform: kms:Decrypt on resource: arn:aws:kms:…")),
      false);
  EXPECT_EQ(verdict.step, Step::kFail);
  EXPECT_EQ(verdict.problem.kind, Kind::kDenied);
  EXPECT_TRUE(
      verdict.problem.text.starts_with("it is encrypted with a KMS key that these "
                                       "credentials may not use"));
  EXPECT_NE(verdict.problem.text.find("user/a"), std::string::npos);
  EXPECT_EQ(with_permission(verdict.problem, "reading needs s3:GetObject").text,
            verdict.problem.text);
}

TEST(S3Verdicts, WhatADenialLacks) {
  const auto text_of = [](Kind kind, const char* text) {
    return with_permission({kind, text}, "reading needs s3:GetObject").text;
  };
  EXPECT_EQ(text_of(Kind::kDenied, "Access Denied"), "Access Denied; reading needs s3:GetObject");
  const char* longer = "User: arn:aws:iam::1:user/a is not authorized to perform: s3:GetObject on";
  EXPECT_EQ(text_of(Kind::kDenied, longer), longer);
  EXPECT_EQ(text_of(Kind::kBadCredentials, "Expired"), "Expired");
}

TEST(S3Verdicts, BucketsOfOtherRegions) {
  const auto region_of_answer = [](const HttpResponse& response) {
    const Verdict verdict = verdict_of(response, true);
    return verdict.step == Step::kOtherRegion ? verdict.region : "step is another";
  };
  const HttpFields header = {{"x-amz-bucket-region", "eu-west-1"}};
  EXPECT_EQ(region_of_answer(s3_status(301, error_xml("PermanentRedirect"), header)), "eu-west-1");
  EXPECT_EQ(region_of_answer(s3_status(301, "", header)), "eu-west-1");
  EXPECT_EQ(region_of_answer(s3_status(400, "", header)), "eu-west-1");
  EXPECT_EQ(region_of_answer(s3_status(403, "", header)), "eu-west-1");
  EXPECT_EQ(region_of_answer(s3_status(
                400, error_xml("AuthorizationHeaderMalformed",
                               "The authorization header is malformed; the region 'us-east-1' is "
                               "wrong; expecting 'eu-central-1'",
                               "<Region>eu-central-1</Region>"))),
            "eu-central-1");
  EXPECT_EQ(region_of_answer(s3_status(400, error_xml("AuthorizationHeaderMalformed", "wrong",
                                                      "<Region>RegionOne</Region>"))),
            "RegionOne");
  // That access is denied is no matter of the region, which such answers name too.
  EXPECT_EQ(verdict_of(s3_status(403, error_xml("AccessDenied"), header), false).step, Step::kFail);
  EXPECT_EQ(verdict_of(s3_status(404, error_xml("NoSuchBucket"), header), false).step, Step::kFail);
  EXPECT_EQ(verdict_of(s3_status(403, error_xml("RequestTimeTooSkewed"), header), false).step,
            Step::kOtherTime);
}

TEST(S3Verdicts, NoRegionThatLeadsToAnotherHost) {
  for (const std::string_view region :
       {"evil.example/", "a b", "eu-west-1\r\nx-evil: 1", "", "a.b", "a@b", "a#"}) {
    const HttpResponse in_header =
        s3_status(301, "", {{"x-amz-bucket-region", std::string(region)}});
    EXPECT_EQ(verdict_of(in_header, false).step, Step::kFail) << region;
    const HttpResponse in_body =
        s3_status(400, error_xml("AuthorizationHeaderMalformed", "wrong",
                                 fmt::format("<Region>{}</Region>", region)));
    EXPECT_EQ(verdict_of(in_body, false).step, Step::kFail) << region;
  }
}

TEST(S3Verdicts, OtherPlaces) {
  const HttpFields header = {{"location", "https://b.s3-us-west-2.amazonaws.com/k"}};
  for (const int status : {307, 308}) {
    const Verdict verdict =
        verdict_of(s3_status(status, error_xml("TemporaryRedirect"), header), false);
    EXPECT_EQ(verdict.step, Step::kOtherPlace);
    EXPECT_EQ(verdict.place, "https://b.s3-us-west-2.amazonaws.com/k");
  }
  EXPECT_EQ(verdict_of(s3_status(307), false).step, Step::kFail);
  EXPECT_EQ(verdict_of(s3_status(302, "", header), false).step, Step::kFail);
}

TEST(S3Verdicts, Successes) {
  EXPECT_EQ(verdict_of(s3_status(200, "{\"any\": 1}"), false).step, Step::kDone);
  EXPECT_EQ(verdict_of(s3_status(206, "any"), false).step, Step::kDone);
  EXPECT_EQ(verdict_of(s3_status(204), false).step, Step::kDone);
  EXPECT_FALSE(verdict_of(s3_status(200), false).problem);
  EXPECT_EQ(verdict_of(s3_status(200, "<ListBucketResult/>"), true).step, Step::kDone);
  EXPECT_EQ(verdict_of(s3_status(200, "no XML"), true).step, Step::kDone);
  // An object may look like an error.
  EXPECT_EQ(verdict_of(s3_status(200, error_xml("InternalError")), false).step, Step::kDone);
}

// source: Amazon S3 API Reference, CompleteMultipartUpload: "200 OK" with an error in its body
TEST(S3Verdicts, ErrorsInTheBodyOfASuccess) {
  const auto step_of = [](std::string_view code) {
    return verdict_of(s3_status(200, error_xml(code)), true).step;
  };
  EXPECT_EQ(step_of("InternalError"), Step::kRetry);
  EXPECT_EQ(step_of("SlowDown"), Step::kRetrySlower);
  EXPECT_EQ(step_of("SomethingNew"), Step::kRetry);
  EXPECT_EQ(step_of("AccessDenied"), Step::kFail);
}

TEST(S3Verdicts, FailuresOfTheConnection) {
  const auto step_of = [](HttpFailure failure) {
    HttpResponse response;
    response.status = 200;  // broke off after its headers
    response.failure = failure;
    response.problem = "Connection reset by peer";
    const Verdict verdict = verdict_of(response, true);
    EXPECT_EQ(verdict.problem.text, "Connection reset by peer");
    return verdict.step;
  };
  EXPECT_EQ(step_of(HttpFailure::kNotConnected), Step::kRetry);
  EXPECT_EQ(step_of(HttpFailure::kTimedOut), Step::kRetry);
  EXPECT_EQ(step_of(HttpFailure::kBroken), Step::kRetry);
  EXPECT_EQ(step_of(HttpFailure::kNotTrusted), Step::kFail);
  EXPECT_EQ(step_of(HttpFailure::kRefusedBody), Step::kFail);
  EXPECT_EQ(step_of(HttpFailure::kBadRequest), Step::kFail);
}

int num_attempts(S3Retries retries, Step step) {
  int attempts = 1;
  while (retries.may_go_on(step)) ++attempts;
  return attempts;
}

TEST(S3RetriesTest, EndAfterSomeFailures) {
  EXPECT_EQ(num_attempts(S3Retries(), Step::kRetry), 8);
  EXPECT_EQ(num_attempts(S3Retries(), Step::kRetrySlower), 8);
  for (const Step step :
       {Step::kOtherRegion, Step::kOtherPlace, Step::kOtherTime, Step::kOtherCredentials})
    EXPECT_EQ(num_attempts(S3Retries(), step), 6);
}

TEST(S3RetriesTest, EndHoweverMuchProgressThereIs) {
  S3Retries retries;
  int attempts = 1;
  while (retries.may_go_on(Step::kRetry)) {
    retries.progressed();
    ++attempts;
  }
  EXPECT_EQ(attempts, 1000);
  S3Retries corrections;
  for (attempts = 1; corrections.may_go_on(Step::kOtherRegion); ++attempts)
    corrections.progressed();
  EXPECT_EQ(attempts, 6);
}

TEST(S3RetriesTest, WaitsGrowWithinBounds) {
  using std::chrono::milliseconds;
  S3Retries retries;
  EXPECT_EQ(retries.longest_wait(Step::kRetry), milliseconds(0));
  for (const int longest : {100, 200, 400, 800, 1600, 3200, 6400}) {
    ASSERT_TRUE(retries.may_go_on(Step::kRetry));
    EXPECT_EQ(retries.longest_wait(Step::kRetry), milliseconds(longest));
    EXPECT_EQ(retries.longest_wait(Step::kRetrySlower), milliseconds(longest));
    EXPECT_EQ(retries.longest_wait(Step::kOtherRegion), milliseconds(0));
  }
  retries.progressed();
  EXPECT_EQ(retries.longest_wait(Step::kRetry), milliseconds(0));
  S3Retries bounded(S3Waits{milliseconds(50), milliseconds(120)});
  for (const int longest : {50, 100, 120, 120}) {
    ASSERT_TRUE(bounded.may_go_on(Step::kRetry));
    EXPECT_EQ(bounded.longest_wait(Step::kRetry), milliseconds(longest));
  }
}

TEST(S3RetriesTest, NobodyWaitsOnceTheQueryIsCanceled) {
  Cancellation cancellation;
  cancellation.request();
  S3Retries retries(S3Waits{std::chrono::hours(1), std::chrono::hours(1)});
  ASSERT_TRUE(retries.may_go_on(Step::kRetry));
  EXPECT_THROW(retries.wait(Step::kRetry, cancellation), QueryError);
}

}  // namespace
}  // namespace trailsql
