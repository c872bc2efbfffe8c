#include "functions/caster.h"

#include "functions/map_builder.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

Caster make_array_caster(const Type& from, const Type& to, int64_t today) {
  Caster element = make_caster(from.element(), to.element(), today);
  if (!element) return {};
  return [element = std::move(element)](const Column& column, size_t row, Column& result,
                                        CastProblem& problem) {
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (!append_cast(element, column.children()[0], i, result.children()[0], problem))
        return false;
    }
    result.append_list();
    return true;
  };
}

Caster make_map_caster(const Type& from, const Type& to, int64_t today) {
  Caster key = make_caster(from.key(), to.key(), today);
  Caster value = make_caster(from.value(), to.value(), today);
  if (!key || !value) return {};
  return [key = std::move(key), value = std::move(value)](const Column& column, size_t row,
                                                          Column& result, CastProblem& problem) {
    Column keys(result.type().key());
    Column values(result.type().value());
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (!append_cast(key, column.children()[0], i, keys, problem) ||
          !append_cast(value, column.children()[1], i, values, problem))
        return false;
    }
    return append_cast_map(keys, values, result, problem);
  };
}

Caster make_row_caster(const Type& from, const Type& to, int64_t today) {
  if (from.fields().size() != to.fields().size()) return {};
  std::vector<Caster> fields;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    fields.push_back(make_caster(from.fields()[i].type, to.fields()[i].type, today));
    if (!fields.back()) return {};
  }
  return [fields = std::move(fields)](const Column& column, size_t row, Column& result,
                                      CastProblem& problem) {
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!append_cast(fields[i], column.children()[i], row, result.children()[i], problem))
        return false;
    }
    result.append_row();
    return true;
  };
}

}  // namespace

bool fail_cast(CastProblem& problem, std::string text) {
  problem = {ErrorCode::kInvalidCastArgument, std::move(text)};
  return false;
}

bool append_cast_map(const Column& keys, const Column& values, Column& result,
                     CastProblem& problem) {
  const std::vector<size_t> places = sorted_keys(keys, 0, keys.size());
  if (places.size() < keys.size()) {
    problem = {ErrorCode::kInvalidCastArgument, "map key is null"};
    return false;
  }
  for (size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && values_identical(keys, places[i - 1], keys, places[i])) {
      problem = {ErrorCode::kInvalidCastArgument, "duplicate keys"};
      return false;
    }
    result.children()[0].append_from(keys, places[i]);
    result.children()[1].append_from(values, places[i]);
  }
  result.append_list();
  return true;
}

bool append_cast(const Caster& caster, const Column& from, size_t row, Column& result,
                 CastProblem& problem) {
  if (from.is_null(row)) {
    result.append_null();
    return true;
  }
  return caster(from, row, result, problem);
}

Caster make_nested_caster(const Type& from, const Type& to, int64_t today) {
  if (from.kind() != to.kind()) return {};
  switch (from.kind()) {
    case TypeKind::kArray: return make_array_caster(from, to, today);
    case TypeKind::kMap: return make_map_caster(from, to, today);
    case TypeKind::kRow: return make_row_caster(from, to, today);
    default: return {};
  }
}

Caster make_caster(const Type& from, const Type& to, int64_t today) {
  if (from.is(TypeKind::kUnknown)) {
    return [](const Column&, size_t, Column& result, CastProblem&) {
      result.append_null();
      return true;
    };
  }
  if (is_physically_equal(from, to)) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_from(column, row);
      return true;
    };
  }
  for (const auto make : {make_number_caster, make_text_caster, make_time_caster,
                          make_binary_caster, make_json_caster}) {
    if (Caster caster = make(from, to)) return caster;
  }
  if (Caster caster = make_time_of_day_caster(from, to, today)) return caster;
  return make_nested_caster(from, to, today);
}

}  // namespace trailsql
