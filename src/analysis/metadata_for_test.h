// A catalog in memory, for tests of analysis and plan.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/metadata.h"

namespace trailsql {

/// Holds one database, `default`, with the tables that a test adds.
class MetadataForTest : public Metadata {
 public:
  /// Adds a table; each column is a name and a type in either spelling.
  void add_table(const std::string& name,
                 const std::vector<std::pair<std::string, std::string>>& columns,
                 const std::string& serde_class = "org.openx.data.jsonserde.JsonSerDe") {
    auto table = std::make_shared<CatalogTable>();
    table->database = "default";
    table->name = name;
    table->serde_class = serde_class;
    table->location = "s3://bucket/" + name + "/";
    for (const auto& [column, type] : columns)
      table->columns.push_back({column, parse_type(type), std::nullopt});
    tables_[name] = std::move(table);
  }
  void add_view(const std::string& name, const std::string& text,
                const std::vector<std::string>& columns) {
    auto view = std::make_shared<CatalogTable>();
    view->database = "default";
    view->name = name;
    view->kind = TableKind::kView;
    view->view_text = text;
    for (const std::string& column : columns)
      view->columns.push_back({column, Type::varchar(), std::nullopt});
    tables_[name] = std::move(view);
  }

  std::shared_ptr<const CatalogTable> find_table(std::string_view database,
                                                 std::string_view name) const override {
    const auto found = tables_.find(std::string(name));
    return database == "default" && found != tables_.end() ? found->second : nullptr;
  }
  std::optional<CatalogDatabase> find_database(std::string_view name) const override {
    if (name != "default") return std::nullopt;
    return CatalogDatabase{"default", std::nullopt, std::nullopt, {}};
  }
  std::vector<std::string> table_names(std::string_view) const override {
    std::vector<std::string> names;
    for (const auto& [name, table] : tables_) names.push_back(name);
    return names;
  }
  std::vector<std::string> database_names() const override { return {"default"}; }

 private:
  std::map<std::string, std::shared_ptr<const CatalogTable>> tables_;
};

}  // namespace trailsql
