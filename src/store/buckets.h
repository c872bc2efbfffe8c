// The clients of all buckets that a process asks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/s3_client.h"

namespace trailsql {

/// Makes clients when they are first needed, and keeps them with their connections, credentials and
/// what they have learnt. Safe from any thread.
class Buckets {
 public:
  /// Makes what talks to servers.
  using MakeHttp = std::function<std::unique_ptr<HttpClient>(HttpOptions)>;

  explicit Buckets(AwsEnvironment environment = process_environment(),
                   MakeHttp make_http = std::make_unique<HttpClient, HttpOptions>)
      : environment_(std::move(environment)), make_http_(std::move(make_http)) {}

  /// Returns the client for that way to reach buckets: another one once the files of AWS's tools
  /// have changed. It lives as long as this. Throws as load_aws_config does.
  S3Client& client(const AwsAccess& access);

 private:
  const AwsEnvironment environment_;
  const MakeHttp make_http_;
  std::mutex mutex_;
  std::map<std::optional<std::string>, std::unique_ptr<HttpClient>> http_;  // by CA bundle
  std::map<AwsAccess, std::unique_ptr<S3Client>> clients_;
  std::vector<std::unique_ptr<S3Client>> old_clients_;  // that somebody may still use
};

}  // namespace trailsql
