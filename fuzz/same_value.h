// Whether two columns hold the same value, for fuzz targets that read something in two ways.
#pragma once

#include <cstddef>

#include "types/column.h"

namespace trailsql {

/// Returns whether both values are the same to the bit. Precondition: the columns' types are.
bool same_value(const Column& a, size_t i, const Column& b, size_t j);

}  // namespace trailsql
