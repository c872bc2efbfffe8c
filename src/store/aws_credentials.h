// Who asks AWS: credentials as the AWS SDKs find them, in their order, fresh when they are asked
// for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/cancellation.h"
#include "store/aws_config.h"
#include "store/aws_signature.h"
#include "store/http_client.h"

namespace trailsql {

/// Where credentials come from. Safe from any thread: while one fetches them anew, others wait.
class AwsCredentialSource {
 public:
  virtual ~AwsCredentialSource() = default;
  /// Returns credentials that last for some minutes at least, kept from the last time or fetched
  /// anew; shorter ones only when no others can be had. Empty ones for anonymous access. Throws
  /// HIVE_FILESYSTEM_ERROR, telling where it looked and what was wrong there, never a secret; and
  /// USER_CANCELED.
  virtual AwsCredentials get(const Cancellation& cancellation) = 0;
  /// A server refused these: looks for others at once, unless another thread has found some.
  /// Returns whether there are any. Throws as `get`.
  virtual bool renew(const AwsCredentials& refused, const Cancellation& cancellation) = 0;
  /// Returns where those came from that `get` returned last, for messages: "AWS profile 'dev'".
  virtual std::string origin() const = 0;
};

/// Returns the second since 1970-01-01 UTC. Called from any thread.
using WallClock = std::function<int64_t()>;

/// The clock of this machine.
int64_t wall_clock_second();

/// Returns the source that the settings ask for. Nothing is fetched before the first `get`.
/// `http` must outlive it. source: AWS SDKs and Tools Reference Guide, "Standardized credential
/// providers".
std::unique_ptr<AwsCredentialSource> find_credentials(const AwsConfig& config, HttpClient& http,
                                                      WallClock clock = wall_clock_second);

}  // namespace trailsql
