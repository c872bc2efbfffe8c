// Runs one query for the tests of this folder and keeps all of its rows.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace trailsql {

inline EngineOptions options_for_test() {
  EngineOptions options;
  options.database.num_threads = 2;
  options.temporary_directory =
      (std::filesystem::temp_directory_path() / "trailsql_engine_test").string();
  return options;
}

/// Returns all rows of a query in one column per column of the result.
inline std::vector<Column> run_for_test(EngineQuery query,
                                        const EngineOptions& options = options_for_test()) {
  const std::vector<Type> types = query.result_types;
  const Cancellation cancellation;
  auto stream = execute(std::move(query), options, cancellation);
  std::vector<Column> all;
  for (const Type& type : types) all.emplace_back(type);
  ColumnBatch batch;
  while (stream->next(batch)) {
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t row = 0; row < batch.num_rows; ++row) all[i].append_from(batch.columns[i], row);
    }
  }
  return all;
}

inline EngineQuery query_for_test(std::string sql, std::vector<Type> result_types) {
  EngineQuery query;
  query.sql = std::move(sql);
  query.result_types = std::move(result_types);
  return query;
}

/// Spells a value so that tests can compare nested ones: [1, NULL], {a: 1}, (x, y).
inline std::string value_for_test(const Column& column, size_t row) {
  if (column.is_null(row)) return "NULL";
  const auto list = [&](char open, char close) {
    std::string out(1, open);
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i != column.offset(row)) out += ", ";
      out += value_for_test(column.children()[0], i);
      if (column.children().size() == 2) out += ": " + value_for_test(column.children()[1], i);
    }
    return out + close;
  };
  switch (storage_of(column.type())) {
    case Storage::kNone: return "NULL";
    case Storage::kInt64: return std::to_string(column.int64_at(row));
    case Storage::kDouble: return std::to_string(column.double_at(row));
    case Storage::kInt128: return std::to_string(static_cast<int64_t>(column.int128_at(row)));
    case Storage::kString: return std::string(column.string_at(row));
    case Storage::kList: return column.type().is(TypeKind::kMap) ? list('{', '}') : list('[', ']');
    case Storage::kRow: {
      std::string out = "(";
      for (size_t i = 0; i < column.children().size(); ++i) {
        if (i != 0) out += ", ";
        out += value_for_test(column.children()[i], row);
      }
      return out + ")";
    }
  }
  return {};
}

}  // namespace trailsql
