// Statements that change the catalog: databases, external tables, views.
#pragma once

#include <memory>
#include <string>

#include "catalog/catalog.h"
#include "service/location_resolver.h"
#include "service/query_service.h"
#include "syntax/statement.h"

namespace trailsql {

/// Carries one DDL statement out. Every method returns a run of kind kChange with a message for
/// people, and throws the catalog's errors besides its own.
class DdlRunner {
 public:
  /// All three must outlive the runner; `database` is that of unqualified names.
  DdlRunner(Catalog& catalog, const std::string& database, const Statement& statement)
      : catalog_(catalog), database_(database), statement_(statement) {}

  /// Throws NOT_SUPPORTED without EXTERNAL, INVALID_TABLE_PROPERTY without a usable LOCATION,
  /// DUPLICATE_COLUMN_NAME, also for the fields of a struct. `resolver` only serves to say whether
  /// the location can be read.
  std::unique_ptr<QueryRun> create_table(const CreateTable& node,
                                         const LocationResolver& resolver) const;
  /// Changes what is not about partitions. Throws DUPLICATE_COLUMN_NAME, INVALID_TABLE_PROPERTY as
  /// create_table does.
  std::unique_ptr<QueryRun> alter_table(const AlterTable& node) const;
  std::unique_ptr<QueryRun> alter_database(const AlterDatabase& node) const;
  std::unique_ptr<QueryRun> create_database(const CreateDatabase& node) const;
  std::unique_ptr<QueryRun> drop_database(const DropDatabase& node) const;
  std::unique_ptr<QueryRun> drop_table(const DropTable& node) const;
  /// Analyses the query to know the view's columns. Throws its errors, MISSING_COLUMN_NAME,
  /// DUPLICATE_COLUMN_NAME.
  std::unique_ptr<QueryRun> create_view(const CreateView& node, int64_t now_us) const;
  std::unique_ptr<QueryRun> drop_view(const DropView& node) const;

 private:
  void check_table(const CreateTable& node) const;
  std::string checked_location(const std::string& location) const;
  std::unique_ptr<QueryRun> drop(const QualifiedName& written_name, TableKind kind,
                                 bool if_exists) const;

  Catalog& catalog_;
  const std::string& database_;
  const Statement& statement_;
};

}  // namespace trailsql
