#include "catalog/trail_tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "catalog/catalog.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class TrailTablesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "trailsql_trails_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    catalog_ = Catalog::open((folder_ / "catalog.db").string());
  }
  void TearDown() override {
    catalog_.reset();
    fs::remove_all(folder_);
  }
  std::string database_of(const char* database) const {
    const auto table = catalog_->find_table(database, "cloudtrail");
    return table ? table->database : "none";
  }

  fs::path folder_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(TrailTablesTest, EveryTrailHasEveryTable) {
  for (const std::string_view name : trail_table_names()) {
    const auto table = make_trail_table({"prod", {"/a", "s3://b/"}}, name);
    ASSERT_TRUE(table) << name;
    EXPECT_TRUE(is_trail_table(*table));
    EXPECT_EQ(trail_locations(*table), (std::vector<std::string>{"/a", "s3://b/"}));
    EXPECT_EQ(table->partition_columns.size(), std::size(kTrailPartitionColumns));
    for (const CatalogColumn& column : table->columns) {
      for (const std::string_view partition : kTrailPartitionColumns)
        EXPECT_NE(column.name, partition);
    }
  }
  EXPECT_TRUE(std::is_sorted(trail_table_names().begin(), trail_table_names().end()));
  EXPECT_EQ(make_trail_table({"prod", {}}, "other"), nullptr);
}

TEST_F(TrailTablesTest, OneTrailAlsoStandsInDefault) {
  EXPECT_EQ(database_of("default"), "none");
  catalog_->add_trail({"Prod", {"/a"}});
  EXPECT_EQ(database_of("PROD"), "prod");
  EXPECT_EQ(database_of("default"), "prod");
  EXPECT_EQ(catalog_->table_names("prod").size(), trail_table_names().size());
  EXPECT_EQ(catalog_->table_names("default").size(), trail_table_names().size());
  catalog_->add_trail({"lab", {"/b"}});
  EXPECT_EQ(database_of("default"), "none");
  EXPECT_EQ(database_of("lab"), "lab");
}

TEST_F(TrailTablesTest, OwnTablesComeFirst) {
  catalog_->add_trail({"prod", {"/a"}});
  CatalogTable own;
  own.database = "default";
  own.name = "cloudtrail";
  catalog_->create_table(own, false);
  EXPECT_EQ(database_of("default"), "default");
  EXPECT_EQ(database_of("prod"), "prod");
}

TEST_F(TrailTablesTest, LocationsAreAddedOnce) {
  catalog_->add_trail({"prod", {"/b", "/a"}});
  catalog_->add_trail({"prod", {"/a", "/c"}});
  const std::vector<Trail> trails = catalog_->trails();
  ASSERT_EQ(trails.size(), 1U);
  EXPECT_EQ(trails[0].locations, (std::vector<std::string>{"/b", "/a", "/c"}));
}

TEST_F(TrailTablesTest, RemovedOnlyWhenNothingElseIsThere) {
  EXPECT_FALSE(catalog_->remove_trail("prod"));
  EXPECT_FALSE(catalog_->remove_trail("default"));
  catalog_->add_trail({"prod", {"/a"}});
  CatalogTable view;
  view.database = "prod";
  view.name = "mine";
  view.view_text = "SELECT 1";
  catalog_->create_view(view, false);
  EXPECT_THROW(catalog_->remove_trail("prod"), QueryError);
  catalog_->drop_table("prod", "mine", TableKind::kView, false);
  EXPECT_TRUE(catalog_->remove_trail("PROD"));
  EXPECT_FALSE(catalog_->find_database("prod"));
  EXPECT_THROW(catalog_->add_trail({"default", {"/a"}}), QueryError);
}

TEST_F(TrailTablesTest, SessionTrailIsForNamesWithoutDatabase) {
  catalog_->add_trail({"prod", {"/a"}});
  catalog_->set_session_trail({"logs", {"/b"}});
  EXPECT_EQ(database_of("default"), "prod");
  EXPECT_EQ(catalog_->find_session_table("CloudTrail")->database, "logs");
  EXPECT_EQ(database_of("logs"), "logs");
  EXPECT_EQ(database_of("prod"), "prod");
  EXPECT_EQ(catalog_->database_names(), (std::vector<std::string>{"default", "logs", "prod"}));
  EXPECT_TRUE(catalog_->find_database("logs"));
  EXPECT_EQ(catalog_->trails().size(), 1U);
  EXPECT_FALSE(Catalog::open((folder_ / "catalog.db").string())->find_database("logs"));
}

}  // namespace
}  // namespace trailsql
