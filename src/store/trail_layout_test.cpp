#include "store/trail_layout.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

constexpr const char* kFile = "123456789012_CloudTrail_eu-west-1_20240301T1005Z_abc.json.gz";

std::string text_of(const std::optional<std::string>& value) { return value.value_or("-"); }

// One line a part: path, organization, account, region, day.
std::vector<std::string> parts_of(const std::string& root, TrailKind kind = TrailKind::kEvents,
                                  const TrailFilter& filter = {}) {
  std::vector<std::string> lines;
  const Cancellation cancellation;
  std::vector<UnlistedPath> unlisted;
  for (const TrailPart& part : list_trail(root, kind, filter, cancellation, unlisted)) {
    const TrailValues& values = part.values;
    lines.push_back(part.relative_path + (part.is_file ? " file " : " ") +
                    text_of(values.organization) + " " + text_of(values.account) + " " +
                    text_of(values.region) + " " +
                    (values.day ? std::to_string(*values.day) : "-"));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(TrailLayoutTest, PlainAccount) {
  const TemporaryFolder folder;
  folder.write("p/AWSLogs/123456789012/CloudTrail/eu-west-1/2024/03/01/a.json.gz", "x");
  folder.write("p/AWSLogs/123456789012/CloudTrail/us-gov-west-1/2024/03/02/a.json.gz", "x");
  folder.write("p/AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2024/03/01/d.json.gz", "x");
  folder.write("p/AWSLogs/123456789012/Config/eu-west-1/2024/3/1/c.json.gz", "x");
  folder.write("p/AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024/03/01/v.log.gz", "x");
  folder.write("p/AWSLogs/aws-logs-write-test", "x");
  EXPECT_EQ(parts_of(folder.path()),
            (Lines{"p/AWSLogs/123456789012/CloudTrail/eu-west-1/2024/03/01/ - 123456789012 "
                   "eu-west-1 19783",
                   "p/AWSLogs/123456789012/CloudTrail/us-gov-west-1/2024/03/02/ - 123456789012 "
                   "us-gov-west-1 19784"}));
  EXPECT_EQ(parts_of(folder.path(), TrailKind::kDigests).size(), 1U);
  EXPECT_EQ(parts_of(folder.path(), TrailKind::kInsights), Lines{});
}

TEST(TrailLayoutTest, OrganizationAndControlTower) {
  const TemporaryFolder folder;
  folder.write("AWSLogs/o-abcdef1234/123456789012/CloudTrail/eu-west-1/2024/03/01/a.json.gz", "x");
  folder.write(
      "o-xyzxyz9876/AWSLogs/o-xyzxyz9876/210987654321/CloudTrail/us-east-1/2024/03/01/b.gz", "x");
  EXPECT_EQ(
      parts_of(folder.path()),
      (Lines{"AWSLogs/o-abcdef1234/123456789012/CloudTrail/eu-west-1/2024/03/01/ "
             "o-abcdef1234 123456789012 eu-west-1 19783",
             "o-xyzxyz9876/AWSLogs/o-xyzxyz9876/210987654321/CloudTrail/us-east-1/2024/03/01/ "
             "o-xyzxyz9876 210987654321 us-east-1 19783"}));
}

TEST(TrailLayoutTest, AnyFolderOnTheWayDown) {
  const TemporaryFolder folder;
  const std::string day = "AWSLogs/o-abcdef1234/123456789012/CloudTrail/eu-west-1/2024/03/01/";
  folder.write(day + "a.json.gz", "x");
  for (size_t end = day.find('/'); end != std::string::npos; end = day.find('/', end + 1)) {
    const std::string rest = day.substr(end + 1);
    for (const char* slash : {"", "/"}) {
      EXPECT_EQ(parts_of(folder.path() + "/" + day.substr(0, end) + slash),
                Lines{rest + " o-abcdef1234 123456789012 eu-west-1 19783"});
    }
  }
  EXPECT_EQ(parts_of(folder.path() + "/" + day + "a.json.gz"),
            Lines{" file o-abcdef1234 123456789012 eu-west-1 19783"});
}

TEST(TrailLayoutTest, LooseFiles) {
  const TemporaryFolder folder;
  folder.write("copies/" + std::string(kFile), "x");
  folder.write("copies/export.jsonl", "x");
  folder.write("copies/.hidden", "x");
  folder.write(
      "copies/123456789012_CloudTrail-Digest_eu-west-1_all_eu-west-1_20240302T000000Z.json.gz",
      "x");
  EXPECT_EQ(parts_of(folder.path()),
            (Lines{"copies/" + std::string(kFile) + " file - 123456789012 eu-west-1 19783",
                   "copies/export.jsonl file - - - -"}));
  EXPECT_EQ(parts_of(folder.path(), TrailKind::kDigests),
            Lines{"copies/123456789012_CloudTrail-Digest_eu-west-1_all_eu-west-1_20240302T000000Z."
                  "json.gz file - 123456789012 eu-west-1 19784"});
  EXPECT_EQ(parts_of(folder.path() + "/absent"), Lines{});
}

TEST(TrailLayoutTest, OddPlacesWithinAKind) {
  const TemporaryFolder folder;
  const std::string kind = "AWSLogs/123456789012/CloudTrail/";
  folder.write(kind + "eu-west-1/2024/02/30/a.json", "x");
  folder.write(kind + "eu-west-1/late.json", "x");
  folder.write(kind + "other/b.json", "x");
  EXPECT_EQ(parts_of(folder.path()),
            (Lines{kind + "eu-west-1/2024/02/30/a.json file - 123456789012 eu-west-1 -",
                   kind + "eu-west-1/late.json file - 123456789012 eu-west-1 -",
                   kind + "other/b.json file - 123456789012 - -"}));
}

TEST(TrailLayoutTest, LinksInCirclesMultiplyNothing) {
  const TemporaryFolder folder;
  const std::string day = "AWSLogs/123456789012/CloudTrail/eu-west-1/2024/03/01/";
  folder.write(day + "a.json.gz", "x");
  const Lines once = {day + " - 123456789012 eu-west-1 19783"};
  std::filesystem::create_directory_symlink(".", folder.path() + "/again");
  EXPECT_EQ(parts_of(folder.path()), once);
  std::filesystem::create_directory_symlink(".", folder.path() + "/more");
  std::filesystem::create_directory_symlink(
      "../..", folder.path() + "/AWSLogs/123456789012/CloudTrail/eu-west-1/up");
  EXPECT_EQ(parts_of(folder.path()), once);
}

TEST(TrailLayoutTest, CopiesBelowFoldersNamedAsPartsOfTheLayout) {
  const std::string region = "/eu-west-1/2024/03/01/";
  for (const char* above : {"CloudTrail/", "x/CloudTrail-Digest/y/", "111122223333/",
                            "111122223333/x/", "CloudTrail/2023-07-10/"}) {
    const TemporaryFolder folder;
    const std::string account = above + std::string("AWSLogs/123456789012/");
    for (const char* kind : {"CloudTrail", "CloudTrail-Insight"})
      folder.write(account + kind + region + "a.json.gz", "x");
    TrailFilter filter;
    filter.account = [](const auto& value) { return value == "123456789012"; };
    for (const std::string& root : {folder.path(), folder.path() + "/" + above}) {
      const std::string rest = account.substr(
          root.size() > folder.path().size() ? std::string_view(above).size() : size_t{0});
      EXPECT_EQ(parts_of(root, TrailKind::kEvents, filter),
                Lines{rest + "CloudTrail" + region + " - 123456789012 eu-west-1 19783"});
      EXPECT_EQ(parts_of(root, TrailKind::kInsights, filter),
                Lines{rest + "CloudTrail-Insight" + region + " - 123456789012 eu-west-1 19783"});
    }
  }
  const TemporaryFolder folder;
  folder.write("111122223333/444455556666/CloudTrail" + region + "a.json.gz", "x");
  EXPECT_EQ(parts_of(folder.path()), Lines{"111122223333/444455556666/CloudTrail" + region +
                                           " - 444455556666 eu-west-1 19783"});
}

TEST(TrailLayoutTest, NamesThatOnlyLookLikePartsOfTheLayout) {
  const TemporaryFolder folder;
  folder.write("CloudTrail/2023-07-10/a.json", "x");
  folder.write("o-tsukuba-logs/b.json", "x");
  folder.write("o-abcdefghij/c.json", "x");
  EXPECT_EQ(parts_of(folder.path()), (Lines{"CloudTrail/2023-07-10/a.json file - - - -",
                                            "o-abcdefghij/c.json file o-abcdefghij - - -",
                                            "o-tsukuba-logs/b.json file - - - -"}));
}

TEST(TrailLayoutTest, FilterKeepsOutOfFolders) {
  const TemporaryFolder folder;
  const std::string kind = "AWSLogs/123456789012/CloudTrail/";
  folder.write(kind + "eu-west-1/2023/12/31/a.json", "x");
  folder.write(kind + "eu-west-1/2024/03/01/a.json", "x");
  folder.write(kind + "us-east-1/2024/03/01/a.json", "x");
  folder.write("export.json", "x");
  TrailFilter filter;
  filter.region = [](const auto& region) { return region == "eu-west-1"; };
  filter.days = [](const auto& days) {
    return days && days->last >= 19783 && days->first <= 19783;
  };
  EXPECT_EQ(parts_of(folder.path(), TrailKind::kEvents, filter),
            Lines{kind + "eu-west-1/2024/03/01/ - 123456789012 eu-west-1 19783"});
  filter = {};
  filter.organization = [](const auto& organization) { return organization.has_value(); };
  EXPECT_EQ(parts_of(folder.path(), TrailKind::kEvents, filter), Lines{});
}

TEST(TrailLayoutTest, Summary) {
  const TemporaryFolder folder;
  folder.write("AWSLogs/123456789012/CloudTrail/eu-west-1/2024/03/01/a.json.gz", "12345");
  folder.write("AWSLogs/210987654321/CloudTrail/us-east-1/2024/03/04/a.json.gz", "123");
  folder.write("AWSLogs/210987654321/CloudTrail-Insight/us-east-1/2024/03/05/a.json.gz", "1");
  folder.write("export.json", "12");
  const Cancellation cancellation;
  std::vector<UnlistedPath> unlisted;
  const std::vector<TrailSummary> summaries =
      summarize_trail(folder.path(), cancellation, unlisted);
  const TrailSummary& events = summaries[static_cast<size_t>(TrailKind::kEvents)];
  EXPECT_EQ(events.accounts, (std::set<std::string>{"123456789012", "210987654321"}));
  EXPECT_EQ(events.regions, (std::set<std::string>{"eu-west-1", "us-east-1"}));
  EXPECT_EQ(events.days->first, 19783);
  EXPECT_EQ(events.days->last, 19786);
  EXPECT_EQ(events.num_files, 3U);
  EXPECT_EQ(events.num_loose_files, 1U);
  EXPECT_EQ(events.size_bytes, 10U);
  EXPECT_EQ(summaries[static_cast<size_t>(TrailKind::kInsights)].num_files, 1U);
  EXPECT_EQ(summaries[static_cast<size_t>(TrailKind::kDigests)].num_files, 0U);
}

TEST(OutermostRoots, WhatLiesInAnotherIsLeftOut) {
  EXPECT_EQ(outermost_roots({"/a/b", "/a", "/ab/", "/a/"}), (std::vector<size_t>{1, 2}));
  const TemporaryFolder folder;
  folder.write("logs/a.json", "{}");
  std::filesystem::create_symlink(folder.path() + "/logs", folder.path() + "/link");
  EXPECT_EQ(outermost_roots({folder.path() + "/link", folder.path() + "/logs/a.json"}),
            std::vector<size_t>{0});
}

}  // namespace
}  // namespace trailsql
