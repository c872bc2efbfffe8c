#include "service/sent_files.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "service/local_path.h"
#include "service/upload_journal.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// A server that does not answer must not keep whoever only wants to read.
constexpr auto kLongestUndo = std::chrono::seconds(20);
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

// Returns whether that is done.
bool undo_now(const FileStore& store, const std::vector<BegunUpload>& begun,
              const std::vector<std::string>& urls) {
  try {
    store.undo_upload(begun, urls);
    return true;
  } catch (const QueryError&) {
    return false;
  }
}

bool is_older(const std::string& folder, std::chrono::seconds age) {
  std::error_code failure;
  const auto changed = fs::last_write_time(upload_journal_path(folder), failure);
  return !failure && fs::file_time_type::clock::now() - changed > age;
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

// Returns whether nothing is left to undo of what the folder's process has sent.
bool undo_of_dead(const std::string& folder, const Catalog& catalog,
                  const MakeBucketStore& make_store) {
  if (has_moves_from(catalog, folder)) return false;  // it counts
  const std::optional<UploadJournal> journal = read_upload_journal(folder);
  if (!journal || is_older(folder, kLongestWaitForUndo)) return true;
  const TimeLimit limit(kLongestUndo);
  RequestCounts counts;
  const FileStore store = make_store(journal->access, RequestContext{limit.cancellation(), counts});
  if (undo_now(store, journal->begun, journal->urls) && is_older(folder, kLongestOnItsWay))
    return true;
  remove_all_but_journal(folder);
  return false;
}

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
  if (undo_now(store, upload_->begun(), upload_->objects()) && !upload_->may_still_arrive())
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

void undo_dead_uploads(const std::string& home, const Catalog& catalog,
                       const MakeBucketStore& make_store) {
  remove_dead_staged_files(upload_staging_folder(home), [&](const std::string& folder) {
    return !undo_of_dead(folder, catalog, make_store);
  });
}

}  // namespace trailsql
