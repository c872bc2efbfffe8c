#include "store/object_copies.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "base/error.h"
#include "store/file_part.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr uint64_t kCopiedPartBytes = 8ull << 20;

void write_copy(const ObjectToCopy& copy, uint64_t offset, std::string_view bytes) {
  const std::string problem = write_file_part(copy.path, offset, bytes);
  if (problem.empty()) return;
  throw QueryError(ErrorCode::kGenericExternalError,
                   fmt::format("Cannot write {}, a copy of s3://{}/{}: {}", copy.path,
                               copy.object.name.bucket, copy.object.name.key, problem));
}

}  // namespace

/// An object that several tasks copy.
struct ObjectCopies::Parts {
  explicit Parts(const ObjectToCopy& whole) : copy(whole) {}
  const ObjectToCopy& copy;
  std::atomic<size_t> num_left{0};
  std::mutex mutex;  // guards `problem`
  S3Problem problem;
};

ObjectCopies::ObjectCopies(S3Client& client, const RequestContext& context, const TellCopied& tell)
    : client_(client),
      context_(context),
      tell_(tell),
      budget_(kTransferBytes),
      pool_(S3Client::max_requests_at_once()) {}

void ObjectCopies::run(const std::vector<ObjectToCopy>& objects) {
  for (const ObjectToCopy& copy : objects) {
    if (is_read_in_parts(copy.object.size_bytes)) {
      add_parts(copy);
    } else {
      pool_.add([this, &copy] { copy_whole(copy); });
    }
  }
  pool_.run();
}

void ObjectCopies::add_parts(const ObjectToCopy& copy) {
  const auto parts = std::make_shared<Parts>(copy);
  const uint64_t size = copy.object.size_bytes;
  parts->num_left = (size + kCopiedPartBytes - 1) / kCopiedPartBytes;
  for (uint64_t offset = 0; offset < size; offset += kCopiedPartBytes)
    pool_.add([this, parts, offset] { copy_part(*parts, offset); });
}

void ObjectCopies::copy_whole(const ObjectToCopy& copy) {
  const HeldBytes held(budget_, copy.object.size_bytes);
  context_.cancellation.check();
  ByteBuffer bytes;
  const S3Problem problem = client_.get(copy.object.name, copy.object.size_bytes, bytes, context_);
  if (!problem) write_copy(copy, 0, bytes.view());
  tell_(copy.object.number, problem);
}

void ObjectCopies::copy_part(Parts& parts, uint64_t offset) {
  const ObjectToCopy& copy = parts.copy;
  const uint64_t size = std::min(kCopiedPartBytes, copy.object.size_bytes - offset);
  const HeldBytes held(budget_, size);
  context_.cancellation.check();
  bool has_failed = false;  // then the other parts are of no use any more
  {
    const std::lock_guard lock(parts.mutex);
    has_failed = static_cast<bool>(parts.problem);
  }
  if (!has_failed) {
    ByteBuffer bytes;
    bytes.reserve(size);
    S3Problem problem = client_.get_part(copy.object.name, {copy.object.etag, offset, size},
                                         bytes.data(), context_);
    bytes.set_size(size);
    if (!problem) write_copy(copy, offset, bytes.view());
    const std::lock_guard lock(parts.mutex);
    if (problem && !parts.problem) parts.problem = std::move(problem);
  }
  if (--parts.num_left == 0) tell_(copy.object.number, parts.problem);
}

}  // namespace trailsql
