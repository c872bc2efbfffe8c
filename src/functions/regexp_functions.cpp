// regexp_like and its kin.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/regexp.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"

namespace trailsql {
namespace {

// Calls `visit(match)` for every match, until it returns false. After an empty match the search
// goes on one character further.
template <typename Visit>
void for_each_match(const Regexp& regexp, std::string_view text, size_t start, Visit&& visit) {
  RegexpMatch match;
  while (start <= text.size() && regexp.find(text, start, match)) {
    if (!visit(match)) return;
    start = match[0]->end;
    if (match[0]->begin != match[0]->end) continue;
    if (start >= text.size()) return;
    start = next_character(text, start);
  }
}

std::string_view text_of(std::string_view text, const RegexpSpan& span) {
  return text.substr(span.begin, span.end - span.begin);
}

size_t checked_group(const Regexp& regexp, int64_t group) {
  if (group < 0) fail_argument("Group cannot be negative");
  if (static_cast<uint64_t>(group) > regexp.num_groups()) {
    fail_argument(
        fmt::format("Pattern has {} groups. Cannot access group {}", regexp.num_groups(), group));
  }
  return static_cast<size_t>(group);
}

bool regexp_like(std::string_view text, std::string_view pattern) {
  return Regexp::of(pattern).matches(text);
}

std::optional<std::string_view> regexp_extract_group(std::string_view text,
                                                     std::string_view pattern, int64_t group) {
  const Regexp& regexp = Regexp::of(pattern);
  const size_t index = checked_group(regexp, group);
  RegexpMatch match;
  if (!regexp.find(text, 0, match) || !match[index]) return std::nullopt;
  return text_of(text, *match[index]);
}
std::optional<std::string_view> regexp_extract(std::string_view text, std::string_view pattern) {
  return regexp_extract_group(text, pattern, 0);
}

void regexp_extract_all_group(Column& result, std::string_view text, std::string_view pattern,
                              int64_t group) {
  const Regexp& regexp = Regexp::of(pattern);
  const size_t index = checked_group(regexp, group);
  for_each_match(regexp, text, 0, [&](const RegexpMatch& match) {
    if (match[index]) {
      result.children()[0].append_string(text_of(text, *match[index]));
    } else {
      result.children()[0].append_null();
    }
    return true;
  });
  result.append_list();
}
void regexp_extract_all(Column& result, std::string_view text, std::string_view pattern) {
  regexp_extract_all_group(result, text, pattern, 0);
}

int64_t regexp_count(std::string_view text, std::string_view pattern) {
  int64_t count = 0;
  for_each_match(Regexp::of(pattern), text, 0, [&](const RegexpMatch&) {
    ++count;
    return true;
  });
  return count;
}

int64_t regexp_position_at(std::string_view text, std::string_view pattern, int64_t start,
                           int64_t occurrence) {
  if (start < 1) fail_argument("start position cannot be smaller than 1");
  if (occurrence < 1) fail_argument("occurrence cannot be smaller than 1");
  const auto num_characters = static_cast<int64_t>(num_code_points(text));
  if (start > num_characters) return -1;
  int64_t place = -1;
  for_each_match(Regexp::of(pattern), text, character_offset(text, static_cast<size_t>(start - 1)),
                 [&](const RegexpMatch& match) {
                   if (--occurrence > 0) return true;
                   place =
                       static_cast<int64_t>(num_code_points(text.substr(0, match[0]->begin))) + 1;
                   return false;
                 });
  return place;
}
int64_t regexp_position_from(std::string_view text, std::string_view pattern, int64_t start) {
  return regexp_position_at(text, pattern, start, 1);
}
int64_t regexp_position(std::string_view text, std::string_view pattern) {
  return regexp_position_at(text, pattern, 1, 1);
}

void regexp_split(Column& result, std::string_view text, std::string_view pattern) {
  size_t last = 0;
  for_each_match(Regexp::of(pattern), text, 0, [&](const RegexpMatch& match) {
    result.children()[0].append_string(text.substr(last, match[0]->begin - last));
    last = match[0]->end;
    return true;
  });
  result.children()[0].append_string(text.substr(last));
  result.append_list();
}

// A replacement cut into literal text and group numbers.
struct ReplacementPart {
  std::string literal;
  std::optional<size_t> group;
};

// Takes $1 or ${name} after its dollar sign at `i`.
size_t parse_group(const Regexp& regexp, std::string_view replacement, size_t& i) {
  const auto digit = [&](size_t place) {
    return place < replacement.size() && replacement[place] >= '0' && replacement[place] <= '9';
  };
  if (i < replacement.size() && replacement[i] == '{') {
    const size_t close = replacement.find('}', i);
    if (close == std::string_view::npos) fail_argument("Illegal replacement sequence: missing '}'");
    const std::string name(replacement.substr(i + 1, close - i - 1));
    const std::optional<size_t> group = regexp.find_group(name);
    if (!group)
      fail_argument(fmt::format("Illegal replacement sequence: unknown group {{ {} }}", name));
    i = close + 1;
    return *group;
  }
  if (!digit(i)) {
    fail_argument(fmt::format("Illegal replacement sequence: ${}",
                              i < replacement.size() ? replacement.substr(i, 1) : ""));
  }
  auto group = static_cast<size_t>(replacement[i++] - '0');
  if (group > regexp.num_groups())
    fail_argument(fmt::format("Illegal replacement sequence: unknown group {}", group));
  // More digits belong to the number only as long as there is such a group.
  while (digit(i)) {
    const size_t longer = group * 10 + static_cast<size_t>(replacement[i] - '0');
    if (longer > regexp.num_groups()) break;
    group = longer;
    ++i;
  }
  return group;
}

std::vector<ReplacementPart> parse_replacement(const Regexp& regexp, std::string_view replacement) {
  std::vector<ReplacementPart> parts(1);
  for (size_t i = 0; i < replacement.size();) {
    const char c = replacement[i++];
    if (c == '$') {
      parts.push_back({{}, parse_group(regexp, replacement, i)});
      parts.emplace_back();
    } else if (c == '\\') {
      if (i >= replacement.size()) fail_argument("Illegal replacement sequence: \\");
      parts.back().literal += replacement[i++];
    } else {
      parts.back().literal += c;
    }
  }
  return parts;
}

std::string regexp_replace(std::string_view text, std::string_view pattern,
                           std::string_view replacement) {
  const Regexp& regexp = Regexp::of(pattern);
  // What is wrong with the replacement shows at the first match.
  std::optional<std::vector<ReplacementPart>> parts;
  std::string out;
  size_t last = 0;
  for_each_match(regexp, text, 0, [&](const RegexpMatch& match) {
    out += text.substr(last, match[0]->begin - last);
    if (!parts) parts = parse_replacement(regexp, replacement);
    for (const ReplacementPart& part : *parts) {
      out += part.literal;
      if (part.group && match[*part.group]) out += text_of(text, *match[*part.group]);
    }
    if (out.size() > kMaxTextBytes) fail_argument("Result of regexp_replace is too large");
    last = match[0]->end;
    return true;
  });
  return out + std::string(text.substr(last));
}
std::string regexp_remove(std::string_view text, std::string_view pattern) {
  return regexp_replace(text, pattern, "");
}

// Cuts text at its matches: rows of the text before a match and the match's groups; the rest of the
// text, with no groups, is last.
void regexp_pieces(Column& result, std::string_view text, std::string_view pattern) {
  Column& rows = result.children()[0];
  Column& groups = rows.children()[1];
  size_t last = 0;
  for_each_match(Regexp::of(pattern), text, 0, [&](const RegexpMatch& match) {
    rows.children()[0].append_string(text.substr(last, match[0]->begin - last));
    for (size_t i = 1; i < match.size(); ++i) {
      if (match[i]) {
        groups.children()[0].append_string(text_of(text, *match[i]));
      } else {
        groups.children()[0].append_null();
      }
    }
    groups.append_list();
    rows.append_row();
    last = match[0]->end;
    return true;
  });
  rows.children()[0].append_string(text.substr(last));
  groups.append_null();
  rows.append_row();
  result.append_list();
}
KernelPtr make_regexp_pieces(const BoundFunction& bound) {
  BoundFunction inner = bound;
  inner.argument_types.resize(2);
  inner.result_type = Type::array(
      Type::row({{std::nullopt, Type::varchar()}, {std::nullopt, Type::array(Type::varchar())}}));
  return kernel_of<regexp_pieces>(inner);
}

Type replaced_matches(std::span<const Type> types) {
  // In 128 bits, because the product of three lengths passes 64.
  const int128_t x = types[0].length();
  const int128_t y = types[2].length();
  const int128_t length = x + std::max(x * y / 2, y) * (x + 1);
  return Type::varchar(static_cast<uint32_t>(std::min<int128_t>(length, Type::kUnbounded)));
}

constexpr FunctionEntry kRegexpFunctions[] = {
    fallible("regexp_like", "(varchar(x), varchar(y)) -> boolean",
             "Returns whether the pattern matches anywhere.", kernel_of<regexp_like>),
    fallible("regexp_extract", "(varchar(x), varchar(y)) -> varchar(x)", "Returns the first match.",
             kernel_of<regexp_extract>),
    fallible("regexp_extract", "(varchar(x), varchar(y), bigint) -> varchar(x)",
             "Returns a group of the first match.", kernel_of<regexp_extract_group>),
    fallible("regexp_extract_all", "(varchar(x), varchar(y)) -> array(varchar(x))",
             "Returns all matches.", kernel_of<regexp_extract_all>),
    fallible("regexp_extract_all", "(varchar(x), varchar(y), bigint) -> array(varchar(x))",
             "Returns a group of all matches.", kernel_of<regexp_extract_all_group>),
    fallible("regexp_count", "(varchar(x), varchar(y)) -> bigint", "Counts the matches.",
             kernel_of<regexp_count>),
    fallible("regexp_position", "(varchar(x), varchar(y)) -> integer",
             "Returns the place of the first match, or -1.", kernel_of<regexp_position>),
    fallible("regexp_position", "(varchar(x), varchar(y), integer) -> integer",
             "Returns the place of the first match from a place on, or -1.",
             kernel_of<regexp_position_from>),
    fallible("regexp_position", "(varchar(x), varchar(y), integer, integer) -> integer",
             "Returns the place of the n-th match from a place on, or -1.",
             kernel_of<regexp_position_at>),
    fallible("regexp_split", "(varchar(x), varchar(y)) -> array(varchar(x))",
             "Splits at every match.", kernel_of<regexp_split>),
    fallible("regexp_replace", "(varchar(x), varchar(y)) -> varchar(x)", "Removes every match.",
             kernel_of<regexp_remove>),
    {.name = "regexp_replace",
     .signature = "(varchar(x), varchar(y), varchar(z)) -> varchar(x)",
     .doc = "Replaces every match; $1 and ${name} stand for groups.",
     .may_fail = true,
     .make_kernel = kernel_of<regexp_replace>,
     .derive_result = replaced_matches},
    {.name = "regexp_replace",
     .signature = "(varchar, varchar, function(array(varchar), varchar(x))) -> varchar",
     .lowering = "list_reduce(list_transform({kernel}({0}, {1}), lambda {e}: struct_extract("
                 "{e}, 'f0') || CASE WHEN struct_extract({e}, 'f1') IS NULL THEN '' ELSE {2} "
                 "END), lambda {a}, {e}: {a} || {e})",
     .doc = "Replaces every match by what a lambda makes of its groups.",
     .may_fail = true,
     .make_kernel = make_regexp_pieces,
     .lambdas = {"e.f1"}},
};

}  // namespace

std::span<const FunctionEntry> regexp_functions() { return kRegexpFunctions; }

}  // namespace trailsql
