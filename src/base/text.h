// Small pieces of text work that every module needs: ASCII case, JSON strings, base64, near names.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns `text` with A–Z in lower case. Names in SQL and in the catalog are compared this way.
std::string to_lower_ascii(std::string_view text);
/// Returns `text` with a–z in upper case.
std::string to_upper_ascii(std::string_view text);
/// Returns whether both are equal but for the case of A–Z.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Appends `text` as a JSON string with its quotes. Invalid UTF-8 is replaced by U+FFFD, so the
/// result is always valid JSON.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);

/// The digits of base64, and of its form for URLs and file names.
inline constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kBase64UrlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Appends bytes as base64 with those digits, padded with '='.
void append_base64(std::string& out, std::string_view bytes, std::string_view digits);

/// Appends `text` to `out` with what is no valid UTF-8 replaced by U+FFFD, as Java's decoder does:
/// once for each byte that starts nothing, once for the good beginning of a sequence that breaks
/// off, once for an encoded surrogate. source: url_decode and OpenX tables, asked from Trino 476.
void append_valid_utf8(std::string& out, std::string_view text);
bool is_valid_utf8(std::string_view text);
/// Writes a code point as UTF-8 to `out`, which has room for 4 bytes; returns the place behind it.
char* write_utf8(char* out, char32_t code_point);
/// Appends a code point as UTF-8.
void append_utf8(std::string& out, char32_t code_point);
/// Returns the number of code points of valid UTF-8 text.
size_t num_code_points(std::string_view text);

/// Returns the candidate nearest to `name` by edit distance, if near enough to be a likely typo;
/// otherwise empty. Case is ignored. The view points into `candidates`.
std::string_view nearest_name(std::string_view name, std::span<const std::string> candidates);

/// Returns the hint "did you mean NAME?" for the nearest candidate, or an empty text.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// Returns `text` without the blanks at both ends: everything up to the space, as Java's
/// String.trim has it.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
/// Returns what a hexadecimal digit of either case is worth; -1 for other characters.
int hex_digit_value(char c);

/// Replaces %41 by A and its like; a % before no two hexadecimal digits stands for itself.
std::string percent_decoded(std::string_view text);

/// Returns a size for people: "12.4 MB" (powers of 10).
std::string human_size(double num_bytes);
/// Returns a count for people: "1.2 M", "345".
std::string human_count(double count);

}  // namespace trailsql
