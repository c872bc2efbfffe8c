#include "store/s3_retry.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <thread>

#include "store/aws_url.h"
#include "store/s3_answer.h"

namespace trailsql {
namespace {

using Step = S3Verdict::Step;
using Kind = S3Problem::Kind;

constexpr uint32_t kMaxStalls = 5;
constexpr uint32_t kMaxFailures = 8;      // one after the other
constexpr uint32_t kMaxAttempts = 1'000;  // of one operation, whatever came in between
constexpr uint32_t kMaxCorrections = 6;
constexpr std::chrono::milliseconds kWaitStep(50);

// source: Amazon S3 API Reference, "Error responses"; AWS SDKs and Tools Reference Guide, "Retry
// behavior".
struct KnownCode {
  std::string_view code;
  Step step;
  Kind kind;
};
constexpr std::array kKnownCodes = {
    KnownCode{"SlowDown", Step::kRetrySlower, Kind::kOther},
    KnownCode{"ServiceUnavailable", Step::kRetrySlower, Kind::kOther},
    KnownCode{"Throttling", Step::kRetrySlower, Kind::kOther},
    KnownCode{"ThrottlingException", Step::kRetrySlower, Kind::kOther},
    KnownCode{"RequestLimitExceeded", Step::kRetrySlower, Kind::kOther},
    KnownCode{"TooManyRequests", Step::kRetrySlower, Kind::kOther},
    KnownCode{"RequestThrottled", Step::kRetrySlower, Kind::kOther},
    KnownCode{"InternalError", Step::kRetry, Kind::kOther},
    KnownCode{"RequestTimeout", Step::kRetry, Kind::kOther},
    KnownCode{"RequestTimeTooSkewed", Step::kOtherTime, Kind::kOther},
    KnownCode{"ExpiredToken", Step::kOtherCredentials, Kind::kBadCredentials},
    KnownCode{"ExpiredTokenException", Step::kOtherCredentials, Kind::kBadCredentials},
    KnownCode{"RequestExpired", Step::kOtherCredentials, Kind::kBadCredentials},
    KnownCode{"TokenRefreshRequired", Step::kOtherCredentials, Kind::kBadCredentials},
    KnownCode{"AccessDenied", Step::kFail, Kind::kDenied},
    KnownCode{"AllAccessDisabled", Step::kFail, Kind::kDenied},
    KnownCode{"AccountProblem", Step::kFail, Kind::kDenied},
    KnownCode{"InvalidAccessKeyId", Step::kOtherCredentials, Kind::kBadCredentials},
    KnownCode{"SignatureDoesNotMatch", Step::kFail, Kind::kBadCredentials},
    KnownCode{"InvalidToken", Step::kOtherCredentials, Kind::kBadCredentials},
    KnownCode{"NoSuchKey", Step::kFail, Kind::kNoSuchKey},
    KnownCode{"NoSuchBucket", Step::kFail, Kind::kNoSuchBucket},
    KnownCode{"InvalidObjectState", Step::kFail, Kind::kArchived},
    KnownCode{"PreconditionFailed", Step::kFail, Kind::kChanged},
    KnownCode{"InvalidRange", Step::kFail, Kind::kChanged},
};

// An answer without a body, as to HEAD, has nothing but its status.
KnownCode meaning_of(const S3Error& error, int status) {
  for (const KnownCode& known : kKnownCodes) {
    if (known.code == error.code) return known;
  }
  switch (status) {
    case 401:
    case 403: return {"", Step::kFail, Kind::kDenied};
    case 404: return {"", Step::kFail, Kind::kNoSuchKey};
    case 408: return {"", Step::kRetry, Kind::kOther};
    case 412:
    case 416: return {"", Step::kFail, Kind::kChanged};
    case 429:
    case 503: return {"", Step::kRetrySlower, Kind::kOther};
    case 501:  // what the server does not know, it will not learn
    case 505: return {"", Step::kFail, Kind::kOther};
    default: return {"", status >= 500 ? Step::kRetry : Step::kFail, Kind::kOther};
  }
}

std::string text_of(const S3Error& error, int status) {
  if (error.message.find("kms:Decrypt") != std::string::npos) {
    return fmt::format(
        "it is encrypted with a KMS key that these credentials may not use: the key's policy or "
        "theirs must allow kms:Decrypt ({})",
        error.message);
  }
  if (error.code.empty() && error.message.empty()) return fmt::format("HTTP status {}", status);
  if (error.code.empty()) return fmt::format("{} (HTTP status {})", error.message, status);
  if (error.message.empty()) return fmt::format("{} (HTTP status {})", error.code, status);
  return fmt::format("{} ({}, HTTP status {})", error.message, error.code, status);
}

S3Verdict verdict_of_failure(const HttpResponse& response) {
  S3Verdict verdict;
  verdict.problem = {Kind::kOther, response.problem};
  verdict.is_stall = response.failure == HttpFailure::kTimedOut;
  switch (response.failure) {
    case HttpFailure::kNotConnected:
    case HttpFailure::kTimedOut:
    case HttpFailure::kBroken: verdict.step = Step::kRetry; break;
    case HttpFailure::kNotTrusted:
    case HttpFailure::kRefusedBody:
    case HttpFailure::kBadRequest:
    case HttpFailure::kNone: verdict.step = Step::kFail; break;
  }
  return verdict;
}

bool is_region_status(int status) { return status == 301 || status == 400 || status == 403; }

}  // namespace

S3Problem with_permission(S3Problem problem, std::string_view needed) {
  const bool names_it = problem.text.find("not authorized to perform:") != std::string::npos ||
                        problem.text.find("kms:Decrypt") != std::string::npos;
  if (problem.kind == Kind::kDenied && !names_it) problem.text += fmt::format("; {}", needed);
  return problem;
}

S3Verdict verdict_of(const HttpResponse& response, bool wants_xml) {
  if (response.failure != HttpFailure::kNone) return verdict_of_failure(response);
  S3Verdict verdict;
  const bool is_success = response.status >= 200 && response.status < 300;
  // What takes S3 long it answers with success, and an error in the body.
  const S3Error error = is_success && !wants_xml ? S3Error{} : parse_s3_error(response.body);
  if (is_success && error.code.empty()) return verdict;
  const KnownCode meaning = meaning_of(error, response.status);
  verdict.step = is_success && meaning.step == Step::kFail && meaning.code.empty() ? Step::kRetry
                                                                                   : meaning.step;
  verdict.problem = {meaning.kind, text_of(error, response.status)};
  if (response.status == 307 || response.status == 308) {
    if (const std::string* place = find_field(response.headers, "location")) {
      verdict.step = Step::kOtherPlace;
      verdict.place = *place;
    }
    return verdict;
  }
  const std::string* header = find_field(response.headers, "x-amz-bucket-region");
  const std::string& region = header != nullptr ? *header : error.region;
  if (is_region_status(response.status) && meaning.code.empty() && may_name_region(region)) {
    verdict.region = region;
    verdict.step = Step::kOtherRegion;
  }
  return verdict;
}

bool S3Retries::may_go_on(S3Verdict::Step step, bool is_stall) {
  ++num_attempts_;
  if (is_stall) ++num_stalls_;
  if (step == Step::kRetry || step == Step::kRetrySlower) {
    ++num_failures_;
  } else {
    ++num_corrections_;
  }
  return num_failures_ < kMaxFailures && num_stalls_ < kMaxStalls &&
         num_corrections_ < kMaxCorrections && num_attempts_ < kMaxAttempts;
}

std::chrono::milliseconds S3Retries::longest_wait(S3Verdict::Step step) const {
  if (num_failures_ == 0 || (step != Step::kRetry && step != Step::kRetrySlower)) return {};
  const uint32_t num_doublings = std::min(num_failures_, kMaxFailures) - 1;
  return std::min(waits_.longest, waits_.first * (1u << num_doublings));
}

void S3Retries::wait(S3Verdict::Step step, const Cancellation& cancellation) const {
  thread_local std::minstd_rand chance{std::random_device{}()};
  std::uniform_int_distribution<int64_t> wait_ms(0, longest_wait(step).count());
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(wait_ms(chance));
  for (auto now = Clock::now(); now < end; now = Clock::now()) {
    cancellation.check();
    std::this_thread::sleep_for(std::min<Clock::duration>(kWaitStep, end - now));
  }
}

}  // namespace trailsql
