#include "store/buckets.h"

namespace trailsql {

S3Client& Buckets::client(const AwsAccess& access) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<S3Client>& client = clients_[access];
  if (!client || aws_files_stamp(client->config()) != client->config().files_stamp) {
    AwsConfig config = load_aws_config(access, environment_);
    std::unique_ptr<HttpClient>& http = http_[config.ca_bundle];
    if (!http) {
      HttpOptions options;
      options.ca_bundle = config.ca_bundle;
      http = make_http_(std::move(options));
    }
    if (client) old_clients_.push_back(std::move(client));
    client = std::make_unique<S3Client>(std::move(config), *http);
  }
  return *client;
}

}  // namespace trailsql
