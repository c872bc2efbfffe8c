#include "service/shared_objects.h"

#include <gtest/gtest.h>

#include "catalog/trail_tables.h"

namespace trailsql {
namespace {

TableScan scan_of(const std::string& name, const std::string& location) {
  auto table = std::make_shared<CatalogTable>();
  table->database = "d";
  table->name = name;
  table->location = location;
  TableScan scan;
  scan.table = std::move(table);
  return scan;
}

/// Returns for each table whether its objects are kept: "yes no".
std::string kept_of(const std::vector<TableScan>& scans) {
  const LocationResolver resolver({{"s3://mapped/", "/copy"}}, {});
  const SharedObjects shared(scans, resolver, "/nowhere");
  std::string text;
  for (const TableScan& scan : scans) {
    text += text.empty() ? "" : " ";
    text += shared.cache_of(*scan.table) ? "yes" : "no";
  }
  return text;
}

TEST(SharedObjectsTest, OfTablesThatMayReadTheSame) {
  const TableScan a = scan_of("a", "s3://logs/x/");
  EXPECT_EQ(kept_of({a}), "no");
  EXPECT_EQ(kept_of({a, a}), "yes yes");
  EXPECT_EQ(kept_of({a, scan_of("b", "s3://logs/y/")}), "no no");
  EXPECT_EQ(kept_of({a, scan_of("b", "s3://logs/xy/")}), "no no");
  EXPECT_EQ(kept_of({a, scan_of("b", "s3://other/x/")}), "no no");
  EXPECT_EQ(kept_of({a, scan_of("b", "s3://logs/x")}), "yes yes");
  EXPECT_EQ(kept_of({a, scan_of("b", "s3a://logs/x/y/"), scan_of("c", "s3://logs/z/")}),
            "yes yes no");
  EXPECT_EQ(kept_of({a, scan_of("b", "s3://logs/")}), "yes yes");
}

TEST(SharedObjectsTest, WhatLiesOnThisMachineIsNotKept) {
  const TableScan local = scan_of("a", "/logs/x/");
  EXPECT_EQ(kept_of({local, local}), "no no");
  const TableScan mapped = scan_of("a", "s3://mapped/x/");
  EXPECT_EQ(kept_of({mapped, mapped}), "no no");
}

TEST(SharedObjectsTest, TrailsHaveSeveralLocations) {
  Trail trail;
  trail.name = "t";
  trail.locations = {"s3://one/", "s3://two/AWSLogs/"};
  TableScan scan;
  scan.table = make_trail_table(trail, "cloudtrail");
  EXPECT_EQ(kept_of({scan, scan_of("b", "s3://two/")}), "yes yes");
  EXPECT_EQ(kept_of({scan, scan_of("b", "s3://three/")}), "no no");
}

}  // namespace
}  // namespace trailsql
