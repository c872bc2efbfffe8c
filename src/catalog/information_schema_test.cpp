#include "catalog/information_schema.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "catalog/catalog.h"

namespace trailsql {
namespace {

// Returns a row with its values joined by `|`; NULL is `-`.
std::string row_text(const ColumnBatch& batch, size_t row) {
  std::string out;
  for (const Column& column : batch.columns) {
    if (!out.empty()) out += '|';
    if (column.is_null(row)) {
      out += '-';
    } else if (column.type().is(TypeKind::kBigint)) {
      out += std::to_string(column.int64_at(row));
    } else {
      out += column.string_at(row);
    }
  }
  return out;
}

class InformationSchemaTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "trailsql_schema_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    catalog_ = Catalog::open((folder_ / "catalog.db").string());
    CatalogTable table;
    table.database = "default";
    table.name = "logs";
    table.columns = {{"n", TypeKind::kInteger, std::nullopt}};
    table.partition_columns = {{"day", Type::varchar(), std::nullopt}};
    catalog_->create_table(table, false);
    table.name = "v";
    table.view_text = "SELECT 1 AS n";
    table.partition_columns.clear();
    catalog_->create_view(table, false);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(InformationSchemaTest, IsFoundLikeOtherDatabases) {
  EXPECT_TRUE(catalog_->find_database("INFORMATION_SCHEMA"));
  ASSERT_NE(catalog_->find_table("information_schema", "Columns"), nullptr);
  EXPECT_EQ(catalog_->find_table("information_schema", "logs"), nullptr);
  EXPECT_EQ(catalog_->table_names("information_schema"),
            (std::vector<std::string>{"columns", "schemata", "tables", "views"}));
  EXPECT_EQ(catalog_->database_names(), std::vector<std::string>{"default"});
}

TEST_F(InformationSchemaTest, RowsAreThoseOfTheCatalog) {
  const ColumnBatch schemata = information_schema_rows(*catalog_, "schemata");
  ASSERT_EQ(schemata.num_rows, 2u);
  EXPECT_EQ(row_text(schemata, 1), "awsdatacatalog|information_schema");
  const ColumnBatch tables = information_schema_rows(*catalog_, "tables");
  ASSERT_EQ(tables.num_rows, 6u);
  EXPECT_EQ(row_text(tables, 0), "awsdatacatalog|default|logs|BASE TABLE");
  EXPECT_EQ(row_text(tables, 1), "awsdatacatalog|default|v|VIEW");
  const ColumnBatch columns = information_schema_rows(*catalog_, "columns");
  EXPECT_EQ(row_text(columns, 0), "awsdatacatalog|default|logs|n|1|-|YES|integer");
  EXPECT_EQ(row_text(columns, 1), "awsdatacatalog|default|logs|day|2|-|YES|varchar");
  const ColumnBatch views = information_schema_rows(*catalog_, "views");
  ASSERT_EQ(views.num_rows, 1u);
  EXPECT_EQ(row_text(views, 0), "awsdatacatalog|default|v|SELECT 1 AS n");
}

}  // namespace
}  // namespace trailsql
