#include "service/run_summary.h"

#include <gtest/gtest.h>

#include "service/display_text.h"

namespace trailsql {
namespace {

ScanProgress some_progress() {
  ScanProgress progress;
  progress.num_files_done = 120;
  progress.num_files_total = 240;
  progress.stored_bytes_done = 5'000'000;
  progress.stored_bytes_total = 10'000'000;
  progress.raw_bytes_done = 80'000'000;
  progress.num_records = 40'000;
  progress.listing_done = true;
  progress.seconds = 2;
  return progress;
}

TEST(RunSummary, ProgressNamesWhatMatters) {
  const std::string text = progress_text(some_progress(), 200);
  EXPECT_EQ(text,
            "██████████░░░░░░░░░░  50 %  120/240 files  5.0 MB of 10.0 MB  20.0 k records/s  "
            "2.00 s left");
  EXPECT_EQ(progress_text(some_progress(), 79),
            "████░░░░  50 %  120/240 files  5.0 MB of 10.0 MB  20.0 k records/s  2.00 s left");
  EXPECT_LE(display_width(progress_text(some_progress(), 40)), 40U);
}

TEST(RunSummary, SummaryOfAQuery) {
  ScanProgress progress = some_progress();
  EXPECT_EQ(summary_text(1, progress),
            "1 row in 2.00 s; read 120 files of 240, 5.0 MB (80.0 MB of JSON), 40.0 k records");
  progress = {};
  progress.seconds = 75;
  EXPECT_EQ(summary_text(2, progress), "2 rows in 1 min 15 s");
}

TEST(RunSummary, NotesNamePlacesAndSayHowMany) {
  ScanReport report;
  EXPECT_TRUE(note_lines(report, false).empty());
  for (uint64_t line = 1; line <= 5; ++line) {
    report.add_note({ScanNoteKind::kMalformedLine, "/logs/a.json", line, "not an object"});
  }
  report.add_note({ScanNoteKind::kEmptyFile, "/logs/b\x1b.json", 0, ""});
  const std::vector<std::string> few = note_lines(report, false);
  ASSERT_EQ(few.size(), 8U);
  EXPECT_EQ(few[1], "  /logs/a.json:1: not an object");
  EXPECT_EQ(few[4], "  … and 2 more");
  EXPECT_EQ(few[6], "  /logs/b\\x1b.json");
  EXPECT_EQ(few[7], "--warnings lists all");
  EXPECT_EQ(note_lines(report, true).size(), 8U);  // 1 + 5, 1 + 1
}

}  // namespace
}  // namespace trailsql
