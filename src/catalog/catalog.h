// The catalog: one SQLite file that several processes may use at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/metadata.h"
#include "catalog/trail_tables.h"

namespace trailsql {

/// Says that URLs beginning with `url_prefix` lie on disk below `local_path`.
struct LocationMap {
  std::string url_prefix;  // s3://bucket/ or s3://bucket/prefix/, with the final slash
  std::string local_path;  // absolute
};

/// What this program does with a folder of this machine, or with a prefix of a bucket.
enum class FolderUse : uint8_t {
  kReadAsLogs,  // so nothing is ever written there
  kWritten,     // by CREATE TABLE … AS, INSERT and UNLOAD
};

/// A file or folder that a statement wrote, and the place that it is renamed to. What the catalog
/// has such moves of is written for good: whoever comes next finishes them.
struct FileMove {
  std::string source;  // absolute
  std::string target;  // absolute
};

/// Reads and writes the catalog. The database information_schema (information_schema.h) can be read
/// like the others; it is not among their names, and nothing can be made in it. Every call is one
/// transaction: it either happened, durably, or did not. One object per thread; processes and
/// threads wait for each other up to kBusyTimeoutMs. Every call throws HIVE_METASTORE_ERROR when
/// the file cannot be read or written, naming it.
class Catalog : public Metadata {
 public:
  static constexpr int kBusyTimeoutMs = 30'000;
  static constexpr std::string_view kDefaultDatabase = "default";
  static constexpr std::string_view kCatalogName = "awsdatacatalog";
  static constexpr std::string_view kInformationSchema = "information_schema";

  /// Opens or creates `path`, with the database `default` in a new one. A file of a newer program
  /// is refused with a clear error.
  static std::unique_ptr<Catalog> open(const std::string& path);

  /// Throws SCHEMA_ALREADY_EXISTS; returns false when it exists and `if_not_exists`.
  virtual bool create_database(const CatalogDatabase& database, bool if_not_exists) = 0;
  /// Throws SCHEMA_NOT_FOUND, SCHEMA_NOT_EMPTY (unless `cascade`); returns false when it is absent
  /// and `if_exists`.
  virtual bool drop_database(std::string_view name, bool if_exists, bool cascade) = 0;
  /// Sets properties: those that are there get new values, others are added. Throws
  /// SCHEMA_NOT_FOUND.
  virtual void set_database_properties(std::string_view name,
                                       const CatalogProperties& properties) = 0;
  /// Throws SCHEMA_NOT_FOUND, TABLE_ALREADY_EXISTS; returns false when it exists and
  /// `if_not_exists`. A table that was written with its rows comes with its partitions and the
  /// moves of its files.
  virtual bool create_table(const CatalogTable& table, bool if_not_exists,
                            const std::vector<CatalogPartition>& partitions = {},
                            const std::vector<FileMove>& moves = {}) = 0;
  /// Adds what INSERT wrote to a table that find_table returned: partitions that are not there yet,
  /// and moves of its files. Throws TABLE_NOT_FOUND when it was dropped, or made anew, meanwhile.
  virtual void insert_files(const CatalogTable& table,
                            const std::vector<CatalogPartition>& partitions,
                            const std::vector<FileMove>& moves) = 0;
  /// Moves that are not known to be finished.
  virtual std::vector<FileMove> moves() const = 0;
  virtual void forget_moves(const std::vector<FileMove>& moves) = 0;
  /// Folders of managed tables that were dropped, whose files are to be removed.
  virtual std::vector<std::string> dropped_folders() const = 0;
  virtual void forget_dropped_folder(const std::string& path) = 0;
  /// Reads a table, lets `change` alter all but its names and its kind, and writes it back. Throws
  /// TABLE_NOT_FOUND, GENERIC_USER_ERROR for a view, and what `change` throws.
  virtual void alter_table(std::string_view database, std::string_view name,
                           const std::function<void(CatalogTable&)>& change) = 0;
  /// Creates or, with `or_replace`, replaces a view; a table of that name is never replaced
  /// (TABLE_ALREADY_EXISTS).
  virtual void create_view(const CatalogTable& view, bool or_replace) = 0;
  /// Throws TABLE_NOT_FOUND (of a view GENERIC_USER_ERROR, as Trino), or GENERIC_USER_ERROR when
  /// the kind is another; returns false when absent and `if_exists`.
  virtual bool drop_table(std::string_view database, std::string_view name, TableKind kind,
                          bool if_exists) = 0;

  /// Partitions of a table, sorted by name; none of a table that does not exist.
  virtual std::vector<CatalogPartition> partitions(std::string_view database,
                                                   std::string_view table) const = 0;
  /// Adds partitions and returns the number of new ones. Throws TABLE_NOT_FOUND, and ALREADY_EXISTS
  /// for one that is there, unless `if_not_exists`.
  virtual size_t add_partitions(std::string_view database, std::string_view table,
                                const std::vector<CatalogPartition>& partitions,
                                bool if_not_exists) = 0;
  /// Forgets the partitions of these names and returns how many there were. Throws TABLE_NOT_FOUND.
  virtual size_t drop_partitions(std::string_view database, std::string_view table,
                                 const std::vector<std::string>& names) = 0;
  /// Puts another partition in the place of one, at once. Throws TABLE_NOT_FOUND, NOT_FOUND when
  /// there is none of that name (any more), and ALREADY_EXISTS when a third has the new name.
  virtual void replace_partition(std::string_view database, std::string_view table,
                                 const std::string& name, const CatalogPartition& now) = 0;

  /// Remembered location maps, longest prefix first. `add` replaces an equal prefix; `remove`
  /// returns whether there was one.
  virtual std::vector<LocationMap> location_maps() const = 0;
  virtual void add_location_map(const LocationMap& map) = 0;
  virtual bool remove_location_map(std::string_view url_prefix) = 0;

  /// Folders by their use, as real absolute paths or s3:// URLs, without the final slash, sorted.
  /// The first use of a folder that is added stays.
  virtual std::vector<std::string> folders(FolderUse use) const = 0;
  virtual void add_folders(const std::vector<std::string>& paths, FolderUse use) = 0;

  /// Trails, sorted by name, and in each what was remembered of its locations. The ready-made
  /// tables of each stand in the database of its name; while there is one trail, they also stand in
  /// `default`, where no table of theirs is. Tables of the catalog's own come first.
  virtual std::vector<Trail> trails() const = 0;
  /// Makes the trail and its database, or adds locations and properties to one that is there.
  /// Throws SCHEMA_ALREADY_EXISTS when the database is none of a trail.
  virtual void add_trail(const Trail& trail) = 0;
  /// Forgets the trail with its database; returns whether there was one. Throws SCHEMA_NOT_EMPTY
  /// when somebody made tables or views in it.
  virtual bool remove_trail(std::string_view name) = 0;
  /// Lets a trail be there for this object alone: nothing is written. Its tables also stand in
  /// `default`, where no other table of theirs is.
  virtual void set_session_trail(Trail trail) = 0;
  virtual std::optional<Trail> session_trail() const = 0;

  /// Statements of PREPARE, by name in any case. `add` replaces one of that name; `remove` returns
  /// whether there was one; names are sorted.
  virtual std::optional<std::string> find_prepared_statement(std::string_view name) const = 0;
  virtual std::vector<std::string> prepared_statement_names() const = 0;
  virtual void add_prepared_statement(std::string_view name, std::string_view statement) = 0;
  virtual bool remove_prepared_statement(std::string_view name) = 0;
};

}  // namespace trailsql
