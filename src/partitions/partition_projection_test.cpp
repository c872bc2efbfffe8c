#include "partitions/partition_projection.h"

#include <gtest/gtest.h>

#include <chrono>

#include "types/time_units.h"

namespace trailsql {
namespace {

// 2024-03-31 12:00 UTC.
constexpr int64_t kNow = 19'813 * kMicrosecondsPerDay + 12 * kMicrosecondsPerHour;

class Projection {
 public:
  Projection(Type type, CatalogProperties properties) : column_{"k", std::move(type)} {
    table_.database = "d";
    table_.name = "t";
    table_.partition_columns = {{"k", column_.type, {}}};
    for (auto& [key, value] : properties)
      table_.table_properties.emplace_back("projection.k." + key, value);
  }
  ProjectedColumn column() const { return ProjectedColumn(table_, column_, kNow); }
  std::string all() const { return joined(column().all().texts); }
  static std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : " ") + text;
    return out;
  }

 private:
  CatalogTable table_;
  ScanTableColumn column_;
};

TEST(PartitionProjection, Enum) {
  EXPECT_EQ(Projection(Type::varchar(), {{"type", "ENUM"}, {"values", "a, b ,c"}}).all(), "a b c");
}

TEST(PartitionProjection, Integer) {
  EXPECT_EQ(Projection(TypeKind::kBigint, {{"type", "integer"}, {"range", "-1,2"}}).all(),
            "-1 0 1 2");
  EXPECT_EQ(Projection(Type::varchar(),
                       {{"type", "integer"}, {"range", "8,12"}, {"interval", "2"}, {"digits", "3"}})
                .all(),
            "008 010 012");
}

TEST(PartitionProjection, EachDateIsAmongThemOnce) {
  const Projection days(Type::varchar(),
                        {{"type", "date"}, {"format", "yyyy/M/d"}, {"range", "2024/1/1,2024/3/1"}});
  EXPECT_EQ(Projection::joined(
                days.column().among({"2024/02/05", "2024/2/5", "2024/3/2", "x", "2024/1/1"}).texts),
            "2024/1/1 2024/2/5");
  const Projection typed(TypeKind::kDate, {{"type", "date"}, {"range", "2024-01-01,2024-03-01"}});
  EXPECT_EQ(Projection::joined(typed.column().among({"2024-02-05", "2023-12-31"}).texts),
            "2024-02-05");
}

TEST(PartitionProjection, LongRangesAreNotListed) {
  const Projection accounts(Type::varchar(),
                            {{"type", "integer"}, {"range", "0,999999999999"}, {"digits", "12"}});
  EXPECT_FALSE(accounts.column().can_be_listed());
  EXPECT_EQ(
      Projection::joined(accounts.column().among({"000000000007", "7", "x", "000000000007"}).texts),
      "000000000007");
}

TEST(PartitionProjection, Dates) {
  EXPECT_EQ(Projection(Type::varchar(),
                       {{"type", "date"}, {"format", "yyyy/MM/dd"}, {"range", "NOW-2DAYS,NOW"}})
                .all(),
            "2024/03/29 2024/03/30 2024/03/31");
  EXPECT_EQ(Projection(Type::varchar(),
                       {{"type", "date"}, {"format", "yyyy-MM"}, {"range", "2023-12,2024-02"}})
                .all(),
            "2023-12 2024-01 2024-02");
  EXPECT_EQ(Projection(Type::varchar(), {{"type", "date"},
                                         {"format", "yyyy/MM/dd/HH"},
                                         {"range", "2024/01/01/00,2024/01/01/12"},
                                         {"interval", "6"},
                                         {"interval.unit", "HOURS"}})
                .all(),
            "2024/01/01/00 2024/01/01/06 2024/01/01/12");
}

TEST(PartitionProjection, MonthsKeepTheirDays) {
  EXPECT_EQ(Projection(TypeKind::kDate, {{"type", "date"},
                                         {"range", "2024-01-31,2024-04-30"},
                                         {"interval", "1"},
                                         {"interval.unit", "MONTHS"}})
                .all(),
            "2024-01-31 2024-02-29 2024-03-31 2024-04-30");
}

TEST(PartitionProjection, DatesAreTyped) {
  const ProjectedValues values =
      Projection(TypeKind::kDate,
                 {{"type", "date"}, {"format", "yyyy/MM/dd"}, {"range", "1969/12/31,1970/01/02"}})
          .column()
          .all();
  ASSERT_EQ(values.values.size(), 3u);
  EXPECT_EQ(values.values.int64_at(0), -1);
  EXPECT_EQ(values.values.int64_at(2), 1);
}

TEST(PartitionProjection, Locations) {
  CatalogTable table;
  table.location = "s3://b/logs";
  table.partition_columns = {{"account", Type::varchar(), {}}, {"day", Type::varchar(), {}}};
  EXPECT_EQ(projected_location(table, {"1", "2024/01/02"}),
            "s3://b/logs/account=1/day=2024%2F01%2F02/");
  table.table_properties = {{"storage.location.template", "s3://b/${Account}/x/${day}"}};
  EXPECT_EQ(projected_location(table, {"1", "2024/01/02"}), "s3://b/1/x/2024/01/02/");
}

}  // namespace
}  // namespace trailsql
