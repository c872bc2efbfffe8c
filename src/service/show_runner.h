// Statements that read the catalog: SHOW and DESCRIBE.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "catalog/catalog.h"
#include "service/describe_listing.h"
#include "service/query_service.h"
#include "syntax/statement.h"

namespace trailsql {

/// Answers one SHOW or DESCRIBE statement with a run of kind kListing. Column names are Athena's
/// (`tab_name`, `col_name`, …). All methods throw SCHEMA_NOT_FOUND and TABLE_NOT_FOUND in Hive's
/// words.
class ShowRunner {
 public:
  /// All three must outlive the runner.
  ShowRunner(const Catalog& catalog, const Session& session, const Statement& statement)
      : catalog_(catalog), session_(session), statement_(statement) {}

  std::unique_ptr<QueryRun> databases(const ShowDatabases& node) const;
  std::unique_ptr<QueryRun> tables(const ShowTables& node) const;
  std::unique_ptr<QueryRun> views(const ShowViews& node) const;
  std::unique_ptr<QueryRun> columns(const ShowColumns& node) const;
  std::unique_ptr<QueryRun> create_table(
      const ShowCreateTable& node, const LocationResolver& resolver,
      const std::function<std::shared_ptr<const FileStore>(const CatalogTable&)>& store_of,
      const Cancellation& cancellation) const;
  std::unique_ptr<QueryRun> create_view(const ShowCreateView& node) const;
  std::unique_ptr<QueryRun> table_properties(const ShowTableProperties& node) const;
  std::unique_ptr<QueryRun> functions(const ShowFunctions& node) const;
  /// Describes the partition given, when `node` names one.
  std::unique_ptr<QueryRun> describe(const Describe& node,
                                     const std::optional<DescribedPartition>& partition) const;

 private:
  std::shared_ptr<const CatalogTable> find(const QualifiedName& name) const;
  std::string database_of(const std::optional<QualifiedName>& name) const;

  const Catalog& catalog_;
  const Session& session_;
  const Statement& statement_;
};

}  // namespace trailsql
