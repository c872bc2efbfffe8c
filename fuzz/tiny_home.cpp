#include "tiny_home.h"

#include <fmt/core.h>

#include <chrono>
#include <fstream>
#include <string>
#include <string_view>

namespace trailsql {
namespace {

constexpr uint64_t kMemoryBytes = 2'000'000'000;

constexpr std::string_view kEvents =
    R"({"Records":[{"eventVersion":"1.08","eventID":"1","eventName":"PutObject",)"
    R"("eventTime":"2024-05-01T10:00:00Z","awsRegion":"us-east-1",)"
    R"("requestParameters":{"bucketName":"b","items":[{"name":"x"}]},)"
    R"("userIdentity":{"type":"Root","arn":"arn:aws:iam::1:root"},)"
    R"("resources":[{"arn":"a","type":"t"},{"arn":null}]},{"eventName":null}]})"
    "\n";
constexpr std::string_view kAccounts =
    R"({"id":"1","seats":3,"cost":1.5,"active":true,"since":"2024-01-01","tags":{"a":"b"},)"
    R"("owners":["x","y"]})"
    "\n{\"id\":null}\n{\"id\":\"\",\"seats\":-7,\"cost\":\"NaN\",\"owners\":[]}\n";

constexpr std::string_view kClassicColumns =
    "records array<struct<eventname:string,eventtime:string,requestparameters:string,"
    "useridentity:struct<type:string,arn:string,sessioncontext:struct<attributes:"
    "struct<mfaauthenticated:string>>>,resources:array<struct<arn:string,type:string>>>>";
constexpr std::string_view kOpenX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'";

std::vector<std::string> table_statements() {
  return {
      fmt::format("CREATE EXTERNAL TABLE my_table_name ({}) {} LOCATION 's3://tiny/logs/'",
                  kClassicColumns, kOpenX),
      fmt::format("CREATE EXTERNAL TABLE accounts (id string, seats int, cost double, active "
                  "boolean, since date, tags map<string,string>, owners array<string>) {} "
                  "LOCATION 's3://tiny/accounts/'",
                  kOpenX),
      "CREATE VIEW events AS SELECT r.eventname, r.eventtime, r.requestparameters FROM "
      "my_table_name CROSS JOIN UNNEST(records) AS t (r)",
      fmt::format("CREATE EXTERNAL TABLE t ({}) PARTITIONED BY (region string, day date, hour int) "
                  "{} LOCATION 's3://tiny/t/'",
                  kClassicColumns, kOpenX),
      "MSCK REPAIR TABLE t",
      fmt::format(
          "CREATE EXTERNAL TABLE p ({}) PARTITIONED BY (region string, `timestamp` string) {} "
          "LOCATION 's3://tiny/trail/AWSLogs/111111111111/CloudTrail/' TBLPROPERTIES ("
          "'projection.enabled'='true', 'projection.region.type'='enum', "
          "'projection.region.values'='us-east-1,eu-west-1', 'projection.timestamp.type'='date', "
          "'projection.timestamp.range'='2024/04/29,2024/05/03', "
          "'projection.timestamp.format'='yyyy/MM/dd', 'storage.location.template'="
          "'s3://tiny/trail/AWSLogs/111111111111/CloudTrail/${{region}}/${{timestamp}}')",
          kClassicColumns, kOpenX),
      "CREATE EXTERNAL TABLE csv (a string, b int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' "
      "LOCATION 's3://tiny/csv/'",
      "CREATE TABLE written WITH (partitioned_by = ARRAY['day']) AS SELECT 1 AS n, 'x' AS text, "
      "DATE '2024-05-01' AS day",
  };
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << content;
}

}  // namespace

TinyHome::TinyHome()
    : folder_(std::filesystem::temp_directory_path() /
              fmt::format("trailsql_fuzz_{}",
                          std::chrono::steady_clock::now().time_since_epoch().count())) {
  write_logs();
  open();
  make_tables();
  service_.reset();
  std::filesystem::copy(now(), at_first(), std::filesystem::copy_options::recursive);
  open();
}

TinyHome::~TinyHome() {
  service_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void TinyHome::restore() {
  service_.reset();
  std::filesystem::remove_all(now());
  std::filesystem::copy(at_first(), now(), std::filesystem::copy_options::recursive);
  open();
}

void TinyHome::open() {
  ServiceOptions options;
  options.home = now() / "home";
  options.engine.num_threads = 1;
  options.engine.memory_limit_bytes = kMemoryBytes;
  options.location_maps.push_back(make_location_map("s3://tiny/", (now() / "data").string()));
  options.logs.push_back((now() / "data/trail").string());
  service_ = std::make_unique<QueryService>(std::move(options));
}

void TinyHome::write_logs() const {
  const std::filesystem::path data = now() / "data";
  write_file(data / "logs/part.json", kEvents);
  write_file(data / "accounts/part.json", kAccounts);
  write_file(data / "csv/part.csv", "a,1\n\\N,x\n");
  for (std::string_view partition :
       {"region=us-east-1/day=2024-05-01/hour=7", "region=eu-west-1/day=2024-05-02/hour=-1"})
    write_file(data / "t" / partition / "part.json", kEvents);
  for (std::string_view day : {"us-east-1/2024/05/01", "eu-west-1/2024/05/02"})
    write_file(data / "trail/AWSLogs/111111111111/CloudTrail" / day / "part.json", kEvents);
}

void TinyHome::make_tables() {
  for (const std::string& statement : table_statements()) {
    const Cancellation cancellation;
    ScanReport report;
    ColumnBatch batch;
    const auto run = service_->run(statement, Session{}, cancellation, report);
    while (run->next(batch)) {
    }
  }
}

}  // namespace trailsql
