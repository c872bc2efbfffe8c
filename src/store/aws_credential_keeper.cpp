#include "store/aws_credential_keeper.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace trailsql {
namespace {

constexpr int64_t kCredentialRefreshWindowS = 5 * 60;
constexpr int64_t kCredentialRetryS = 60;
constexpr std::chrono::milliseconds kCredentialWaitStep(20);

bool are_same_credentials(const AwsCredentials& a, const AwsCredentials& b) {
  return a.access_key_id == b.access_key_id && a.secret_access_key == b.secret_access_key &&
         a.session_token == b.session_token;
}

// They stand in headers, where a line break would begin another one.
bool may_be_key(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool may_be_credentials(const AwsCredentials& credentials) {
  return may_be_key(credentials.access_key_id) && may_be_key(credentials.secret_access_key) &&
         may_be_key(credentials.session_token);
}

}  // namespace

AwsCredentialKeeper::AwsCredentialKeeper(Fetch fetch, WallClock clock)
    : fetch_(std::move(fetch)), clock_(std::move(clock)) {}

AwsCredentials AwsCredentialKeeper::get(const Cancellation& cancellation) {
  std::unique_lock lock(mutex_);
  while (needs_fetch(clock_())) {
    cancellation.check();
    if (is_fetching_) {
      await_other_thread(lock, cancellation);
    } else {
      fetch_anew(lock, cancellation);
    }
  }
  return kept_->credentials;
}

bool AwsCredentialKeeper::renew(const AwsCredentials& refused, const Cancellation& cancellation) {
  std::unique_lock lock(mutex_);
  bool has_looked = false;
  while (!has_looked && are_kept(refused)) {
    cancellation.check();
    is_refused_ = true;
    if (is_fetching_) {
      await_other_thread(lock, cancellation);
    } else {
      fetch_anew(lock, cancellation);
    }
    has_looked = !is_refused_;
  }
  return !are_kept(refused);
}

std::string AwsCredentialKeeper::origin() const {
  const std::lock_guard lock(mutex_);
  return kept_ ? kept_->origin : std::string();
}

bool AwsCredentialKeeper::are_kept(const AwsCredentials& credentials) const {
  return kept_ && are_same_credentials(kept_->credentials, credentials);
}

bool AwsCredentialKeeper::is_usable(int64_t now_s) const {
  return kept_ && !is_refused_ && (!kept_->expires_at_s || *kept_->expires_at_s > now_s);
}

bool AwsCredentialKeeper::needs_fetch(int64_t now_s) const {
  if (!is_usable(now_s)) return true;
  if (!kept_->expires_at_s || *kept_->expires_at_s - now_s > kCredentialRefreshWindowS)
    return false;
  return now_s >= next_fetch_s_;
}

void AwsCredentialKeeper::await_other_thread(std::unique_lock<std::mutex>& lock,
                                             const Cancellation& cancellation) {
  const uint64_t num_fetches = num_fetches_;
  while (is_fetching_ && num_fetches_ == num_fetches) {
    fetch_ended_.wait_for(lock, kCredentialWaitStep);
    cancellation.check();
  }
  // One failure is everybody's: else each would wait for the same failure in its turn. That the
  // other was canceled is no failure.
  if (num_fetches_ != num_fetches && last_failure_ && !is_usable(clock_())) throw *last_failure_;
}

void AwsCredentialKeeper::fetch_anew(std::unique_lock<std::mutex>& lock,
                                     const Cancellation& cancellation) {
  is_fetching_ = true;
  last_failure_.reset();
  std::optional<FoundCredentials> found;
  std::exception_ptr failure;
  lock.unlock();
  try {
    found = fetch_(cancellation);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  is_fetching_ = false;
  ++num_fetches_;
  fetch_ended_.notify_all();
  const int64_t now_s = clock_();
  try {
    if (failure) std::rethrow_exception(failure);
    keep(*std::move(found), now_s);
  } catch (const QueryError& error) {
    if (error.code() == ErrorCode::kUserCanceled) throw;
    last_failure_ = error;
    if (!is_usable(now_s)) throw;
    next_fetch_s_ = now_s + kCredentialRetryS;
  }
}

void AwsCredentialKeeper::keep(FoundCredentials found, int64_t now_s) {
  if (!may_be_credentials(found.credentials)) {
    throw credentials_error(fmt::format(
        "The credentials of {} hold characters that no key and no token has", found.origin));
  }
  if (found.expires_at_s && *found.expires_at_s <= now_s) {
    throw credentials_error(
        fmt::format("The credentials of {} have expired already, as the clock of this machine has "
                    "it",
                    found.origin));
  }
  kept_ = std::move(found);
  is_refused_ = false;
  next_fetch_s_ = now_s + kCredentialRetryS;
}

}  // namespace trailsql
