#include "make_logs/generator.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "make_logs/events.h"
#include "make_logs/layout.h"
#include "make_logs/neighbours.h"
#include "make_logs/object_writer.h"
#include "make_logs/special_records.h"

namespace trailsql::make_logs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr uint32_t kOddPerMille = 4;
constexpr uint32_t kUnsortedPerMille = 333;
constexpr uint64_t kUsualRecordBytes = 1350;

// Writes one group's objects, in order.
class GroupWriter {
 public:
  GroupWriter(const Options& options, const World& world, const FileGroup& group,
              ObjectWriter& objects, Truth& truth)
      : options_(options),
        world_(world),
        group_(group),
        account_(world.accounts[group.account]),
        region_(world.regions[group.region]),
        folder_(account_folder(options, world, account_)),
        random_(options.seed, 2, group.number),
        objects_(objects),
        truth_(truth) {}

  void write() {
    for (uint32_t number = 0; number < group_.num_files; ++number) write_log_file(number);
    if (options_.insights && group_.is_first_of_account_day) {
      const RecordSite site = site_at(sys_seconds(group_.day) + std::chrono::hours(10));
      objects_.put(log_key("CloudTrail-Insight", site.time), insight_object(site, truth_), truth_);
    }
    if (options_.neighbours) {
      const RecordSite site = site_at(sys_seconds(group_.day) + std::chrono::hours(11));
      write_neighbours(folder_, site, objects_, truth_);
    }
  }

 private:
  RecordSite site_at(sys_seconds time) { return {world_, account_, region_, time, random_}; }

  std::string log_key(std::string_view kind, sys_seconds delivered) {
    std::string code;
    while (code.size() < 16) {
      random_.append_mixed(code, 1);
      if (code.back() == '+' || code.back() == '/') code.pop_back();
    }
    return fmt::format("{}/{}/{}/{}/{}_{}_{}_{}_{}.json.gz", folder_, kind, region_,
                       day_folder(std::chrono::floor<std::chrono::days>(delivered)), account_.id,
                       kind, region_, minute_stamp(delivered), code);
  }

  // Files are delivered every five minutes or so with the events of the quarter of an hour before;
  // those just after midnight hold events of the day before.
  void write_log_file(uint32_t number) {
    const int64_t minute = 24 * 60 * static_cast<int64_t>(number) / group_.num_files / 5 * 5;
    const sys_seconds delivered = sys_seconds(group_.day) + minutes(minute + 5);
    const sys_seconds from = delivered - minutes(15);
    const uint64_t num_records = draw_num_records();
    const bool unsorted = random_.chance_per_mille(kUnsortedPerMille);

    text_ = R"({"Records":[)";
    if (!last_record_.empty() && random_.chance_per_mille(options_.repeats_per_mille)) {
      text_ += last_record_;
      truth_.note_last_again();
    }
    for (uint64_t i = 0; !is_full(i, num_records); ++i) {
      sys_seconds time = from + seconds(600 * i / std::max<uint64_t>(num_records, i + 1));
      if (unsorted) time += seconds(random_.below(240));
      append_record(time);
    }
    if (group_.is_story) append_story(number, from);
    last_record_.assign(text_, last_start_);
    text_ += "]}";
    objects_.put(log_key("CloudTrail", delivered), text_, truth_);
  }

  uint64_t draw_num_records() {
    if (options_.scale_bytes > 0) return options_.file_bytes / kUsualRecordBytes;
    const uint32_t mean = options_.num_records_per_file;
    return std::max<uint32_t>(1, mean / 2 + random_.below(mean + 1U));
  }
  bool is_full(uint64_t num_written, uint64_t num_records) const {
    return options_.scale_bytes > 0 ? text_.size() >= options_.file_bytes
                                    : num_written >= num_records;
  }

  void append_record(sys_seconds time) {
    if (text_.back() != '[') text_ += ',';
    last_start_ = text_.size();
    const RecordSite site = site_at(time);
    if (options_.odd_records != OddRecords::kNone && random_.chance_per_mille(kOddPerMille)) {
      write_odd_record(text_, site, options_.odd_records, truth_);
    } else {
      write_record(text_, site, draw_event(site), truth_);
    }
  }

  // The story's steps are spread over the first group's files.
  void append_story(uint32_t number, sys_seconds from) {
    const size_t num_steps = num_story_steps();
    const size_t begin = num_steps * number / group_.num_files;
    const size_t end = num_steps * (number + 1) / group_.num_files;
    for (size_t step = begin; step < end; ++step) {
      text_ += ',';
      last_start_ = text_.size();
      write_story_step(text_, site_at(from + seconds(40 * (step - begin))), step, truth_);
    }
  }

  const Options& options_;
  const World& world_;
  const FileGroup& group_;
  const Account& account_;
  const std::string& region_;
  const std::string folder_;  // of the account
  Random random_;
  ObjectWriter& objects_;
  Truth& truth_;
  std::string text_;
  std::string last_record_;
  size_t last_start_ = 0;
};

}  // namespace

Truth generate(const Options& options) {
  const World world = build_world(options);
  const std::vector<FileGroup> groups = plan_groups(options);
  std::atomic<size_t> next_group = 0;
  std::mutex mutex;
  Truth total;
  std::exception_ptr failure;
  const auto work = [&] {
    Truth truth;
    try {
      ObjectWriter objects(options.out, options.compression_level);
      for (size_t i = next_group++; i < groups.size(); i = next_group++) {
        GroupWriter(options, world, groups[i], objects, truth).write();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    total.merge(truth);
  };
  const uint32_t num_threads = options.num_threads > 0
                                   ? options.num_threads
                                   : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (uint32_t i = 1; i < num_threads; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  if (failure) std::rethrow_exception(failure);
  return total;
}

}  // namespace trailsql::make_logs
