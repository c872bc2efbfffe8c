#include "same_value.h"

#include <cstring>

namespace trailsql {

bool same_value(const Column& a, size_t i, const Column& b, size_t j) {
  if (a.is_null(i) || b.is_null(j)) return a.is_null(i) == b.is_null(j);
  switch (storage_of(a.type())) {
    case Storage::kNone: return true;
    case Storage::kInt64: return a.int64_at(i) == b.int64_at(j);
    case Storage::kDouble: {
      const double x = a.double_at(i);
      const double y = b.double_at(j);
      return std::memcmp(&x, &y, sizeof x) == 0;
    }
    case Storage::kInt128: return a.int128_at(i) == b.int128_at(j);
    case Storage::kString: return a.string_at(i) == b.string_at(j);
    case Storage::kList: {
      const size_t size = a.offset(i + 1) - a.offset(i);
      if (size != b.offset(j + 1) - b.offset(j)) return false;
      for (size_t child = 0; child < a.children().size(); ++child) {
        for (size_t k = 0; k < size; ++k) {
          if (!same_value(a.children()[child], a.offset(i) + k, b.children()[child],
                          b.offset(j) + k))
            return false;
        }
      }
      return true;
    }
    case Storage::kRow:
      for (size_t child = 0; child < a.children().size(); ++child) {
        if (!same_value(a.children()[child], i, b.children()[child], j)) return false;
      }
      return true;
  }
  return false;
}

}  // namespace trailsql
