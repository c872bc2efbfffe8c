#include "catalog/information_schema.h"

#include <array>
#include <optional>

#include "catalog/catalog.h"

namespace trailsql {
namespace {

constexpr std::string_view kSchema = Catalog::kInformationSchema;

CatalogTable make_table(std::string name, std::vector<std::string> columns) {
  CatalogTable table;
  table.database = kSchema;
  table.name = std::move(name);
  for (std::string& column : columns) {
    const Type type = column == "ordinal_position" ? TypeKind::kBigint : Type::varchar();
    table.columns.push_back({std::move(column), type, std::nullopt});
  }
  return table;
}

using TablePtr = std::shared_ptr<const CatalogTable>;

// Sorted by name.
const std::vector<TablePtr>& all_tables() {
  static const std::vector<TablePtr> kTables = [] {
    std::vector<TablePtr> tables;
    const auto add = [&](std::string name, std::vector<std::string> columns) {
      tables.push_back(
          std::make_shared<const CatalogTable>(make_table(std::move(name), std::move(columns))));
    };
    add("columns", {"table_catalog", "table_schema", "table_name", "column_name",
                    "ordinal_position", "column_default", "is_nullable", "data_type"});
    add("schemata", {"catalog_name", "schema_name"});
    add("tables", {"table_catalog", "table_schema", "table_name", "table_type"});
    add("views", {"table_catalog", "table_schema", "table_name", "view_definition"});
    return tables;
  }();
  return kTables;
}

/// Fills a batch row by row, from the first column to the last.
class RowWriter {
 public:
  explicit RowWriter(const CatalogTable& table) {
    for (const CatalogColumn& column : table.columns) batch_.columns.emplace_back(column.type);
  }
  RowWriter& text(std::string_view value) {
    next().append_string(value);
    return *this;
  }
  RowWriter& number(int64_t value) {
    next().append_int64(value);
    return *this;
  }
  RowWriter& null() {
    next().append_null();
    return *this;
  }
  void end_row() {
    column_ = 0;
    ++batch_.num_rows;
  }
  ColumnBatch take() { return std::move(batch_); }

 private:
  Column& next() { return batch_.columns[column_++]; }

  ColumnBatch batch_;
  size_t column_ = 0;
};

template <typename Visit>
void for_each_table(const Metadata& metadata, const Visit& visit) {
  const auto visit_database = [&](std::string_view database) {
    for (const std::string& name : metadata.table_names(database)) {
      // Another process may have dropped it just now. In `default` also stand tables of a trail,
      // which are told of in its own database.
      const TablePtr table = metadata.find_table(database, name);
      if (table && table->database == database) visit(*table);
    }
  };
  for (const std::string& database : metadata.database_names()) visit_database(database);
  visit_database(kSchema);
}

void add_columns(RowWriter& rows, const CatalogTable& table) {
  int64_t position = 0;
  for (const auto* columns : {&table.columns, &table.partition_columns}) {
    for (const CatalogColumn& column : *columns) {
      rows.text(Catalog::kCatalogName).text(table.database).text(table.name).text(column.name);
      rows.number(++position).null().text("YES").text(column.type.display());
      rows.end_row();
    }
  }
}

}  // namespace

bool is_in_information_schema(const CatalogTable& table) { return table.database == kSchema; }

TablePtr information_schema_table(std::string_view name) {
  for (const TablePtr& table : all_tables()) {
    if (table->name == name) return table;
  }
  return nullptr;
}

std::vector<std::string> information_schema_table_names() {
  std::vector<std::string> names;
  for (const TablePtr& table : all_tables()) names.push_back(table->name);
  return names;
}

ColumnBatch information_schema_rows(const Metadata& metadata, std::string_view name) {
  RowWriter rows(*information_schema_table(name));
  if (name == "schemata") {
    std::vector<std::string> databases = metadata.database_names();
    databases.emplace_back(kSchema);
    for (const std::string& database : databases) {
      rows.text(Catalog::kCatalogName).text(database).end_row();
    }
    return rows.take();
  }
  for_each_table(metadata, [&](const CatalogTable& table) {
    const bool is_view = table.kind == TableKind::kView;
    if (name == "columns") return add_columns(rows, table);
    if (name == "views" && !is_view) return;
    rows.text(Catalog::kCatalogName).text(table.database).text(table.name);
    rows.text(name == "views" ? table.view_text : is_view ? "VIEW" : "BASE TABLE").end_row();
  });
  return rows.take();
}

}  // namespace trailsql
