// Text → values of columns of text and bytes, and what bounds values, whatever the file's format.
#pragma once

#include <string>
#include <string_view>

#include "types/column.h"

namespace trailsql {

/// Appends text to a column of varchar or char, cut to its length; char loses the spaces at its
/// end. With `borrow`, the text is referred to instead of copied.
void append_text(std::string_view text, bool borrow, Column& column);

/// Decodes base64, whose padding may be left out, into `bytes`. Returns what is wrong, in Java's
/// words; empty if nothing is.
std::string decode_base64(std::string_view text, std::string& bytes);

/// Throws NOT_SUPPORTED for an array or map of more than kMaxValueElements elements.
void check_num_elements(size_t num_elements);

/// Returns whether `value` lies within the bounds of an integer type.
bool fits_integer(int64_t value, TypeKind kind);

}  // namespace trailsql
