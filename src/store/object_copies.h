// Copies objects to files of this machine, for what cannot read them where they are.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/byte_budget.h"
#include "store/read_ahead.h"
#include "store/s3_client.h"
#include "store/task_pool.h"

namespace trailsql {

/// An object, and the file that it becomes.
struct ObjectToCopy {
  ObjectToRead object;
  std::string path;  // of a file that is not there yet
};

/// Copies several objects at once, large ones in parts, within kTransferBytes of memory. Used once,
/// by one thread.
class ObjectCopies {
 public:
  /// Takes the number of an object that is copied, or why it is not; on any thread, several at
  /// once. What it throws ends the copying.
  using TellCopied = std::function<void(size_t number, const S3Problem& problem)>;

  /// All given by reference must outlive it.
  ObjectCopies(S3Client& client, const RequestContext& context, const TellCopied& tell);

  /// Throws USER_CANCELED, GENERIC_EXTERNAL_ERROR when a file cannot be written, and what `tell`
  /// throws.
  void run(const std::vector<ObjectToCopy>& objects);

 private:
  struct Parts;
  void add_parts(const ObjectToCopy& copy);
  void copy_whole(const ObjectToCopy& copy);
  void copy_part(Parts& parts, uint64_t offset);

  S3Client& client_;
  const RequestContext context_;
  const TellCopied& tell_;
  ByteBudget budget_;
  TaskPool pool_;
};

}  // namespace trailsql
