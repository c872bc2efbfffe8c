#include "service/sent_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include "base/error.h"
#include "service/local_path.h"
#include "service/upload_journal.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// A server that does not answer must not keep whoever has sent it something, and still less whoever
// only wants to read: of what others have left, all together.
constexpr auto kLongestUndo = std::chrono::seconds(20);
constexpr auto kLongestUndoOfDead = std::chrono::seconds(5);
// What could not be undone is tried again when it has lain there twice as long.
constexpr std::chrono::seconds kShortestUndoPause = std::chrono::minutes(1);
constexpr std::chrono::seconds kLongestUndoPause = std::chrono::hours(1);
constexpr std::string_view kTriedName = ".undo-tried";  // written when that was tried in vain
// What a dead process asked for may be done by the server after its death: until then it is undone
// again.
constexpr auto kLongestOnItsWay = std::chrono::seconds(60);
// What could not be undone for so long never will be.
constexpr std::chrono::seconds kLongestWaitForUndo = std::chrono::hours(7 * 24);

/// Asks for an end after some time, but for when it ends before.
class TimeLimit {
 public:
  explicit TimeLimit(std::chrono::seconds limit) : thread_([this, limit] { wait(limit); }) {}
  ~TimeLimit() {
    {
      const std::lock_guard lock(mutex_);
      has_ended_ = true;
    }
    ended_.notify_all();
    thread_.join();
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  const Cancellation& cancellation() const { return cancellation_; }

 private:
  void wait(std::chrono::seconds limit) {
    std::unique_lock lock(mutex_);
    if (!ended_.wait_for(lock, limit, [&] { return has_ended_; })) cancellation_.request();
  }

  Cancellation cancellation_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::thread thread_;  // the last: it uses all of them
};

// Returns what kept that from being done, if anything.
std::optional<QueryError> undo_now(const FileStore& store, const std::vector<BegunUpload>& begun,
                                   const std::vector<std::string>& urls) {
  try {
    store.undo_upload(begun, urls);
    return std::nullopt;
  } catch (const QueryError& error) {
    return error;
  }
}

bool is_older(const std::string& folder, std::chrono::seconds age) {
  std::error_code failure;
  const auto changed = fs::last_write_time(upload_journal_path(folder), failure);
  return !failure && fs::file_time_type::clock::now() - changed > age;
}

std::string tried_path(const std::string& folder) {
  return fmt::format("{}/{}", folder, kTriedName);
}

bool is_due(const std::string& folder) {
  std::error_code failure;
  const auto changed = fs::last_write_time(upload_journal_path(folder), failure);
  const auto tried = fs::last_write_time(tried_path(folder), failure);
  if (failure) return true;
  const auto pause = std::clamp<fs::file_time_type::duration>(tried - changed, kShortestUndoPause,
                                                              kLongestUndoPause);
  const auto since = fs::file_time_type::clock::now() - tried;
  return since > pause || since < std::chrono::seconds(0);  // the clock was set
}

// The rows themselves are of no use any more.
void remove_all_but_journal(const std::string& folder) {
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    std::error_code ignored;
    if (entry->path() != upload_journal_path(folder)) fs::remove_all(entry->path(), ignored);
  }
}

/// Undoes what dead processes have sent, one folder after the other.
class UndoOfDead {
 public:
  UndoOfDead(const Catalog& catalog, const MakeBucketStore& make_store)
      : catalog_(catalog), make_store_(make_store) {}

  /// Returns whether nothing is left to undo of what the folder's process has sent.
  bool undo(const std::string& folder) {
    if (has_moves_from(catalog_, folder)) return false;  // it counts
    const std::optional<UploadJournal> journal = read_upload_journal(folder);
    if (!journal || is_older(folder, kLongestWaitForUndo)) return true;
    if (!is_due(folder)) return false;
    if (!limit_) limit_.emplace(kLongestUndoOfDead);
    const bool is_silent = std::ranges::find(silent_, journal->access) != silent_.end();
    if (!is_silent && limit_->cancellation().requested()) return false;  // it has its turn later
    const bool is_done = !is_silent && undo_by(*journal);
    if (is_done && is_older(folder, kLongestOnItsWay)) return true;
    remove_all_but_journal(folder);
    if (!is_done) std::ofstream(tried_path(folder)) << '\n';
    return false;
  }

  std::vector<std::string> take_problems() { return std::move(problems_); }

 private:
  bool undo_by(const UploadJournal& journal) {
    RequestCounts counts;
    const FileStore store =
        make_store_(journal.access, RequestContext{limit_->cancellation(), counts});
    const std::optional<QueryError> failure = undo_now(store, journal.begun, journal.urls);
    if (!failure) return true;
    const bool is_silent = failure->code() == ErrorCode::kUserCanceled;
    if (is_silent) silent_.push_back(journal.access);
    problems_.push_back(fmt::format(
        "what a statement that did not end has put to {} is still there, and is removed later: {}",
        journal.urls.empty() ? journal.begun[0].url : journal.urls[0],
        is_silent ? "the server does not answer" : failure->what()));
    return false;
  }

  const Catalog& catalog_;
  const MakeBucketStore& make_store_;
  std::optional<TimeLimit> limit_;  // of all of them, since the first
  std::vector<AwsAccess> silent_;   // whose servers did not answer
  std::vector<std::string> problems_;
};

}  // namespace

std::string upload_staging_folder(const std::string& home) { return home + "/uploads"; }

std::vector<FileMove> SentFiles::send(
    const std::function<std::string(const std::string&)>& target_of) {
  std::vector<FileToUpload> files;
  std::vector<std::string> urls;
  for (const FileMove& move : staged_.moves(target_of)) {
    files.push_back({move.source, move.target});
    urls.push_back(move.target);
  }
  if (files.empty()) return {};
  begin_upload_journal(staged_.path(), store_->access());
  upload_ = store_->upload(std::move(files), [this](const BegunUpload& begun) {
    add_to_upload_journal(staged_.path(), begun);
  });
  upload_->send_parts();
  add_to_upload_journal(staged_.path(), urls);
  upload_->finish();
  const std::string journal = upload_journal_path(staged_.path());
  return {{journal, journal + "-done"}};
}

void SentFiles::keep() const {
  const std::string journal = upload_journal_path(staged_.path());
  std::error_code failure;
  fs::remove(journal, failure);
  if (failure) throw_file_error("remove", journal, failure.message());
}

// Returns whether nothing is left to undo.
bool SentFiles::undo() const {
  std::error_code failure;
  if (has_moves_from(catalog_, staged_.path())) return false;
  if (!upload_ || !fs::exists(upload_journal_path(staged_.path()), failure)) return true;
  const TimeLimit limit(kLongestUndo);
  RequestCounts counts;
  const FileStore store = store_->with_context({limit.cancellation(), counts});
  if (!undo_now(store, upload_->begun(), upload_->objects()) && !upload_->may_still_arrive())
    return true;
  remove_all_but_journal(staged_.path());
  return false;
}

SentFiles::~SentFiles() {
  try {
    if (!undo()) staged_.keep();
  } catch (...) {  // the catalog cannot be read: whoever comes next looks at it again
    staged_.keep();
  }
}

std::vector<std::string> undo_dead_uploads(const std::string& home, const Catalog& catalog,
                                           const MakeBucketStore& make_store) {
  UndoOfDead dead(catalog, make_store);
  remove_dead_staged_files(upload_staging_folder(home),
                           [&](const std::string& folder) { return !dead.undo(folder); });
  return dead.take_problems();
}

}  // namespace trailsql
