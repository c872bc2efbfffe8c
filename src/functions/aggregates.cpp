#include "functions/families.h"
namespace trailsql {
namespace {
constexpr FunctionEntry kEntries[] = {
    {.name = "count",
     .signature = "() -> bigint",
     .lowering = "count({distinct}*{order}){tail}",
     .doc = "Counts rows.",
     .kind = FunctionKind::kAggregate},
    {.name = "count",
     .signature = "(T) -> bigint",
     .lowering = "count({distinct}{0}{order}){tail}",
     .doc = "Counts values that are not NULL.",
     .kind = FunctionKind::kAggregate},
};
}  // namespace
std::span<const FunctionEntry> aggregate_functions() { return kEntries; }
std::span<const FunctionEntry> window_functions() { return {}; }
std::span<const FunctionEntry> date_operators() { return {}; }
std::span<const FunctionEntry> string_functions() { return {}; }
}  // namespace trailsql
