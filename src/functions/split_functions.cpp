// Functions that cut text at delimiters.
#include <optional>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"

namespace trailsql {
namespace {

constexpr int64_t kMaxLimit = 2147483647;

void append_split(Column& result, std::string_view text, std::string_view delimiter,
                  int64_t limit) {
  if (limit <= 0) fail_argument("Limit must be positive");
  if (limit > kMaxLimit) fail_argument("Limit is too large");
  if (delimiter.empty()) fail_argument("The delimiter may not be the empty string");
  Column& parts = result.children()[0];
  for (int64_t count = 1; count < limit; ++count) {
    const size_t at = text.find(delimiter);
    if (at == std::string_view::npos) break;
    parts.append_string(text.substr(0, at));
    text.remove_prefix(at + delimiter.size());
  }
  parts.append_string(text);
  result.append_list();
}
void split(Column& result, std::string_view text, std::string_view delimiter) {
  append_split(result, text, delimiter, kMaxLimit);
}

std::optional<std::string_view> split_part(std::string_view text, std::string_view delimiter,
                                           int64_t index) {
  if (index <= 0) fail_argument("Index must be greater than zero");
  if (delimiter.empty()) {
    if (index > static_cast<int64_t>(num_code_points(text))) return std::nullopt;
    const size_t start = character_offset(text, static_cast<size_t>(index - 1));
    return text.substr(start, next_character(text, start) - start);
  }
  for (;; --index) {
    const size_t at = text.find(delimiter);
    if (index == 1) return text.substr(0, at);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + delimiter.size());
  }
}

constexpr FunctionEntry kSplitFunctions[] = {
    fallible("split", "(varchar(x), varchar(y)) -> array(varchar(x))", "Splits at every delimiter.",
             kernel_of<split>),
    fallible("split", "(varchar(x), varchar(y), bigint) -> array(varchar(x))",
             "Splits into at most so many parts.", kernel_of<append_split>),
    fallible("split_part", "(varchar(x), varchar(y), bigint) -> varchar(x)",
             "Returns one part, from 1, or NULL.", kernel_of<split_part>),
};

}  // namespace

std::span<const FunctionEntry> split_functions() { return kSplitFunctions; }

}  // namespace trailsql
