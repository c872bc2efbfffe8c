#include "types/hive_text.h"

#include "types/value_text.h"

namespace trailsql {

void drop_trailing_zeros(std::string& out, size_t begin) {
  if (out.find('.', begin) == std::string::npos) return;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
}

void append_hive_text(std::string& out, const Column& column, size_t row) {
  if (column.is_null(row)) return;
  const size_t begin = out.size();
  append_text(out, column, row);
  if (column.type().is(TypeKind::kTimestamp)) drop_trailing_zeros(out, begin);
}

}  // namespace trailsql
