#include "store/bucket_upload.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "store/file_part.h"
#include "store/store_limits.h"
#include "store/task_pool.h"

namespace trailsql {
namespace {

// source: Amazon S3 User Guide, "Amazon S3 multipart upload limits": 10,000 parts.
constexpr uint64_t kMaxUploadParts = 10'000;
constexpr uint64_t kMinPartBytes = 8ull << 20;
constexpr uint64_t kMinBytesForUploadInParts = 16ull << 20;

uint64_t part_bytes_of(uint64_t size_bytes) {
  return std::max(kMinPartBytes, (size_bytes + kMaxUploadParts - 1) / kMaxUploadParts);
}

[[noreturn]] void throw_unread(const FileToUpload& file, const std::string& reason) {
  throw QueryError(
      ErrorCode::kHiveFilesystemError,
      fmt::format("Cannot read {}, which was to become {}: {}", file.path, file.url, reason));
}

}  // namespace

QueryError bucket_write_error(const std::string& url, const S3Problem& problem) {
  if (problem.kind == S3Problem::Kind::kDenied) {
    return QueryError(ErrorCode::kPermissionDenied,
                      fmt::format("Permission denied on S3 path: {}: {}", url, problem.text));
  }
  if (problem.kind == S3Problem::Kind::kNoSuchBucket) {
    return QueryError(ErrorCode::kHiveFilesystemError,
                      fmt::format("Cannot write {}: there is no such bucket", url));
  }
  return QueryError(ErrorCode::kHiveFilesystemError,
                    fmt::format("Cannot write {}: {}", url, problem.text));
}

BucketUpload::BucketUpload(S3Client& client, const RequestContext& context,
                           std::vector<FileToUpload> files, TellBegun tell_begun)
    : client_(client),
      context_(context),
      tell_begun_(std::move(tell_begun)),
      budget_(kTransferBytes) {
  for (FileToUpload& file : files) {
    std::error_code failure;
    const uint64_t size_bytes = std::filesystem::file_size(file.path, failure);
    if (failure) throw_unread(file, failure.message());
    std::optional<S3Name> name = parse_s3_url(file.url);
    if (!name || name->key.empty()) {
      throw QueryError(ErrorCode::kHiveFilesystemError,
                       fmt::format("Cannot write '{}': it is no name of an object", file.url));
    }
    files_.push_back({std::move(file), *std::move(name), size_bytes, {}, {}, false});
  }
}

// What ends with an exception, or after attempts that failed in passing, had no answer.
template <typename Request>
S3Problem BucketUpload::ask(const Request& request) {
  ++num_unanswered_;
  S3Problem problem = request();
  if (problem.kind != S3Problem::Kind::kOther) --num_unanswered_;
  return problem;
}

void BucketUpload::send_parts() {
  TaskPool pool(S3Client::max_requests_at_once());
  bool has_large = false;
  for (File& file : files_) {
    if (file.size_bytes < kMinBytesForUploadInParts) continue;
    has_large = true;
    pool.add([this, &pool, &file] {
      begin(file);
      const uint64_t part_bytes = part_bytes_of(file.size_bytes);
      for (size_t part = 0; part < file.etags.size(); ++part)
        pool.add([this, &file, part, part_bytes] { send_part(file, part, part_bytes); });
    });
  }
  if (has_large) pool.run();
}

void BucketUpload::begin(File& file) {
  if (S3Problem problem = client_.begin_upload(file.name, file.upload_id, context_))
    throw bucket_write_error(file.file.url, problem);
  const uint64_t part_bytes = part_bytes_of(file.size_bytes);
  file.etags.resize((file.size_bytes + part_bytes - 1) / part_bytes);
  const std::lock_guard lock(mutex_);
  begun_.push_back({file.file.url, file.upload_id});
  tell_begun_(begun_.back());
}

void BucketUpload::send_part(File& file, size_t part, uint64_t part_bytes) {
  const uint64_t offset = part * part_bytes;
  const uint64_t size = std::min(part_bytes, file.size_bytes - offset);
  const HeldBytes held(budget_, size);
  context_.cancellation.check();
  ByteBuffer bytes;
  if (std::string reason = read_file_part(file.file.path, offset, size, bytes); !reason.empty())
    throw_unread(file.file, reason);
  const S3Problem problem = ask([&] {
    return client_.put_part(file.name, file.upload_id, static_cast<uint32_t>(part + 1),
                            bytes.view(), file.etags[part], context_);
  });
  if (problem) throw bucket_write_error(file.file.url, problem);
}

void BucketUpload::finish() {
  TaskPool pool(S3Client::max_requests_at_once());
  for (File& file : files_) pool.add([this, &file] { make_appear(file); });
  if (!files_.empty()) pool.run();
}

void BucketUpload::make_appear(File& file) {
  const HeldBytes held(budget_, file.upload_id.empty() ? file.size_bytes : 0);
  context_.cancellation.check();
  file.may_be_there = true;
  const S3Problem problem = ask([&] {
    if (file.upload_id.empty()) return put(file);
    return client_.finish_upload(file.name, file.upload_id, file.etags, context_);
  });
  if (!problem) return;
  // Of other problems only the answer may be lost.
  if (problem.kind == S3Problem::Kind::kDenied || problem.kind == S3Problem::Kind::kNoSuchBucket)
    file.may_be_there = false;
  throw bucket_write_error(file.file.url, problem);
}

S3Problem BucketUpload::put(const File& file) {
  ByteBuffer bytes;
  if (std::string reason = read_file_part(file.file.path, 0, file.size_bytes, bytes);
      !reason.empty())
    throw_unread(file.file, reason);
  return client_.put(file.name, bytes.view(), context_);
}

std::vector<std::string> BucketUpload::objects() const {
  std::vector<std::string> urls;
  for (const File& file : files_) {
    if (file.may_be_there) urls.push_back(file.file.url);
  }
  return urls;
}

}  // namespace trailsql
