#include "store/aws_credentials.h"

#include <fmt/core.h>

#include <chrono>
#include <utility>

#include "store/aws_credential_keeper.h"
#include "store/aws_credential_providers.h"

namespace trailsql {
namespace {

class AnonymousCredentials : public AwsCredentialSource {
 public:
  AwsCredentials get(const Cancellation& cancellation) override {
    cancellation.check();
    return {};
  }
  bool renew(const AwsCredentials&, const Cancellation&) override { return false; }
  std::string origin() const override { return {}; }
};

QueryError no_credentials(const CredentialSearch& search) {
  std::string places;
  for (const std::string& miss : search.misses) places += (places.empty() ? "" : "; ") + miss;
  return credentials_error(
      fmt::format("No AWS credentials were found: {}. Set AWS_ACCESS_KEY_ID and "
                  "AWS_SECRET_ACCESS_KEY, name a profile with --profile, or read a public bucket "
                  "with --no-sign-request; a copy of it on this machine is named with `trailsql "
                  "map add`",
                  places));
}

// The order of the AWS SDKs.
FoundCredentials search_credentials(CredentialSearch search) {
  std::optional<FoundCredentials> found;
  if (search.config.access.profile) {
    // As with the AWS CLI, whoever names a profile means it, whatever the environment holds.
    search.misses.emplace_back("environment: not asked, since a profile is named");
  } else {
    found = environment_credentials(search);
    if (!found) found = web_identity_credentials(search);
  }
  if (!found) found = profile_credentials(search);
  if (!found) found = container_credentials(search);
  if (!found) found = instance_credentials(search);
  if (!found) throw no_credentials(search);
  return *std::move(found);
}

}  // namespace

int64_t wall_clock_second() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::unique_ptr<AwsCredentialSource> find_credentials(const AwsConfig& config, HttpClient& http,
                                                      WallClock clock) {
  if (config.access.is_anonymous) return std::make_unique<AnonymousCredentials>();
  return std::make_unique<AwsCredentialKeeper>(
      [config, &http, clock](const Cancellation& cancellation) {
        // Keys in files may be others than they were.
        const AwsConfig now = load_aws_config(config.access, config.environment);
        return search_credentials({now, http, cancellation, clock(), {}});
      },
      clock);
}

}  // namespace trailsql
