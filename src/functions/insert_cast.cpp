#include "functions/insert_cast.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "functions/typed_kernel.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

bool has_length(const Type& type) {
  return type.is(TypeKind::kChar) || (type.is(TypeKind::kVarchar) && !type.is_unbounded_varchar());
}

bool has_nested_length(const Type& type) {
  return std::any_of(type.fields().begin(), type.fields().end(), [](const RowField& field) {
    return has_length(field.type) || has_nested_length(field.type);
  });
}

// Refuses text that CAST would cut.
KernelPtr make_length_check(const Type& from, const Type& to) {
  Kernel kernel;
  const Type types[] = {from, to};
  kernel.sql_name = kernel_name("insert_text", types);
  kernel.argument_types = {from};
  kernel.result_type = from;
  kernel.run = [from, to](const KernelCall& call) {
    for_each_row(call, [&](size_t row) {
      const std::string_view text = call.arguments[0]->string_at(row);
      const std::string_view kept = text.substr(0, text.find_last_not_of(' ') + 1);
      if (num_code_points(kept) > to.length()) {
        throw QueryError(ErrorCode::kInvalidCastArgument,
                         fmt::format("Cannot truncate non-space characters when casting from {} to "
                                     "{} on INSERT",
                                     from.display(), to.display()));
      }
      call.result.append_string(text);
    });
  };
  return std::make_shared<const Kernel>(std::move(kernel));
}

}  // namespace

bool can_insert(const Type& from, const Type& to) {
  if (has_nested_length(to)) return can_coerce(from, to);
  return common_super_type(from, to).has_value() && can_cast(from, to);
}

std::string lower_insert_cast(const std::string& expression, const Type& from, const Type& to,
                              KernelUses& kernels) {
  std::string value = expression;
  if (from.is_text() && has_length(to) && !(has_length(from) && from.length() <= to.length())) {
    const KernelPtr check = make_length_check(from, to);
    kernels.add(check);
    value = fmt::format("{}({})", check->sql_name, value);
  }
  return lower_cast(value, from, to, false, kernels);
}

}  // namespace trailsql
