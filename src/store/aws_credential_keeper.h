// Keeps credentials for as long as they are good.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "store/aws_credential_search.h"
#include "store/aws_credentials.h"

namespace trailsql {

/// Fetches credentials when they are asked for, and anew some minutes before they expire. When that
/// fails while the old ones still last, those serve on and it is tried again a minute later.
class AwsCredentialKeeper : public AwsCredentialSource {
 public:
  /// Called from one thread at a time, any of those that call `get`.
  using Fetch = std::function<FoundCredentials(const Cancellation&)>;

  AwsCredentialKeeper(Fetch fetch, WallClock clock);
  AwsCredentials get(const Cancellation& cancellation) override;
  bool renew(const AwsCredentials& refused, const Cancellation& cancellation) override;
  std::string origin() const override;

 private:
  bool are_kept(const AwsCredentials& credentials) const;
  bool is_usable(int64_t now_s) const;
  bool needs_fetch(int64_t now_s) const;
  /// Waits until no other thread fetches. Throws what that thread's fetch ended with, and
  /// USER_CANCELED.
  void await_other_thread(std::unique_lock<std::mutex>& lock, const Cancellation& cancellation);
  void fetch_anew(std::unique_lock<std::mutex>& lock, const Cancellation& cancellation);
  void keep(FoundCredentials found, int64_t now_s);

  const Fetch fetch_;
  const WallClock clock_;
  mutable std::mutex mutex_;
  std::condition_variable fetch_ended_;
  std::optional<FoundCredentials> kept_;
  bool is_refused_ = false;           // the kept ones, by a server; others are looked for
  int64_t next_fetch_s_ = INT64_MIN;  // not before, while the kept ones are usable
  bool is_fetching_ = false;
  uint64_t num_fetches_ = 0;                // that have ended
  std::optional<QueryError> last_failure_;  // of the last fetch
};

}  // namespace trailsql
