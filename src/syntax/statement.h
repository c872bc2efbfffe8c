// Statements: a query, or something that is done to the catalog. DDL is Hive's, as in Athena.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "syntax/query.h"

namespace trailsql {

/// Keys and values of SERDEPROPERTIES, TBLPROPERTIES, DBPROPERTIES, in the order written.
using Properties = std::vector<std::pair<std::string, std::string>>;

struct ColumnDefinition {
  Identifier name;
  TypeName type;
  std::optional<std::string> comment;
};

/// ROW FORMAT DELIMITED: characters as written, unescaped.
struct DelimitedFormat {
  std::optional<std::string> fields_terminated_by;
  std::optional<std::string> escaped_by;
  std::optional<std::string> collection_items_terminated_by;
  std::optional<std::string> map_keys_terminated_by;
  std::optional<std::string> lines_terminated_by;
  std::optional<std::string> null_defined_as;
};
struct SerDeFormat {
  std::string class_name;  // empty: that of the file format, with these properties
  Properties properties;
};
using RowFormat = std::variant<DelimitedFormat, SerDeFormat>;

/// CREATE EXTERNAL TABLE.
struct CreateTable {
  bool external = false;
  bool if_not_exists = false;
  QualifiedName name;
  std::vector<ColumnDefinition> columns;
  std::optional<std::string> comment;
  std::vector<ColumnDefinition> partitioned_by;
  std::vector<Identifier> clustered_by;
  uint32_t num_buckets = 0;
  std::optional<RowFormat> row_format;
  std::optional<std::string> stored_as;  // TEXTFILE, PARQUET, … upper case
  std::optional<std::string> input_format;
  std::optional<std::string> output_format;
  std::optional<std::string> location;
  Properties table_properties;
};
/// Names of databases are `d` or `catalog.d`.
struct CreateDatabase {
  bool if_not_exists = false;
  QualifiedName name;
  std::optional<std::string> comment;
  std::optional<std::string> location;
  Properties properties;
};
struct DropDatabase {
  bool if_exists = false;
  QualifiedName name;
  bool cascade = false;
};
/// ALTER DATABASE … SET DBPROPERTIES.
struct AlterDatabase {
  QualifiedName name;
  Properties properties;
};
/// One condition of PARTITION (…): a column and a text. Only DROP PARTITION compares otherwise than
/// by =.
struct PartitionCondition {
  Identifier column;
  std::string op = "=";  // =, <>, <, <=, >, >=
  std::string value;     // of strings decoded, of numbers as written
};
/// PARTITION (column = value, …).
struct PartitionSpec {
  Location location;
  std::vector<PartitionCondition> conditions;
};

/// ALTER TABLE: one change of what the table says of its files.
struct AlterTable {
  struct AddColumns {
    std::vector<ColumnDefinition> columns;
  };
  struct ReplaceColumns {
    std::vector<ColumnDefinition> columns;
  };
  struct SetLocation {
    std::string location;
  };
  struct SetProperties {
    Properties properties;
  };
  struct AddPartitions {
    struct Partition {
      PartitionSpec spec;
      std::optional<std::string> location;
    };
    bool if_not_exists = false;
    std::vector<Partition> partitions;
  };
  struct DropPartitions {
    bool if_exists = false;
    std::vector<PartitionSpec> specs;
  };
  struct RenamePartition {
    PartitionSpec from;
    PartitionSpec to;
  };
  struct SetPartitionLocation {
    PartitionSpec spec;
    std::string location;
  };
  struct AddPartitionColumns {
    PartitionSpec spec;
    std::vector<ColumnDefinition> columns;
  };
  using Change = std::variant<AddColumns, ReplaceColumns, SetLocation, SetProperties>;
  using PartitionChange = std::variant<AddPartitions, DropPartitions, RenamePartition,
                                       SetPartitionLocation, AddPartitionColumns>;
  QualifiedName name;
  std::variant<Change, PartitionChange> change;
};
/// MSCK REPAIR TABLE: partitions are found by the names of their folders.
struct RepairTable {
  QualifiedName name;
};
struct DropTable {
  bool if_exists = false;
  QualifiedName name;
};
struct CreateView {
  bool or_replace = false;
  QualifiedName name;
  std::optional<std::string> comment;
  QueryPtr query;
  std::string query_text;  // the text after AS, as written
};
struct DropView {
  bool if_exists = false;
  QualifiedName name;
};
struct ShowDatabases {
  std::optional<std::string> pattern;
};
struct ShowTables {
  std::optional<QualifiedName> database;
  std::optional<std::string> pattern;
};
struct ShowViews {
  std::optional<QualifiedName> database;
  std::optional<std::string> pattern;
};
struct ShowColumns {
  QualifiedName table;
};
struct ShowCreateTable {
  QualifiedName table;
};
struct ShowCreateView {
  QualifiedName view;
};
struct ShowTableProperties {
  QualifiedName table;
  std::optional<std::string> key;
};
struct ShowPartitions {
  QualifiedName table;
};
struct ShowFunctions {
  std::optional<std::string> pattern;
};
struct Describe {
  bool extended = false;
  bool formatted = false;
  QualifiedName table;
  std::optional<PartitionSpec> partition;
  std::vector<Identifier> column_path;  // column, then fields, $elem$, $key$, $value$; or empty
};

struct QueryStatement {
  QueryPtr query;
};
/// One `name = value` of WITH (…) behind CREATE TABLE … AS and UNLOAD.
struct WriteProperty {
  Identifier name;
  ExpressionPtr value;  // null: DEFAULT
};
struct CreateTableAs {
  bool if_not_exists = false;
  QualifiedName name;
  std::vector<Identifier> columns;  // new names for the query's columns; may be empty
  Location columns_location;
  std::optional<std::string> comment;
  std::vector<WriteProperty> properties;
  QueryPtr query;
  bool with_data = true;
};
struct Insert {
  QualifiedName name;
  std::vector<Identifier> columns;  // empty: all, in their order
  QueryPtr query;
};
/// UNLOAD (query) TO 'location' WITH (…): Athena's, in no grammar of Trino.
struct Unload {
  QueryPtr query;
  std::string location;
  Location location_place;  // where the text of `location` stands
  std::vector<WriteProperty> properties;
};
struct Explain {
  bool analyze = false;
  bool verbose = false;
  Properties options;  // FORMAT → TEXT, TYPE → LOGICAL
  std::unique_ptr<const struct Statement> statement;
};
struct Prepare {
  Identifier name;
  std::unique_ptr<const struct Statement> statement;
  std::string statement_text;
};
/// EXECUTE name, or EXECUTE IMMEDIATE 'statement'.
struct Execute {
  Identifier name;                            // empty with a text
  std::optional<std::string> statement_text;  // decoded
  Location text_location;                     // of what is inside its quotes
  std::vector<ExpressionPtr> parameters;
};
struct Deallocate {
  Identifier name;
};

/// Holds one parsed statement of any form.
struct Statement {
  using Node =
      std::variant<QueryStatement, CreateTable, CreateDatabase, AlterDatabase, AlterTable,
                   RepairTable, DropDatabase, DropTable, CreateView, DropView, ShowDatabases,
                   ShowTables, ShowViews, ShowColumns, ShowCreateTable, ShowCreateView,
                   ShowTableProperties, ShowPartitions, ShowFunctions, Describe, Explain, Prepare,
                   Execute, Deallocate, CreateTableAs, Insert, Unload>;
  Location location;
  Node node;
  uint32_t num_nodes = 0;       // ids of all nodes below are in [first id, first id + num_nodes)
  uint32_t num_parameters = 0;  // how many `?`
};

}  // namespace trailsql
