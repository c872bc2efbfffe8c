// Makes time with time zone an argument and a result of kernels (typed_kernel.h).
#pragma once

#include "functions/typed_kernel.h"
#include "types/time_of_day.h"

namespace trailsql {

template <>
inline ZonedTimeOfDay typed_kernel::read<ZonedTimeOfDay>(const Column& column, size_t row) {
  return {column.children()[0].int64_at(row), column.children()[1].int64_at(row)};
}

/// Found by the kernels' adaptor through its argument.
inline void append(Column& column, ZonedTimeOfDay value) {
  column.children()[0].append_int64(value.utc_picoseconds);
  column.children()[1].append_int64(value.offset_minutes);
  column.append_row();
}

}  // namespace trailsql
