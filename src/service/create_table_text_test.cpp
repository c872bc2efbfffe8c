#include "service/create_table_text.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

TEST(CreateTableText, HasEveryClause) {
  CatalogTable table;
  table.database = "default";
  table.name = "logs";
  const Type row = Type::row({{"type", Type::varchar()}});
  table.columns = {{"records", Type::array(row), "it's all"}};
  table.partition_columns = {{"dt", Type::varchar(), std::nullopt}};
  table.comment = "a table";
  table.serde_class = "org.openx.data.jsonserde.JsonSerDe";
  table.serde_properties = {{"ignore.malformed.json", "true"}};
  table.stored_as = "TEXTFILE";
  table.location = "s3://bucket/";
  table.table_properties = {{"k", "v\\w"}};
  EXPECT_EQ(create_table_text(table),
            "CREATE EXTERNAL TABLE `logs`(\n"
            "  `records` array<struct<type:string>> COMMENT 'it\\'s all')\n"
            "COMMENT 'a table'\n"
            "PARTITIONED BY ( \n"
            "  `dt` string)\n"
            "ROW FORMAT SERDE \n"
            "  'org.openx.data.jsonserde.JsonSerDe' \n"
            "WITH SERDEPROPERTIES ( \n"
            "  'ignore.malformed.json'='true') \n"
            "STORED AS TEXTFILE\n"
            "LOCATION\n"
            "  's3://bucket/'\n"
            "TBLPROPERTIES (\n"
            "  'k'='v\\\\w')\n");
}

TEST(CreateTableText, QuotesFieldsThatAreNoPlainWords) {
  CatalogTable table;
  table.name = "t";
  const Type row =
      Type::row({{"date", Type::varchar()}, {"a-b", TypeKind::kInteger}, {"1`", Type::varchar()}});
  table.columns = {{"m", Type::map(Type::varchar(), row), std::nullopt}};
  table.location = "/x/";
  EXPECT_EQ(create_table_text(table),
            "CREATE EXTERNAL TABLE `t`(\n"
            "  `m` map<string,struct<date:string,`a-b`:int,`1```:string>>)\n"
            "LOCATION\n"
            "  '/x/'\n");
}

}  // namespace
}  // namespace trailsql
