// The clients of all buckets that a process asks.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "store/s3_client.h"

namespace trailsql {

/// Makes clients when they are first needed, and keeps them with their connections, credentials and
/// what they have learnt. Safe from any thread.
class Buckets {
 public:
  explicit Buckets(AwsEnvironment environment = process_environment())
      : environment_(std::move(environment)) {}

  /// Returns the client for that way to reach buckets. Throws as load_aws_config does.
  S3Client& client(const AwsAccess& access);

 private:
  const AwsEnvironment environment_;
  std::mutex mutex_;
  std::map<std::optional<std::string>, std::unique_ptr<HttpClient>> http_;  // by CA bundle
  std::map<AwsAccess, std::unique_ptr<S3Client>> clients_;
};

}  // namespace trailsql
