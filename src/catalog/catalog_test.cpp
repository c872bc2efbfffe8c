#include "catalog/catalog.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "catalog/catalog_schema.h"
#include "catalog/sqlite_database.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class CatalogTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "trailsql_catalog_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = (folder_ / "made" / "when needed" / "catalog.db").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<Catalog> open() { return Catalog::open(path_); }

  // Does something to the file behind the catalog's back; returns the first value answered.
  std::string sqlite(const char* sql) {
    SqliteDatabase database(path_, 1000);
    SqliteStatement statement = database.statement(sql);
    return statement.step() ? statement.text(0) : std::string();
  }

  fs::path folder_;
  std::string path_;
};

CatalogTable sample_table() {
  CatalogTable table;
  table.database = "default";
  table.name = "my_table";
  table.columns = {{"records",
                    parse_type("array<struct<eventname:string,useridentity:struct<type:string>>>"),
                    "what happened",
                    {{"$elem$.eventname", "what"}, {"$elem$.useridentity.type", "ü"}}},
                   {"amount", Type::decimal(7, 2), std::nullopt}};
  table.partition_columns = {{"day", Type::varchar(), std::nullopt}};
  table.bucket_columns = {"amount", "records"};
  table.num_buckets = 12;
  table.comment = "";
  table.serde_class = "org.openx.data.jsonserde.JsonSerDe";
  table.serde_properties = {{"z", "1"}, {"ignore.malformed.json", "true"}, {"z", "2"}};
  table.stored_as = "TEXTFILE";
  table.input_format = "in";
  table.output_format = "out";
  table.location = "s3://Bucket/Prefix/AWSLogs/";
  table.table_properties = {{"b", "''"}, {"a", "ß"}};
  table.created_at_ms = 1'700'000'000'123;
  return table;
}

void expect_equal(const CatalogTable& a, const CatalogTable& b) {
  EXPECT_EQ(a.database, b.database);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.kind, b.kind);
  const auto expect_columns = [](const auto& x, const auto& y) {
    ASSERT_EQ(x.size(), y.size());
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].name, y[i].name);
      EXPECT_EQ(x[i].type, y[i].type);
      EXPECT_EQ(x[i].comment, y[i].comment);
      EXPECT_EQ(x[i].field_comments, y[i].field_comments);
    }
  };
  expect_columns(a.columns, b.columns);
  expect_columns(a.partition_columns, b.partition_columns);
  EXPECT_EQ(a.comment, b.comment);
  EXPECT_EQ(a.serde_class, b.serde_class);
  EXPECT_EQ(a.serde_properties, b.serde_properties);
  EXPECT_EQ(a.stored_as, b.stored_as);
  EXPECT_EQ(a.input_format, b.input_format);
  EXPECT_EQ(a.output_format, b.output_format);
  EXPECT_EQ(a.location, b.location);
  EXPECT_EQ(a.table_properties, b.table_properties);
  EXPECT_EQ(a.bucket_columns, b.bucket_columns);
  EXPECT_EQ(a.num_buckets, b.num_buckets);
  EXPECT_EQ(a.view_text, b.view_text);
  EXPECT_EQ(a.view_database, b.view_database);
  EXPECT_EQ(a.created_at_ms, b.created_at_ms);
}

CatalogTable view(const std::string& name, const std::string& text) {
  CatalogTable table;
  table.database = "default";
  table.name = name;
  table.kind = TableKind::kView;
  table.view_text = text;
  table.view_database = "elsewhere";
  table.columns = {{"a", TypeKind::kBigint, std::nullopt}};
  return table;
}

template <typename Action>
std::string failure_of(Action&& action) {
  try {
    action();
  } catch (const QueryError& error) {
    return error.full_text();
  }
  return "no failure";
}

TEST_F(CatalogTest, NewCatalogHasTheDefaultDatabase) {
  EXPECT_EQ(open()->database_names(), std::vector<std::string>{"default"});
  EXPECT_TRUE(open()->find_database("DEFAULT").has_value());
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(CatalogTest, TablesComeBackAsTheyWere) {
  EXPECT_TRUE(open()->create_table(sample_table(), false));
  const auto catalog = open();
  const auto found = catalog->find_table("Default", "MY_Table");
  ASSERT_NE(found, nullptr);
  expect_equal(*found, sample_table());
  EXPECT_EQ(catalog->find_table("default", "other"), nullptr);
  EXPECT_EQ(catalog->find_table("other", "my_table"), nullptr);
}

TEST_F(CatalogTest, AllKindsOfTypesAreKept) {
  CatalogTable table = view("types", "SELECT 1");
  table.columns.clear();
  for (const Type& type :
       {Type(TypeKind::kBoolean), Type(TypeKind::kReal), Type(TypeKind::kVarbinary),
        Type(TypeKind::kJson), Type(TypeKind::kIntervalDayToSecond), Type(TypeKind::kUnknown),
        Type(TypeKind::kIntervalYearToMonth), Type::varchar(3), Type::character(2),
        Type::decimal(38, 0), Type::time(9), Type::time_with_time_zone(3), Type::timestamp(6),
        Type::timestamp_with_time_zone(12),
        Type::map(Type::varchar(), Type::array(Type::varchar())),
        Type::row({{"with \"blank\"", TypeKind::kUuid},
                   {"double", TypeKind::kIpAddress},
                   {std::nullopt, TypeKind::kDouble},
                   {"UPPER", TypeKind::kDate}})}) {
    table.columns.push_back({"c" + std::to_string(table.columns.size()), type, std::nullopt});
  }
  open()->create_view(table, false);
  const auto found = open()->find_table("default", "types");
  for (size_t i = 0; i < table.columns.size(); ++i) {
    EXPECT_EQ(found->columns[i].type, table.columns[i].type)
        << found->columns[i].type.display() << " " << table.columns[i].type.display();
  }
}

TEST_F(CatalogTest, NamesAreSortedAndLowerCase) {
  const auto catalog = open();
  CatalogTable table = sample_table();
  for (const char* name : {"Zebra", "apple", "b"}) {
    table.name = name;
    catalog->create_table(table, false);
  }
  EXPECT_EQ(catalog->table_names("default"), (std::vector<std::string>{"apple", "b", "zebra"}));
  EXPECT_TRUE(catalog->table_names("none").empty());
}

TEST_F(CatalogTest, DatabasesAreMadeAndDropped) {
  const auto catalog = open();
  const CatalogDatabase security{"Security", "logs", "s3://b/", {{"owner", "me"}, {"a", ""}}};
  EXPECT_TRUE(catalog->create_database(security, false));
  EXPECT_FALSE(catalog->create_database(security, true));
  EXPECT_EQ(failure_of([&] { catalog->create_database(security, false); }),
            "SCHEMA_ALREADY_EXISTS: Schema 'security' already exists");
  const auto found = catalog->find_database("security");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->comment, "logs");
  EXPECT_EQ(found->location, "s3://b/");
  EXPECT_EQ(found->properties, security.properties);

  CatalogTable table = sample_table();
  table.database = "security";
  catalog->create_table(table, false);
  EXPECT_EQ(failure_of([&] { catalog->drop_database("security", true, false); }),
            "SCHEMA_NOT_EMPTY: Cannot drop non-empty schema 'security'");
  EXPECT_TRUE(catalog->drop_database("SECURITY", false, true));
  EXPECT_EQ(catalog->find_table("security", "my_table"), nullptr);
  EXPECT_EQ(sqlite("SELECT count(*) FROM columns"), "0");
  EXPECT_FALSE(catalog->drop_database("security", true, false));
  EXPECT_EQ(failure_of([&] { catalog->drop_database("security", false, false); }),
            "SCHEMA_NOT_FOUND: Schema 'security' does not exist");
}

TEST_F(CatalogTest, TablesAreMadeAndDropped) {
  const auto catalog = open();
  catalog->create_table(sample_table(), false);
  EXPECT_FALSE(catalog->create_table(sample_table(), true));
  EXPECT_EQ(failure_of([&] { catalog->create_table(sample_table(), false); }),
            "TABLE_ALREADY_EXISTS: Table already exists: 'awsdatacatalog.default.my_table'");
  CatalogTable lost = sample_table();
  lost.database = "nowhere";
  EXPECT_EQ(failure_of([&] { catalog->create_table(lost, true); }),
            "SCHEMA_NOT_FOUND: Schema 'nowhere' does not exist");
  EXPECT_TRUE(catalog->drop_table("default", "My_Table", TableKind::kExternal, false));
  EXPECT_FALSE(catalog->drop_table("default", "my_table", TableKind::kExternal, true));
  EXPECT_EQ(
      failure_of([&] { catalog->drop_table("default", "my_table", TableKind::kExternal, false); }),
      "TABLE_NOT_FOUND: Table 'awsdatacatalog.default.my_table' does not exist");
}

TEST_F(CatalogTest, ViewsReplaceViewsOnly) {
  const auto catalog = open();
  catalog->create_table(sample_table(), false);
  catalog->create_view(view("v", "SELECT 1 a"), false);
  EXPECT_EQ(failure_of([&] { catalog->create_view(view("v", "SELECT 2 a"), false); }),
            "TABLE_ALREADY_EXISTS: View already exists: 'awsdatacatalog.default.v'");
  catalog->create_view(view("v", "SELECT 3 a"), true);
  EXPECT_EQ(catalog->find_table("default", "v")->view_text, "SELECT 3 a");
  EXPECT_EQ(failure_of([&] { catalog->create_view(view("my_table", "SELECT 1 a"), true); }),
            "TABLE_ALREADY_EXISTS: Table already exists: 'awsdatacatalog.default.my_table'");
  EXPECT_EQ(failure_of([&] { catalog->drop_table("default", "v", TableKind::kExternal, true); }),
            "GENERIC_USER_ERROR: Table 'awsdatacatalog.default.v' does not exist, but a view with "
            "that name "
            "exists. Did you mean DROP VIEW awsdatacatalog.default.v?");
  EXPECT_EQ(failure_of([&] { catalog->drop_table("default", "my_table", TableKind::kView, true); }),
            "GENERIC_USER_ERROR: View 'awsdatacatalog.default.my_table' does not exist, but a "
            "table with that "
            "name exists. Did you mean DROP TABLE awsdatacatalog.default.my_table?");
  EXPECT_TRUE(catalog->drop_table("default", "v", TableKind::kView, false));
}

TEST_F(CatalogTest, LocationMapsAreOrderedByLength) {
  const auto catalog = open();
  catalog->add_location_map({"s3://b/", "/one"});
  catalog->add_location_map({"s3://b/deeper/", "/two"});
  catalog->add_location_map({"s3://b/", "/three"});
  const std::vector<LocationMap> maps = open()->location_maps();
  ASSERT_EQ(maps.size(), 2u);
  EXPECT_EQ(maps[0].url_prefix, "s3://b/deeper/");
  EXPECT_EQ(maps[1].local_path, "/three");
  EXPECT_TRUE(catalog->remove_location_map("s3://b/"));
  EXPECT_FALSE(catalog->remove_location_map("s3://b/"));
  EXPECT_EQ(catalog->location_maps().size(), 1u);
}

TEST_F(CatalogTest, PreparedStatementsAreFoundInAnyCase) {
  const auto catalog = open();
  catalog->add_prepared_statement("Find", "SELECT ?");
  catalog->add_prepared_statement("other", "SELECT 2");
  catalog->add_prepared_statement("FIND", "SELECT ?, 1");
  EXPECT_EQ(open()->find_prepared_statement("find"), "SELECT ?, 1");
  EXPECT_EQ(catalog->prepared_statement_names(), (std::vector<std::string>{"find", "other"}));
  EXPECT_TRUE(catalog->remove_prepared_statement("fInd"));
  EXPECT_FALSE(catalog->remove_prepared_statement("find"));
  EXPECT_EQ(catalog->find_prepared_statement("find"), std::nullopt);
}

TEST_F(CatalogTest, OlderFilesAreBroughtUpToDate) {
  open()->add_location_map({"s3://b/", "/one"});
  for (const char* step :
       {"DROP TABLE prepared_statements", "DROP TABLE partitions", "DROP TABLE trail_locations",
        "DROP TABLE field_comments", "DROP TABLE bucket_columns", "DROP TABLE folders",
        "DROP TABLE moves", "DROP TABLE dropped_folders", "DROP TABLE listings",
        "ALTER TABLE tables DROP COLUMN is_managed", "ALTER TABLE tables DROP COLUMN num_buckets",
        "ALTER TABLE tables DROP COLUMN view_database"})
    sqlite(step);
  sqlite("PRAGMA user_version = 1");
  EXPECT_EQ(open()->location_maps().size(), 1u);
  EXPECT_TRUE(open()->prepared_statement_names().empty());
  EXPECT_TRUE(open()->partitions("default", "t").empty());
  EXPECT_TRUE(open()->trails().empty());
  EXPECT_EQ(sqlite("PRAGMA user_version"), std::to_string(kCatalogVersion));
}

TEST_F(CatalogTest, PartitionsBelongToTheirTable) {
  const auto catalog = open();
  catalog->create_table(sample_table(), false);
  EXPECT_EQ(catalog->add_partitions("default", "MY_TABLE", {{"p=2", {}}, {"p=1", "/x/"}}, false),
            2u);
  EXPECT_EQ(catalog->add_partitions("default", "my_table", {{"p=2", {}}, {"p=3", {}}}, true), 1u);
  EXPECT_EQ(failure_of([&] {
              catalog->add_partitions("default", "my_table", {{"p=4", {}}, {"p=1", {}}}, false);
            }),
            "ALREADY_EXISTS: Partition already exists: p=1");
  catalog->alter_table("default", "my_table", [](CatalogTable& table) { table.location = "/y/"; });
  std::string names;
  for (const CatalogPartition& partition : catalog->partitions("default", "my_table"))
    names += partition.name + "@" + partition.location.value_or("") + " ";
  EXPECT_EQ(names, "p=1@/x/ p=2@ p=3@ ");
  catalog->replace_partition("default", "my_table", "p=3", {"p=5", "/y/"});
  EXPECT_EQ(failure_of([&] {
              catalog->replace_partition("default", "my_table", "p=5", {"p=1", {}});
            }),
            "ALREADY_EXISTS: Partition already exists: p=1");
  EXPECT_EQ(catalog->drop_partitions("default", "my_table", {"p=1", "p=9"}), 1u);
  catalog->drop_table("default", "my_table", TableKind::kExternal, false);
  EXPECT_TRUE(catalog->partitions("default", "my_table").empty());
}

TEST_F(CatalogTest, ManagedTablesComeWithTheirFiles) {
  const auto catalog = open();
  CatalogTable table = sample_table();
  table.is_managed = true;
  table.location = "/warehouse/t/";
  EXPECT_TRUE(catalog->create_table(table, false, {{"p=1", std::nullopt}}, {{"/a", "/b"}}));
  EXPECT_TRUE(catalog->find_table(table.database, table.name)->is_managed);
  ASSERT_EQ(catalog->partitions(table.database, table.name).size(), 1U);
  EXPECT_FALSE(catalog->create_table(table, true, {}, {{"/never", "/c"}}));
  ASSERT_EQ(catalog->moves().size(), 1U);
  EXPECT_EQ(catalog->moves()[0].target, "/b");
  catalog->forget_moves(catalog->moves());
  EXPECT_TRUE(catalog->moves().empty());
  EXPECT_TRUE(catalog->dropped_folders().empty());
  catalog->drop_table(table.database, table.name, TableKind::kExternal, false);
  EXPECT_EQ(catalog->dropped_folders(), std::vector<std::string>{"/warehouse/t/"});
  catalog->forget_dropped_folder("/warehouse/t/");
  EXPECT_TRUE(catalog->dropped_folders().empty());
}

TEST_F(CatalogTest, FilesGoIntoTheTableThatWasReadOnly) {
  const auto catalog = open();
  catalog->create_table(sample_table(), false);
  const auto table = catalog->find_table("default", sample_table().name);
  catalog->insert_files(*table, {{"p=1", std::nullopt}}, {{"/a", "/b"}});
  EXPECT_EQ(catalog->partitions("default", table->name).size(), 1U);
  catalog->drop_table("default", table->name, TableKind::kExternal, false);
  CatalogTable another = sample_table();
  another.created_at_ms = table->created_at_ms + 1;
  catalog->create_table(another, false);
  EXPECT_EQ(failure_of([&] {
              catalog->insert_files(*table, {}, {{"/c", "/d"}});
            }).substr(0, 15),
            "TABLE_NOT_FOUND");
  EXPECT_EQ(catalog->moves().size(), 1U);
}

TEST_F(CatalogTest, TheFirstUseOfAFolderStays) {
  const auto catalog = open();
  catalog->add_folders({"/logs"}, FolderUse::kReadAsLogs);
  catalog->add_folders({"/logs", "/b", "/a"}, FolderUse::kWritten);
  EXPECT_EQ(catalog->folders(FolderUse::kReadAsLogs), std::vector<std::string>{"/logs"});
  EXPECT_EQ(catalog->folders(FolderUse::kWritten), (std::vector<std::string>{"/a", "/b"}));
}

TEST_F(CatalogTest, FailedWritesLeaveNothing) {
  const auto catalog = open();
  CatalogTable table = sample_table();
  table.columns.push_back({"f", Type::function({}, TypeKind::kBigint), std::nullopt});
  EXPECT_EQ(failure_of([&] { catalog->create_table(table, false); }),
            "NOT_SUPPORTED: Type function(bigint) cannot be kept in the catalog");
  EXPECT_TRUE(catalog->table_names("default").empty());
  EXPECT_TRUE(catalog->create_table(sample_table(), false));
}

TEST_F(CatalogTest, OneCatalogSeesWhatAnotherWrites) {
  const auto reader = open();
  const auto writer = open();
  EXPECT_EQ(reader->find_table("default", "my_table"), nullptr);
  writer->create_table(sample_table(), false);
  EXPECT_NE(reader->find_table("default", "my_table"), nullptr);
}

TEST_F(CatalogTest, NewerFilesAreRefused) {
  open();
  sqlite("PRAGMA user_version = 70");
  EXPECT_EQ(failure_of([&] { open(); }),
            "HIVE_METASTORE_ERROR: Cannot use the catalog " + path_ +
                ": it was written by a newer program (its version is 70, this program knows " +
                std::to_string(kCatalogVersion) +
                "); update trailsql, or choose another folder with TRAILSQL_HOME");
}

TEST_F(CatalogTest, OtherFilesAreRefused) {
  fs::create_directories(fs::path(path_).parent_path());
  sqlite("CREATE TABLE songs (title)");
  EXPECT_EQ(failure_of([&] { open(); }), "HIVE_METASTORE_ERROR: Cannot use the catalog " + path_ +
                                             ": it is a database of another program");
  EXPECT_EQ(sqlite("SELECT name FROM sqlite_schema"), "songs");
  EXPECT_EQ(sqlite("PRAGMA journal_mode"), "delete");
}

TEST_F(CatalogTest, CorruptFilesAreRefused) {
  fs::create_directories(fs::path(path_).parent_path());
  std::ofstream(path_) << std::string(10'000, 'x');
  EXPECT_EQ(failure_of([&] { open(); }), "HIVE_METASTORE_ERROR: Cannot use the catalog " + path_ +
                                             ": the file is not a catalog");
}

TEST_F(CatalogTest, DamagedPagesAreErrorsAndNoCrash) {
  {
    const auto catalog = open();
    CatalogTable table = sample_table();
    for (int i = 0; i < 50; ++i) {
      table.name = "t" + std::to_string(i);
      catalog->create_table(table, false);
    }
  }
  sqlite("PRAGMA wal_checkpoint(TRUNCATE)");
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(static_cast<size_t>(fs::file_size(path_)) - 4096, '\x5a');
  }
  const std::string failure = failure_of([&] {
    const auto catalog = open();
    for (const std::string& name : catalog->table_names("default")) {
      catalog->find_table("default", name);
    }
  });
  EXPECT_TRUE(failure.starts_with("HIVE_METASTORE_ERROR: Cannot use the catalog " + path_))
      << failure;
}

TEST_F(CatalogTest, UnreadableTypesNameTheColumn) {
  open()->create_table(sample_table(), false);
  sqlite("UPDATE columns SET type = 'nonsense' WHERE name = 'amount'");
  EXPECT_EQ(failure_of([&] { open()->find_table("default", "my_table"); }),
            "HIVE_METASTORE_ERROR: Cannot use the catalog " + path_ +
                ": the type of column amount is unreadable: Unknown type: nonsense");
}

TEST_F(CatalogTest, FoldersThatCannotBeMadeAreNamed) {
  std::ofstream(folder_ / "file") << "x";
  path_ = (folder_ / "file" / "catalog.db").string();
  EXPECT_TRUE(failure_of([&] { open(); })
                  .starts_with("HIVE_METASTORE_ERROR: Cannot use the catalog " + path_ +
                               ": cannot make its folder: "));
}

TEST_F(CatalogTest, ReadOnlyFoldersAreNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write to every folder";
  const fs::path folder = folder_ / "locked";
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  path_ = (folder / "catalog.db").string();
  EXPECT_TRUE(failure_of([&] {
                open();
              }).starts_with("HIVE_METASTORE_ERROR: Cannot use the catalog " + path_));
  fs::permissions(folder, fs::perms::owner_all);
}

}  // namespace
}  // namespace trailsql
