// Functions on text. Positions and lengths count characters.
#include <fmt/core.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

constexpr int64_t kMaxLength = 2147483647;

// The place of the last character of a text that is not empty.
size_t last_character(std::string_view text) {
  size_t start = text.size() - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) --start;
  return start;
}

std::string map_characters(std::string_view text, char32_t (*map)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) append_utf8(out, map(decode_character(text, i)));
  return out;
}
char32_t upper_character(char32_t c) {
  return static_cast<char32_t>(u_toupper(static_cast<UChar32>(c)));
}
std::string upper(std::string_view text) { return map_characters(text, upper_character); }

std::string_view substring(std::string_view text, int64_t start, int64_t length) {
  if (start == 0 || length <= 0) return {};
  const auto num_characters = static_cast<int64_t>(num_code_points(text));
  if (start < 0) start += num_characters + 1;
  if (start <= 0 || start > num_characters) return {};
  const std::string_view rest = text.substr(character_offset(text, static_cast<size_t>(start - 1)));
  return rest.substr(0, character_offset(rest, static_cast<size_t>(length)));
}
std::string_view substring_from(std::string_view text, int64_t start) {
  return substring(text, start, kMaxLength);
}

bool is_blank(char32_t c) {
  // Java's Character.isWhitespace: no no-break spaces, but the ASCII separators.
  return u_isWhitespace(static_cast<UChar32>(c)) != 0;
}

template <typename Test>
std::string_view trim_where(std::string_view text, bool left, bool right, Test&& is_trimmed) {
  while (left && !text.empty()) {
    size_t end = 0;
    if (!is_trimmed(decode_character(text, end))) break;
    text.remove_prefix(end);
  }
  while (right && !text.empty()) {
    const size_t start = last_character(text);
    size_t end = start;
    if (!is_trimmed(decode_character(text, end))) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}
std::string_view trim_both(std::string_view text) { return trim_where(text, true, true, is_blank); }
std::string_view trim_left(std::string_view text) {
  return trim_where(text, true, false, is_blank);
}
std::string_view trim_right(std::string_view text) {
  return trim_where(text, false, true, is_blank);
}

auto one_of(std::string_view characters) {
  return
      [set = code_points(characters)](char32_t c) { return set.find(c) != std::u32string::npos; };
}
std::string_view trim_both_of(std::string_view text, std::string_view characters) {
  return trim_where(text, true, true, one_of(characters));
}
std::string_view trim_left_of(std::string_view text, std::string_view characters) {
  return trim_where(text, true, false, one_of(characters));
}
std::string_view trim_right_of(std::string_view text, std::string_view characters) {
  return trim_where(text, false, true, one_of(characters));
}

std::string replace_with(std::string_view text, std::string_view search,
                         std::string_view replacement) {
  std::string out;
  const auto check_size = [&] {
    if (out.size() > kMaxTextBytes) fail_argument("inputs to \"replace\" function are too large");
  };
  if (search.empty()) {
    for (size_t i = 0; i < text.size();) {
      const size_t next = next_character(text, i);
      out += replacement;
      out += text.substr(i, next - i);
      check_size();
      i = next;
    }
    return out + std::string(replacement);
  }
  size_t start = 0;
  for (size_t at = text.find(search); at != std::string_view::npos; at = text.find(search, start)) {
    out += text.substr(start, at - start);
    out += replacement;
    start = at + search.size();
    check_size();
  }
  return out + std::string(text.substr(start));
}
std::string remove_all(std::string_view text, std::string_view search) {
  return search.empty() ? std::string(text) : replace_with(text, search, "");
}

std::string reverse_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t start = last_character(text);
    out += text.substr(start);
    text = text.substr(0, start);
  }
  return out;
}

// A value of char(n) with its padding.
std::string padded_text(ValueView value) {
  std::string text;
  append_text(text, *value.column, value.row);
  return text;
}
int64_t char_length(ValueView value) { return value.column->type().length(); }
std::string char_substring(ValueView value, int64_t start, int64_t length) {
  const std::string text = padded_text(value);
  return std::string(substring(text, start, length));
}
std::string char_substring_from(ValueView value, int64_t start) {
  return char_substring(value, start, kMaxLength);
}

// The padding is part of the text, and comes first; what is at the end then is not kept.
std::string reverse_char(ValueView value) {
  const std::string text = reverse_text(padded_text(value));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

int64_t character_place(std::string_view text, size_t byte_offset) {
  return static_cast<int64_t>(num_code_points(text.substr(0, byte_offset))) + 1;
}

int64_t position_of(std::string_view text, std::string_view search, int64_t instance) {
  if (instance == 0) fail_argument("'instance' must be a positive or negative number.");
  if (search.empty()) return 1;
  if (instance > 0) {
    size_t at = text.find(search);
    while (at != std::string_view::npos && --instance > 0) at = text.find(search, at + 1);
    return at == std::string_view::npos ? 0 : character_place(text, at);
  }
  size_t at = text.rfind(search);
  while (at != std::string_view::npos && ++instance < 0)
    at = at == 0 ? std::string_view::npos : text.rfind(search, at - 1);
  return at == std::string_view::npos ? 0 : character_place(text, at);
}
int64_t first_position_of(std::string_view text, std::string_view search) {
  return position_of(text, search, 1);
}

std::string pad(std::string_view text, int64_t length, std::string_view padding, bool left) {
  if (length < 0 || length > kMaxLength)
    fail_argument("Target length must be in the range [0..2147483647]");
  if (padding.empty()) fail_argument("Padding string must not be empty");
  const auto num_characters = static_cast<int64_t>(num_code_points(text));
  if (num_characters >= length)
    return std::string(text.substr(0, character_offset(text, static_cast<size_t>(length))));
  std::string filling;
  const auto padding_length = static_cast<int64_t>(num_code_points(padding));
  int64_t missing = length - num_characters;
  if (static_cast<size_t>(missing) > kMaxTextBytes) fail_argument("Padded text is too long");
  for (; missing >= padding_length; missing -= padding_length) filling += padding;
  filling += padding.substr(0, character_offset(padding, static_cast<size_t>(missing)));
  return left ? filling + std::string(text) : std::string(text) + filling;
}
std::string pad_left(std::string_view text, int64_t length, std::string_view padding) {
  return pad(text, length, padding, true);
}
std::string pad_char_left(ValueView text, int64_t length, std::string_view padding) {
  return pad(padded_text(text), length, padding, true);
}
std::string pad_right(std::string_view text, int64_t length, std::string_view padding) {
  return pad(text, length, padding, false);
}

std::string character_of(int64_t code_point) {
  if (code_point < 0 || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
    fail_argument(fmt::format("Not a valid Unicode code point: {}", code_point));
  std::string out;
  append_utf8(out, static_cast<char32_t>(code_point));
  return out;
}
int64_t code_point_of(std::string_view text) {
  if (num_code_points(text) != 1) fail_argument("Input string must be a single character string");
  size_t position = 0;
  return static_cast<int64_t>(decode_character(text, position));
}

std::string translate(std::string_view text, std::string_view from, std::string_view to) {
  const std::u32string sources = code_points(from);
  const std::u32string targets = code_points(to);
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const char32_t c = decode_character(text, i);
    const size_t place = sources.find(c);
    if (place == std::u32string::npos) {
      append_utf8(out, c);
    } else if (place < targets.size()) {
      append_utf8(out, targets[place]);
    }
  }
  return out;
}

void join_texts(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    if (call.arguments[0]->is_null(row)) {
      call.result.append_null();
      continue;
    }
    std::string out;
    bool first = true;
    for (const Column* part : call.arguments.subspan(1)) {
      if (part->is_null(row)) continue;
      if (!first) out += call.arguments[0]->string_at(row);
      first = false;
      out += part->string_at(row);
    }
    call.result.append_string(out);
  }
}

Type replaced_text(std::span<const Type> types) {
  const uint64_t length = types[0].length();
  const uint64_t whole = length + types[2].length() * (length + 1);
  return Type::varchar(static_cast<uint32_t>(std::min<uint64_t>(whole, Type::kUnbounded)));
}

Type joined_text(std::span<const Type> types) {
  if (types.size() < 2) fail_argument("There must be two or more concatenation arguments");
  return types[0];
}
Type separated_text(std::span<const Type> types) {
  if (types.size() < 2) fail_argument("There must be two or more arguments");
  return types[0];
}
Type joined_char(std::span<const Type> types) {
  return Type::character(std::min(Type::kMaxCharLength, types[0].length() + types[1].length()));
}
std::string concat_chars(ValueView a, std::string_view b) {
  std::string out;
  append_text(out, *a.column, a.row);
  out += b;
  return out;
}

constexpr FunctionEntry kStringFunctions[] = {
    plain("lower", "(varchar(x)) -> varchar(x)", "lower({0})", "Changes letters to lower case."),
    plain("lower", "(char(x)) -> char(x)", "lower({0})", "Changes letters to lower case."),
    total("upper", "(varchar(x)) -> varchar(x)", "Changes letters to upper case.",
          kernel_of<upper>),
    total("upper", "(char(x)) -> char(x)", "Changes letters to upper case.", kernel_of<upper>),
    plain("length", "(varchar(x)) -> bigint", "length({0})", "Counts characters."),
    total("length", "(char(x)) -> bigint", "Counts characters, with the padding.",
          kernel_of<char_length>),
    plain("length", "(varbinary) -> bigint", "octet_length({0})", "Counts bytes."),
    total("substr", "(char(x), bigint) -> varchar(x)", "Returns the padded text from a place on.",
          kernel_of<char_substring_from>),
    total("substr", "(char(x), bigint, bigint) -> varchar(x)",
          "Returns so many characters of the padded text.", kernel_of<char_substring>),
    total("substr", "(varchar(x), bigint) -> varchar(x)",
          "Returns the text from a place on, from 1, or from the end if negative.",
          kernel_of<substring_from>),
    total("substr", "(varchar(x), bigint, bigint) -> varchar(x)",
          "Returns so many characters from a place on.", kernel_of<substring>),
    total("substring", "(char(x), bigint) -> varchar(x)",
          "Returns the padded text from a place on.", kernel_of<char_substring_from>),
    total("substring", "(char(x), bigint, bigint) -> varchar(x)",
          "Returns so many characters of the padded text.", kernel_of<char_substring>),
    total("substring", "(varchar(x), bigint) -> varchar(x)",
          "Returns the text from a place on, from 1, or from the end if negative.",
          kernel_of<substring_from>),
    total("substring", "(varchar(x), bigint, bigint) -> varchar(x)",
          "Returns so many characters from a place on.", kernel_of<substring>),
    total("trim", "(varchar(x)) -> varchar(x)", "Removes white space at both ends.",
          kernel_of<trim_both>),
    total("trim", "(varchar(x), varchar(y)) -> varchar(x)",
          "Removes the given characters at both ends.", kernel_of<trim_both_of>),
    total("trim", "(char(x)) -> varchar(x)", "Removes white space at both ends.",
          kernel_of<trim_both>),
    total("trim", "(char(x), varchar(y)) -> varchar(x)",
          "Removes the given characters at both ends.", kernel_of<trim_both_of>),
    total("ltrim", "(varchar(x)) -> varchar(x)", "Removes white space at the start.",
          kernel_of<trim_left>),
    total("ltrim", "(varchar(x), varchar(y)) -> varchar(x)",
          "Removes the given characters at the start.", kernel_of<trim_left_of>),
    total("ltrim", "(char(x)) -> varchar(x)", "Removes white space at the start.",
          kernel_of<trim_left>),
    total("ltrim", "(char(x), varchar(y)) -> varchar(x)",
          "Removes the given characters at the start.", kernel_of<trim_left_of>),
    total("rtrim", "(varchar(x)) -> varchar(x)", "Removes white space at the end.",
          kernel_of<trim_right>),
    total("rtrim", "(varchar(x), varchar(y)) -> varchar(x)",
          "Removes the given characters at the end.", kernel_of<trim_right_of>),
    total("rtrim", "(char(x)) -> varchar(x)", "Removes white space at the end.",
          kernel_of<trim_right>),
    total("rtrim", "(char(x), varchar(y)) -> varchar(x)",
          "Removes the given characters at the end.", kernel_of<trim_right_of>),
    total("replace", "(varchar(x), varchar(y)) -> varchar(x)",
          "Removes every occurrence of a text.", kernel_of<remove_all>),
    {.name = "replace",
     .signature = "(varchar(x), varchar(y), varchar(z)) -> varchar(x)",
     .doc = "Replaces every occurrence of a text.",
     .may_fail = true,
     .make_kernel = kernel_of<replace_with>,
     .derive_result = replaced_text},
    total("reverse", "(varchar(x)) -> varchar(x)", "Reverses the characters.",
          kernel_of<reverse_text>),
    total("reverse", "(char(x)) -> char(x)", "Reverses the characters.", kernel_of<reverse_char>),
    total("strpos", "(varchar(x), varchar(y)) -> bigint",
          "Returns the place of a text, from 1, or 0.", kernel_of<first_position_of>),
    fallible("strpos", "(varchar(x), varchar(y), bigint) -> bigint",
             "Returns the place of the n-th occurrence, or 0.", kernel_of<position_of>),
    plain("starts_with", "(varchar(x), varchar(y)) -> boolean", "starts_with({0}, {1})",
          "Returns whether the text starts with another."),
    // The engine gives x || CAST(NULL AS VARCHAR) no type of text: hence the cast.
    {.name = "concat",
     .signature = "(varchar, varchar...) -> varchar",
     .lowering = "CAST(({*||}) AS VARCHAR)",
     .doc = "Joins texts.",
     .derive_result = joined_text},
    {.name = "concat",
     .signature = "(char(x), char(y)) -> char(x)",
     .doc = "Joins padded texts.",
     .make_kernel = kernel_of<concat_chars>,
     .derive_result = joined_char},
    {.name = "concat_ws",
     .signature = "(varchar, varchar...) -> varchar",
     .doc = "Joins texts that are not NULL with a separator.",
     .called_on_null = true,
     .make_kernel = batch_kernel_of<join_texts>,
     .derive_result = separated_text},
    fallible("lpad", "(varchar(x), bigint, varchar(y)) -> varchar",
             "Pads or cuts at the left to a length.", kernel_of<pad_left>),
    fallible("lpad", "(char(x), bigint, varchar(y)) -> varchar",
             "Pads or cuts at the left to a length.", kernel_of<pad_char_left>),
    fallible("rpad", "(varchar(x), bigint, varchar(y)) -> varchar",
             "Pads or cuts at the right to a length.", kernel_of<pad_right>),
    fallible("chr", "(bigint) -> varchar(1)", "Returns the character of a code point.",
             kernel_of<character_of>),
    fallible("codepoint", "(varchar(1)) -> integer", "Returns the code point of a character.",
             kernel_of<code_point_of>),
    total("translate", "(varchar(x), varchar(y), varchar(z)) -> varchar",
          "Replaces characters by others.", kernel_of<translate>),
};

}  // namespace

std::span<const FunctionEntry> string_functions() { return kStringFunctions; }

}  // namespace trailsql
