// What an answer of S3 means for whoever asked: done, wrong, or to be asked again, and how.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/cancellation.h"
#include "store/http_client.h"

namespace trailsql {

/// Why S3 did not do as it was asked, after all attempts.
struct S3Problem {
  enum class Kind : uint8_t {
    kNone,
    kDenied,
    kBadCredentials,  // not accepted, or expired: nothing at all is allowed
    kNoSuchKey,
    kNoSuchBucket,
    kArchived,  // must be restored before it can be read
    kChanged,   // is another than the one that was listed
    kOther,
  };
  Kind kind = Kind::kNone;
  std::string text;  // for people, without the name of what was asked for

  explicit operator bool() const { return kind != Kind::kNone; }
};

/// Adds to a denial which permission is needed ("reading needs s3:GetObject"), unless its text
/// names the one that is: AWS's longer messages do, and of an encrypted object it is the key's.
S3Problem with_permission(S3Problem problem, std::string_view needed);

/// What to do after one answer.
struct S3Verdict {
  enum class Step : uint8_t {
    kDone,
    kFail,
    kRetry,             // failed in passing
    kRetrySlower,       // too many requests
    kOtherRegion,       // the bucket lies in `region`
    kOtherPlace,        // the answer names a `place` to ask instead
    kOtherTime,         // our clock is wrong
    kOtherCredentials,  // those that signed are not accepted
  };
  Step step = Step::kDone;
  S3Problem problem;      // should there be no other attempt
  bool is_stall = false;  // nothing came for too long
  std::string region;
  std::string place;  // a URL
};

/// Judges an answer. With `wants_xml` a success may have an error in its body.
S3Verdict verdict_of(const HttpResponse& response, bool wants_xml);

/// How long the waits between attempts may be: each twice as long as the one before.
struct S3Waits {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds longest{10'000};
};

/// Counts the attempts of one operation and waits between them: longer each time, and by chance, so
/// that many that failed together do not come back together.
class S3Retries {
 public:
  explicit S3Retries(S3Waits waits = {}) : waits_(waits) {}

  /// Counts an attempt that led to `step`. Returns whether another may be made.
  bool may_go_on(S3Verdict::Step step, bool is_stall = false);
  /// Returns the longest that `wait` takes now; what is corrected is asked again at once.
  std::chrono::milliseconds longest_wait(S3Verdict::Step step) const;
  /// Waits before it. Throws USER_CANCELED.
  void wait(S3Verdict::Step step, const Cancellation& cancellation) const;
  /// Some of what was asked for has come: failures count from the start.
  void progressed() { num_failures_ = 0; }

 private:
  S3Waits waits_;
  uint32_t num_attempts_ = 0;
  uint32_t num_failures_ = 0;     // one after the other
  uint32_t num_stalls_ = 0;       // in all: each takes long
  uint32_t num_corrections_ = 0;  // of region, place, time, credentials
};

}  // namespace trailsql
