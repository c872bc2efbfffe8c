#include "functions/cast.h"

#include <fmt/core.h>

#include "functions/caster.h"
#include "functions/typed_kernel.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

// Casts that never fail and that the engine does exactly as Trino: "{0}" is the expression. Empty
// when a kernel is needed.
std::string plain_template(const Type& from, const Type& to) {
  const bool exact_integer = from.is_integral() && to.is_integral() && from.kind() < to.kind();
  const bool widening = exact_integer || (from.is_integral() && to.is_floating()) ||
                        (from.is(TypeKind::kReal) && to.is(TypeKind::kDouble)) ||
                        (from.is(TypeKind::kBoolean) && to.is_integral());
  if (widening) return "CAST({0} AS " + engine_type_name(to) + ")";
  if (from.is(TypeKind::kDecimal) && to.is(TypeKind::kDecimal) && to.scale() >= from.scale() &&
      to.precision() - to.scale() >= from.precision() - from.scale())
    return "CAST({0} AS " + engine_type_name(to) + ")";
  if (from.is_integral() && to.is(TypeKind::kBoolean)) return "({0} <> 0)";
  constexpr uint32_t kMaxIntegerText = 20;
  if (to.is(TypeKind::kVarchar) && to.length() >= kMaxIntegerText &&
      (from.is_integral() || from.is(TypeKind::kBoolean)))
    return "CAST({0} AS VARCHAR)";
  if (from.is(TypeKind::kVarchar) && to.is(TypeKind::kVarchar))
    return fmt::format("substring({{0}}, 1, {})", to.length());
  if (from.is(TypeKind::kTimestamp) && to.is(TypeKind::kDate) && !from.has_picoseconds())
    return "CAST({0} AS DATE)";
  return {};
}

KernelPtr make_cast_kernel(const Type& from, const Type& to, bool safe, int64_t today) {
  auto kernel = std::make_shared<Kernel>();
  const std::vector<Type> types = {from, to};
  kernel->sql_name = kernel_name(safe ? "try_cast" : "cast", types);
  kernel->argument_types = {from};
  kernel->result_type = to;
  const Caster caster = make_caster(from, to, today);
  kernel->run = [caster, safe, to](const KernelCall& call) {
    const Column& source = *call.arguments[0];
    // A nested value that fails half way leaves parts behind, so it is built aside.
    Column aside(to);
    const bool builds_aside = safe && to.is_nested();
    CastProblem problem;
    for (size_t row = 0; row < call.num_rows; ++row) {
      Column& target = builds_aside ? aside : call.result;
      if (builds_aside) aside.clear();
      const bool done = append_cast(caster, source, row, target, problem);
      if (!done && !safe) throw QueryError(problem.code, problem.text);
      if (!done) call.result.append_null();
      if (done && builds_aside) call.result.append_from(aside, 0);
    }
  };
  return kernel;
}

bool never_fails(const Type& from, const Type& to) {
  if (from.is(TypeKind::kUnknown) || is_physically_equal(from, to)) return true;
  if (!plain_template(from, to).empty()) return true;
  if (to.is_text()) {
    const bool from_text = from.is_text();
    return from_text || (to.is_unbounded_varchar() && !from.is(TypeKind::kJson));
  }
  if (from.is_numeric() && to.is_floating()) return true;
  if (from.is_numeric() && to.is(TypeKind::kBoolean)) return true;
  const auto is_time = [](const Type& type) {
    return type.is(TypeKind::kDate) || type.is(TypeKind::kTime) ||
           type.is(TypeKind::kTimeWithTimeZone) || type.is(TypeKind::kTimestamp) ||
           type.is(TypeKind::kTimestampWithTimeZone);
  };
  // Times of day before 1970 (see cast_time_of_day.cpp) are the only ones that fail.
  if (is_time(from) && is_time(to))
    return !(from.is(TypeKind::kTimestamp) && to.is(TypeKind::kTime));
  return to.is(TypeKind::kJson) && !from.is(TypeKind::kVarbinary);
}

}  // namespace

bool can_cast(const Type& from, const Type& to) { return static_cast<bool>(make_caster(from, to)); }

bool cast_may_fail(const Type& from, const Type& to) {
  if (from.kind() == to.kind() && from.is_nested() && from.fields().size() == to.fields().size()) {
    if (from.is(TypeKind::kMap)) return !is_physically_equal(from, to);
    for (size_t i = 0; i < from.fields().size(); ++i) {
      if (cast_may_fail(from.fields()[i].type, to.fields()[i].type)) return true;
    }
    return false;
  }
  return !never_fails(from, to);
}

std::string lower_cast(const std::string& expression, const Type& from, const Type& to, bool safe,
                       KernelUses& kernels, int64_t today) {
  if (from.is(TypeKind::kUnknown) && !to.is(TypeKind::kUnknown))
    return "CAST(NULL AS " + engine_type_name(to) + ")";
  if (is_physically_equal(from, to)) return expression;
  std::string text = plain_template(from, to);
  if (!text.empty()) {
    constexpr std::string_view kPlace = "{0}";
    return text.replace(text.find(kPlace), kPlace.size(), expression);
  }
  KernelPtr kernel = make_cast_kernel(from, to, safe, today);
  text = fmt::format("{}({})", kernel->sql_name, expression);
  kernels.add(std::move(kernel));
  return text;
}

}  // namespace trailsql
