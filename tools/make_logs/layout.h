// Which objects a bucket holds and where: the plan that the writing follows.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "make_logs/options.h"
#include "make_logs/world.h"

namespace trailsql::make_logs {

/// One account, region and day: the files of a group are written by one thread, in order.
struct FileGroup {
  uint64_t number = 0;  // seeds the group's randomness
  uint32_t account = 0;
  uint32_t region = 0;
  std::chrono::sys_days day;
  bool is_first_of_account_day = false;  // writes what an account gets once a day
  bool is_story = false;
  uint32_t num_files = 0;
};

/// Returns the groups in a fixed order.
std::vector<FileGroup> plan_groups(const Options& options);

/// Returns the folder of an account below the output folder, without a slash at the end:
/// "prefix/AWSLogs/o-exampleorgid/111122223333".
std::string account_folder(const Options& options, const World& world, const Account& account);

/// Returns "2026/01/12".
std::string day_folder(std::chrono::sys_days day);

/// Returns "20260112T0830Z", as in names of log files.
std::string minute_stamp(std::chrono::sys_seconds time);

}  // namespace trailsql::make_logs
