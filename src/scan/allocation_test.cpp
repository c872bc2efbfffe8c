// In the steady state a scan asks for no memory for a record: files ten times as large cost no
// allocation more.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "scan/scan_fixture.h"
#include "scan/scan_limits.h"
#include "store/gzip_for_test.h"

namespace {
thread_local bool counts_allocations = false;
thread_local size_t num_allocations = 0;

void* allocate(size_t size, size_t alignment) {
  if (counts_allocations) ++num_allocations;
  void* memory = alignment == 0 ? std::malloc(size)
                                : std::aligned_alloc(
                                      alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

// Those of the whole test program.
void* operator new(size_t size) { return allocate(size, 0); }
void* operator new(size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }

namespace trailsql {
namespace {

constexpr const char* kRecordType =
    "array<struct<eventName:string,userIdentity:struct<type:string,arn:string>,readOnly:boolean,"
    "requestParameters:string,resources:array<struct<ARN:string,accountId:string>>,tls:string>>";
constexpr size_t kNumLogFiles = 12;

std::string document_of(size_t num_records) {
  std::string text = R"({"Records":[)";
  for (size_t i = 0; i < num_records; ++i) {
    text += fmt::format(
        R"({}{{"eventName":"Name{}","userIdentity":{{"type":"Role","arn":"arn:aws:iam::1:role/r{}"}},)"
        R"("readOnly":true,"requestParameters":{{"bucketName":"b{}","n":[1,2],"x":{{"y":"z"}}}},)"
        R"("resources":[{{"ARN":"arn:{}","accountId":"1"}},{{"ARN":"b","accountId":"2"}}],)"
        R"("responseElements":null,"tls":"with \"escapes\" \\ in it"}})",
        i == 0 ? "" : ",", i % 10, i % 7, i % 5, i % 3);
  }
  return text + "]}";
}

// Reads files of that many records each, and counts the allocations behind the first two.
size_t allocations_of(size_t num_records, bool is_borrowed) {
  const TemporaryFolder folder;
  // Texts of large files are borrowed, those of small ones are copied: both are to be seen.
  std::string text = document_of(num_records);
  if (is_borrowed) text += std::string(kBorrowFromBytes, '\n');
  for (size_t i = 0; i < kNumLogFiles; ++i)
    folder.write(fmt::format("{:02}.json.gz", i), gzip_for_test(text));
  ScanSpec spec = make_spec(
      {{{"records", kRecordType}}, {}, 0, 3, ScanFormat::Kind::kCloudTrailRecords}, folder.path());
  const Type record = spec.table_columns[0].type.element();
  for (uint32_t i = 0; i < record.fields().size(); ++i)
    spec.columns.push_back(wanted(ScanColumn::Source::kElement, 0, {i}, record.fields()[i].type));
  std::vector<uint32_t> all;
  for (uint32_t i = 0; i < spec.columns.size(); ++i) all.push_back(i);
  ScanReport report;
  const Cancellation cancellation;
  const std::shared_ptr<Scan> scan = open_scan(std::move(spec), report, cancellation);
  const std::unique_ptr<ScanWorker> worker = scan->new_worker(all);
  ColumnBatch batch;
  size_t num_rows = 0;
  num_allocations = 0;
  while (const size_t found = worker->next(batch, 500)) {
    num_rows += found;
    counts_allocations = num_rows >= 2 * num_records;
  }
  counts_allocations = false;
  EXPECT_EQ(num_rows, kNumLogFiles * num_records);
  return num_allocations;
}

TEST(Allocation, NoneForARecord) {
  for (const bool is_borrowed : {false, true}) {
    const size_t of_few = allocations_of(500, is_borrowed);
    const size_t of_many = allocations_of(5000, is_borrowed);
    // Of each file there are some. 40,500 records more may let a buffer grow once or twice.
    EXPECT_LT(of_many, of_few + 50) << "borrowed: " << is_borrowed;
    EXPECT_LT(of_few, 40 * kNumLogFiles) << "borrowed: " << is_borrowed;
  }
}

}  // namespace
}  // namespace trailsql
