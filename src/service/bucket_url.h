// Places in buckets as people write and paste them: what is none, and what was meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trailsql {

/// Why a text names no place in a bucket.
struct BucketUrlProblem {
  std::string text;  // one sentence, with the location but where it may hold a secret
  std::string hint;  // "did you mean s3://bucket/prefix/?"; may be empty
  bool is_secret = false;
};

/// Returns why a location that was meant to be in a bucket names no place there: s3:/bucket/, URLs
/// of S3's servers and its console, ARNs, names that no bucket can have. Nothing for s3:// URLs in
/// good order, and for what is no place of S3's at all.
std::optional<BucketUrlProblem> find_bucket_url_problem(std::string_view location);

/// Throws that problem as INVALID_ARGUMENTS, if there is one.
void check_bucket_url(std::string_view location);

/// Returns whether credentials stand in a URL of a text, as in s3://KEY:SECRET@bucket/.
bool may_hold_credentials(std::string_view text);

}  // namespace trailsql
