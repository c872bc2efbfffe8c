// Asks S3, or a server that speaks like it, until there is an answer: signs, repeats what failed in
// passing, goes to the right region, corrects the clock, slows down when told to.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/aws_config.h"
#include "store/aws_credentials.h"
#include "store/byte_buffer.h"
#include "store/http_client.h"
#include "store/request_counts.h"
#include "store/request_gate.h"
#include "store/s3_answer.h"
#include "store/s3_endpoint.h"
#include "store/s3_retry.h"

namespace trailsql {

/// For whom requests are made.
struct RequestContext {
  const Cancellation& cancellation;
  RequestCounts& counts;
};

/// What to list: one page of ListObjectsV2.
struct S3ListQuery {
  std::string bucket;
  std::string prefix;
  bool by_folder = false;   // keys up to the next '/' after the prefix count as one
  std::string start_after;  // keys greater than this
  std::string token;        // of the page before
};

/// A part of an object.
struct S3Part {
  std::string etag;  // that the object must have; empty: any
  uint64_t offset = 0;
  uint64_t size = 0;
};

/// A way to reach buckets: one set of credentials, one endpoint. Safe from any thread.
class S3Client {
 public:
  /// `http` must outlive it.
  S3Client(AwsConfig config, HttpClient& http, S3Waits waits = {},
           WallClock clock = wall_clock_second);

  /// Returns a page, or the problem.
  S3Problem list(const S3ListQuery& query, S3Page& page, const RequestContext& context);
  /// Reads an object as a whole into `bytes`, and compares it with its checksum, if it has one.
  /// One that has another size than `expected_size` is kChanged, and is not read where the answer's
  /// headers tell.
  S3Problem get(const S3Name& name, uint64_t expected_size, ByteBuffer& bytes,
                const RequestContext& context);
  /// Reads a part of an object to `out`, which has room for all of it.
  S3Problem get_part(const S3Name& name, const S3Part& part, char* out,
                     const RequestContext& context);
  /// Tells size, time and ETag of an object.
  S3Problem head(const S3Name& name, S3Object& object, const RequestContext& context);
  /// Writes an object as a whole.
  S3Problem put(const S3Name& name, std::string_view bytes, const RequestContext& context);
  /// Deletes an object; that there is none is no problem.
  S3Problem remove(const S3Name& name, const RequestContext& context);

  /// Uploads of many parts. Part numbers count from 1; all parts but the last are 5 MiB at least.
  S3Problem begin_upload(const S3Name& name, std::string& upload_id, const RequestContext& context);
  S3Problem put_part(const S3Name& name, const std::string& upload_id, uint32_t part_number,
                     std::string_view bytes, std::string& etag, const RequestContext& context);
  S3Problem finish_upload(const S3Name& name, const std::string& upload_id,
                          const std::vector<std::string>& etags, const RequestContext& context);
  S3Problem abandon_upload(const S3Name& name, const std::string& upload_id,
                           const RequestContext& context);

  const AwsConfig& config() const { return config_; }
  /// Returns how many requests may be of use at once.
  static size_t max_requests_at_once();

 private:
  struct Operation;
  /// What one attempt was made with.
  struct Attempt {
    std::string region;  // empty: none is known
    AwsCredentials credentials;
  };

  std::string region_of(const std::string& bucket) const;
  void learn_region(const std::string& bucket, const std::string& region);
  HttpResponse send(const Operation& operation, const std::optional<S3Address>& redirect,
                    Attempt& attempt, const RequestContext& context);
  bool correct(const Operation& operation, const S3Verdict& verdict, const HttpResponse& response,
               const Attempt& attempt, std::optional<S3Address>& redirect,
               const Cancellation& cancellation);
  S3Problem with_origin(S3Problem problem) const;
  S3Problem perform(const Operation& operation, HttpResponse& response,
                    const RequestContext& context);
  S3Problem get_once(const S3Name& name, uint64_t expected_size, ByteBuffer& bytes,
                     HttpFields& checksums, const RequestContext& context);

  const AwsConfig config_;
  HttpClient& http_;
  const S3Waits waits_;
  const WallClock clock_;                   // of this machine
  std::atomic<int64_t> clock_offset_s_{0};  // of the server's clock to ours
  std::unique_ptr<AwsCredentialSource> credentials_;
  RequestGate gate_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> regions_;  // by bucket, as servers have told
};

}  // namespace trailsql
