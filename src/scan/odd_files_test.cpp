// Folders as they are in the world: files that cannot be read, that are no files, that change
// meanwhile; and several workers at once.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "scan/parquet_table.h"
#include "scan/scan_fixture.h"
#include "scan/table_files.h"
#include "store/gzip_for_test.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::string>;

ScanOrder only_a() { return {{{"a", "string"}}, {}, std::nullopt}; }

ScanSpec spec_of(const std::string& path) {
  ScanSpec spec = make_spec(only_a(), path);
  spec.columns.push_back(wanted(ScanColumn::Source::kTable, 0, {}, Type::varchar()));
  return spec;
}

// To the superuser nothing is forbidden, so the scan runs as somebody else.
Rows rows_as_nobody(const ScanSpec& spec, ScanReport& report) {
  constexpr uid_t kNobody = 65534;
  const bool is_superuser = ::geteuid() == 0;
  if (is_superuser) {
    EXPECT_EQ(::seteuid(kNobody), 0);
  }
  Rows rows = scan_rows(spec, report);
  if (is_superuser) {
    EXPECT_EQ(::seteuid(0), 0);
  }
  return rows;
}

TEST(OddFiles, AMissingLocationHoldsNoRows) {
  ScanReport report;
  EXPECT_EQ(scan_rows(spec_of("/nonexistent/folder"), report), Rows{});
  ASSERT_EQ(report.num_notes(ScanNoteKind::kMissingLocation), 1u);
  EXPECT_EQ(report.num_notes(), 1u);
  const ScanNote note = report.notes()[0];
  EXPECT_EQ(note.file, "s3://bucket/prefix/");
  EXPECT_EQ(note.detail, "no such folder: /nonexistent/folder; no rows");
  EXPECT_EQ(note_kind_text(note.kind), "missing location");
}

TEST(OddFiles, AForbiddenFileEndsTheQueryWithItsPath) {
  const TemporaryFolder folder;
  folder.write("f.json", R"({"a":"x"})");
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(folder.path() + "/f.json", fs::perms::none);
  ScanReport report;
  const Rows rows = rows_as_nobody(spec_of(folder.path()), report);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].find("HIVE_CANNOT_OPEN_SPLIT"), std::string::npos) << rows[0];
  EXPECT_NE(rows[0].find(folder.path() + "/f.json: Permission denied"), std::string::npos)
      << rows[0];
}

TEST(OddFiles, AForbiddenFolderEndsTheQueryWithItsPath) {
  const TemporaryFolder folder;
  folder.write("deep/f.json", R"({"a":"x"})");
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(folder.path() + "/deep", fs::perms::none);
  ScanReport report;
  const Rows rows = rows_as_nobody(spec_of(folder.path()), report);
  fs::permissions(folder.path() + "/deep", fs::perms::all);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].find("HIVE_FILESYSTEM_ERROR"), std::string::npos) << rows[0];
  EXPECT_NE(rows[0].find(folder.path() + "/deep"), std::string::npos) << rows[0];
}

TEST(OddFiles, PipesDevicesAndCirclesAreNoFiles) {
  const TemporaryFolder folder;
  folder.write("f.json", R"({"a":"x"})");
  ASSERT_EQ(::mkfifo((folder.path() + "/pipe.json").c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", folder.path() + "/zero.json");
  fs::create_symlink("nowhere", folder.path() + "/broken.json");
  fs::create_directory_symlink(folder.path(), folder.path() + "/circle");
  ScanReport report;
  EXPECT_EQ(scan_rows(spec_of(folder.path()), report), Rows{R"(["x"])"});
  EXPECT_EQ(report.num_files_total, 1u);
}

TEST(OddFiles, ALocationThatIsAPipeIsRefused) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() + "/pipe").c_str(), 0600), 0);
  ScanReport report;
  const Rows rows = scan_rows(spec_of(folder.path() + "/pipe"), report);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].find("neither a folder nor a file"), std::string::npos) << rows[0];
}

TEST(OddFiles, APipeInTheFilesPlaceDoesNotHang) {
  const TemporaryFolder folder;
  folder.write("f.json", R"({"a":"x"})");
  ScanReport report;
  const Cancellation cancellation;
  const ScanSpec spec = spec_of(folder.path());
  const std::vector<StoredFile> files = list_table_files(spec, {}, report);
  fs::remove(folder.path() + "/f.json");
  ASSERT_EQ(::mkfifo((folder.path() + "/f.json").c_str(), 0600), 0);
  const auto scan = open_scan(spec, files, nullptr, report, cancellation);
  ColumnBatch batch;
  try {
    scan->new_worker({0})->next(batch, 10);
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_NE(std::string(error.what()).find("not a regular file"), std::string::npos);
  }
}

TEST(OddFiles, AFileThatGrewSinceItWasListedIsReadWhole) {
  const TemporaryFolder folder;
  folder.write("f.json", "{\"a\":\"0\"}\n");
  ScanReport report;
  const Cancellation cancellation;
  const ScanSpec spec = spec_of(folder.path());
  const std::vector<StoredFile> files = list_table_files(spec, {}, report);
  constexpr size_t kNumLines = 50'000;
  {
    std::ofstream file(folder.path() + "/f.json", std::ios::binary | std::ios::app);
    for (size_t i = 1; i < kNumLines; ++i) file << "{\"a\":\"" << i << "\"}\n";
  }
  const auto scan = open_scan(spec, files, nullptr, report, cancellation);
  const auto worker = scan->new_worker({0});
  ColumnBatch batch;
  size_t total = 0;
  while (const size_t num_rows = worker->next(batch, 2048)) total += num_rows;
  EXPECT_EQ(total, kNumLines);
}

TEST(OddFiles, NamesThatAreNoUtf8) {
  const TemporaryFolder folder;
  folder.write("\xFF.json", R"({"a":"x"})");
  ScanSpec spec = make_spec(only_a(), folder.path());
  spec.columns.push_back(wanted(ScanColumn::Source::kPath, 0, {}, Type::varchar()));
  ScanReport report;
  EXPECT_EQ(scan_rows(spec, report), Rows{"[\"s3://bucket/prefix/\xEF\xBF\xBD.json\"]"});
  try {
    open_parquet_table(spec, list_files(folder.path()).files, report,
                       std::make_shared<ParquetCopies>(testing::TempDir()));
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kHiveCannotOpenSplit);
    EXPECT_EQ(std::string(error.what()),
              "Error opening s3://bucket/prefix/\xEF\xBF\xBD.json: the name of a Parquet file must "
              "be UTF-8");
  }
}

TEST(OddFiles, EmptyFilesHoldNoRows) {
  const TemporaryFolder folder;
  folder.write("empty.json.gz", "");
  folder.write("nothing.json.gz", gzip_for_test(""));
  ScanReport report;
  EXPECT_EQ(scan_rows(spec_of(folder.path()), report), Rows{});
  EXPECT_EQ(report.num_notes(ScanNoteKind::kEmptyFile), 2u);
  EXPECT_EQ(report.num_notes(), 2u);
}

TEST(OddFiles, PaddingBehindGzipIsNoted) {
  const TemporaryFolder folder;
  folder.write("f.json.gz", gzip_for_test("{\"a\":\"x\"}\n") + std::string(512, '\0'));
  ScanReport report;
  EXPECT_EQ(scan_rows(spec_of(folder.path()), report), Rows{R"(["x"])"});
  ASSERT_EQ(report.num_notes(ScanNoteKind::kTrailingData), 1u);
  EXPECT_EQ(report.notes()[0].detail, "512 bytes after the last gzip member are ignored");
}

// Meant to be run under ThreadSanitizer, too.
TEST(OddFiles, SeveralWorkersShareTheFiles) {
  const TemporaryFolder folder;
  constexpr size_t kNumFiles = 200;
  constexpr size_t kRowsPerFile = 37;
  for (size_t file = 0; file < kNumFiles; ++file) {
    std::string text;
    for (size_t row = 0; row < kRowsPerFile; ++row)
      text += fmt::format("{{\"a\":\"{}\",\"b\":[{{}}]}} rest\n", file * kRowsPerFile + row);
    folder.write(fmt::format("{}.json{}", file, file % 2 == 0 ? ".gz" : ""),
                 file % 2 == 0 ? gzip_for_test(text) : text);
  }
  ScanReport report;
  const Cancellation cancellation;
  const auto scan = open_scan(spec_of(folder.path()), report, cancellation);
  constexpr size_t kNumWorkers = 4;
  std::vector<Rows> found(kNumWorkers);
  {
    std::vector<std::jthread> threads;
    for (Rows& rows : found) {
      threads.emplace_back([&] {
        const auto worker = scan->new_worker({0});
        ColumnBatch batch;
        while (const size_t num_rows = worker->next(batch, 100)) {
          for (size_t row = 0; row < num_rows; ++row)
            rows.emplace_back(batch.columns[0].string_at(row));
        }
      });
    }
    // As who shows progress does.
    EXPECT_LE(report.notes().size(), kNumFiles * kRowsPerFile);
    EXPECT_LE(report.num_records, kNumFiles * kRowsPerFile);
  }
  Rows all;
  for (const Rows& rows : found) all.insert(all.end(), rows.begin(), rows.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()) - all.begin(),
            static_cast<ptrdiff_t>(kNumFiles * kRowsPerFile));
  EXPECT_EQ(all.size(), kNumFiles * kRowsPerFile);
  EXPECT_EQ(report.num_notes(ScanNoteKind::kTrailingData), kNumFiles * kRowsPerFile);
  EXPECT_EQ(report.num_files_done, kNumFiles);
}

}  // namespace
}  // namespace trailsql
