// Checks that a query makes while it runs: offsets of window frames, and how deep a recursion goes.
#include <algorithm>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/operators.h"
#include "functions/typed_kernel.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

bool is_negative(const Column& column, size_t row, const Type& type) {
  if (type.is(TypeKind::kDecimal)) return column.int128_at(row) < 0;
  if (type.is_floating()) return column.double_at(row) < 0;
  return column.int64_at(row) < 0;
}

// Passes the offset of a frame on.
void check_frame_offset(const BoundFunction& bound, const KernelCall& call) {
  const Column& offsets = *call.arguments[0];
  for (size_t row = 0; row < call.num_rows; ++row) {
    if (offsets.is_null(row) || is_negative(offsets, row, bound.argument_types[0])) {
      throw QueryError(ErrorCode::kInvalidWindowFrame,
                       "Window frame offset value must not be negative or null");
    }
    call.result.append_from(offsets, row);
  }
}

// Turns the offset of a frame over dates into days.
int64_t frame_days(int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerDay != 0)
    fail_argument("Cannot subtract hour, minutes or seconds from a date");
  return milliseconds / kMillisecondsPerDay;
}

// Rows of a frame: what does not fit the engine's number is beyond every partition.
int64_t frame_rows(int128_t count) {
  return static_cast<int64_t>(std::min<int128_t>(count, INT64_MAX));
}

// Called for the rows of a step that must have none.
bool recursion_limit(int64_t) {
  throw QueryError(ErrorCode::kNotSupported,
                   "Recursion depth limit exceeded (10). Use 'max_recursion_depth' session "
                   "property to modify the limit.");
}

constexpr FunctionEntry kQueryChecks[] = {
    {.name = kFrameOffsetOperator,
     .signature = "(T) -> T",
     .doc = "Refuses an offset of a window's frame that is NULL or negative.",
     .may_fail = true,
     .called_on_null = true,
     .make_kernel = batch_kernel_of<check_frame_offset>},
    {.name = kFrameDaysOperator,
     .signature = "(interval day to second) -> bigint",
     .doc = "Returns the whole days of an offset of a window's frame.",
     .may_fail = true,
     .make_kernel = kernel_of<frame_days>},
    {.name = kFrameRowsOperator,
     .signature = "(decimal(38, 0)) -> bigint",
     .doc = "Returns an offset of a window's frame as a number of rows.",
     .make_kernel = kernel_of<frame_rows>},
    {.name = kRecursionLimitOperator,
     .signature = "(bigint) -> boolean",
     .doc = "Refuses the rows of a recursion's step beyond the limit.",
     .may_fail = true,
     .make_kernel = kernel_of<recursion_limit>},
};

}  // namespace

std::span<const FunctionEntry> query_checks() { return kQueryChecks; }

}  // namespace trailsql
