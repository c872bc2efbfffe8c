// DESCRIBE and SHOW COLUMNS: columns for eyes, or the lines that Athena's results hold.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/metadata.h"
#include "service/query_service.h"
#include "syntax/node.h"

namespace trailsql {

enum class DescribeDetail : uint8_t { kColumns, kExtended, kFormatted };

/// What is told of a partition that its table does not say.
struct DescribedPartition {
  std::vector<std::string> values;
  std::string location;
};

/// Lists the columns of a table or view, of a table its partition columns once more, then what
/// `detail` asks for; of one partition of it, if there is one. In ListingForm::kLines a table's
/// texts are padded to 20 characters and joined by tabs; a view's are not padded. Source: measured
/// on Athena, and Hive's MetaDataFormatUtils.
std::unique_ptr<QueryRun> describe_table(const CatalogTable& table,
                                         const std::optional<DescribedPartition>& partition,
                                         DescribeDetail detail, ListingForm form);

/// Describes a column, or what is in it: `path` is the column, then fields, `$elem$`, `$key$`,
/// `$value$`. A struct is listed field by field. Throws COLUMN_NOT_FOUND in Hive's words.
std::unique_ptr<QueryRun> describe_column(const CatalogTable& table,
                                          const std::vector<Identifier>& path, ListingForm form);

/// Lists the names of all columns; of a view what DESCRIBE does, as Athena.
std::unique_ptr<QueryRun> show_columns(const CatalogTable& table, ListingForm form);

}  // namespace trailsql
