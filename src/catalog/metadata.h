// What analysis reads of the catalog: databases, tables, views. Snapshots: nothing changes under a
// running analysis.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/type.h"

namespace trailsql {

/// Keys and values in the order written; a key may stand twice.
using CatalogProperties = std::vector<std::pair<std::string, std::string>>;

struct CatalogColumn {
  std::string name;  // lower case
  Type type;
  std::optional<std::string> comment;
  /// Comments of struct fields, in order, by the path that DESCRIBE has for them: in column `a`
  /// `b.$elem$.c`.
  CatalogProperties field_comments = {};
};

enum class TableKind : uint8_t { kExternal, kView };

/// Describes one table or view as it was created.
struct CatalogTable {
  std::string database;  // lower case
  std::string name;      // lower case
  TableKind kind = TableKind::kExternal;
  std::vector<CatalogColumn> columns;
  std::vector<CatalogColumn> partition_columns;
  std::vector<std::string> bucket_columns;  // of CLUSTERED BY, lower case
  uint32_t num_buckets = 0;
  std::optional<std::string> comment;
  std::string serde_class;             // empty: the format's default
  CatalogProperties serde_properties;  // as written
  std::string stored_as;               // TEXTFILE when nothing was said
  std::string input_format;
  std::string output_format;
  std::string location;  // as written
  CatalogProperties table_properties;
  std::string view_text;      // of views: the query as written
  std::string view_database;  // of views: that of unqualified names in it; empty: `database`
  bool is_managed = false;    // its files are in the home folder, and go when it is dropped
  std::string partitions_of;  // of "t$partitions": t; its rows are the values of t's partitions
  int64_t created_at_ms = 0;  // since the epoch, UTC; of a new table 0: now
  int64_t id = 0;             // of its row; a later table may have that of a dropped one
};

/// One partition of a table, as ADD PARTITION or MSCK REPAIR TABLE made it known.
struct CatalogPartition {
  std::string name;  // as Hive spells it: "region=us-east-1/day=10" (partition_name.h)
  std::optional<std::string> location;  // as written; none: below the table's, by its name
};

struct CatalogDatabase {
  std::string name;
  std::optional<std::string> comment;
  std::optional<std::string> location;
  CatalogProperties properties;
};

/// Gives properties their new values in place, and appends those that are not there yet.
void set_properties(CatalogProperties& properties, const CatalogProperties& changes);

/// Returns the value of a property, whose key is compared without case; null when it is not set. Of
/// a key that stands twice the last one counts.
const std::string* find_property(const CatalogProperties& properties, std::string_view key);

/// Reads the catalog. Names are looked up in lower case. Safe from one thread at a time.
class Metadata {
 public:
  virtual ~Metadata() = default;
  virtual std::shared_ptr<const CatalogTable> find_table(std::string_view database,
                                                         std::string_view name) const = 0;
  /// Finds a table of the trail that --logs makes for one run; null when there is none.
  virtual std::shared_ptr<const CatalogTable> find_session_table(std::string_view) const {
    return nullptr;
  }
  virtual std::optional<CatalogDatabase> find_database(std::string_view name) const = 0;
  virtual std::vector<std::string> table_names(
      std::string_view database) const = 0;                     // tables and views, sorted
  virtual std::vector<std::string> database_names() const = 0;  // sorted
};

}  // namespace trailsql
