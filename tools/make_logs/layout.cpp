#include "make_logs/layout.h"

#include <fmt/core.h>

#include <algorithm>

namespace trailsql::make_logs {

std::vector<FileGroup> plan_groups(const Options& options) {
  std::vector<FileGroup> groups;
  for (uint32_t day = 0; day < options.num_days; ++day) {
    for (uint32_t account = 0; account < options.num_accounts; ++account) {
      for (uint32_t region = 0; region < options.num_regions; ++region) {
        FileGroup group;
        group.number = groups.size();
        group.account = account;
        group.region = region;
        group.day = options.first_day + std::chrono::days(day);
        group.is_first_of_account_day = region == 0;
        group.is_story = options.story && groups.empty();
        group.num_files = options.num_files_per_day;
        groups.push_back(group);
      }
    }
  }
  if (options.scale_bytes > 0) {
    const uint64_t num_files = std::max<uint64_t>(1, options.scale_bytes / options.file_bytes);
    for (FileGroup& group : groups) {
      const uint64_t before = num_files * group.number / groups.size();
      group.num_files =
          static_cast<uint32_t>(num_files * (group.number + 1) / groups.size() - before);
    }
  }
  return groups;
}

std::string account_folder(const Options& options, const World& world, const Account& account) {
  std::string folder = options.prefix.empty() ? "" : options.prefix + "/";
  folder += "AWSLogs/";
  if (options.organization) folder += world.organization_id + "/";
  return folder + account.id;
}

std::string day_folder(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}/{:02}/{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string minute_stamp(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count());
}

}  // namespace trailsql::make_logs
