// Functions on bytes: their parts, and their encodings as text and numbers.
#include <fmt/core.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// One U+FFFD stands for a first byte with as many continuation bytes as it announces and as there
// are, overlong forms and those of five and six bytes, too: other than where Java decodes. source:
// asked from Trino 476.
std::string from_utf8_with(std::string_view bytes, std::string_view replacement) {
  constexpr int kLongest = 6;
  std::string out;
  for (size_t i = 0; i < bytes.size();) {
    const int announced = std::countl_one(static_cast<unsigned char>(bytes[i]));
    size_t length = 1;
    if (announced <= kLongest) {
      while (length < static_cast<size_t>(announced) && i + length < bytes.size() &&
             (static_cast<unsigned char>(bytes[i + length]) & 0xC0U) == 0x80U)
        ++length;
    }
    const std::string_view sequence = bytes.substr(i, length);
    out += is_valid_utf8(sequence) ? sequence : replacement;
    i += length;
  }
  return out;
}

std::string from_utf8(std::string_view bytes) { return from_utf8_with(bytes, "\xEF\xBF\xBD"); }
std::string from_utf8_replacing(std::string_view bytes, std::string_view replacement) {
  if (num_code_points(replacement) > 1)
    fail_argument("Replacement character string must empty or a single character");
  return from_utf8_with(bytes, replacement);
}
std::string from_utf8_replacing_by(std::string_view bytes, int64_t code_point) {
  if (code_point < 0) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("Invalid code point 0x{:X}", static_cast<uint32_t>(code_point)));
  }
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
    fail_argument("Invalid replacement character");
  std::string replacement;
  append_utf8(replacement, static_cast<char32_t>(code_point));
  return from_utf8_with(bytes, replacement);
}

std::string padded_bytes(ValueView value) {
  std::string text;
  append_text(text, *value.column, value.row);
  return text;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}
int hex_digit(char c) {
  const int value = hex_digit_value(c);
  if (value >= 0) return value;
  fail_argument(fmt::format("not a hexadecimal digit: \"{}\" = {}", c, static_cast<int>(c)));
}
std::string from_hex(std::string_view text) {
  if (text.size() % 2 != 0) fail_argument("invalid input length " + std::to_string(text.size()));
  std::string out;
  for (size_t i = 0; i < text.size(); i += 2)
    out += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
  return out;
}

std::string encode_base64(std::string_view bytes, std::string_view digits) {
  std::string out;
  append_base64(out, bytes, digits);
  return out;
}
// Reads digits of so many bits each; what is left over of a byte is dropped.
std::string decode_digits(std::string_view text, std::string_view digits, unsigned digit_bits,
                          void (*refuse)(char)) {
  std::string out;
  unsigned bits = 0;
  unsigned num_bits = 0;
  for (const char c : text) {
    const size_t digit = digits.find(c);
    if (digit == std::string_view::npos) refuse(c);
    bits = (bits << digit_bits | static_cast<unsigned>(digit)) & 0xFFFFFFU;
    num_bits += digit_bits;
    if (num_bits >= 8) {
      num_bits -= 8;
      out += static_cast<char>(bits >> num_bits & 0xFFU);
    }
  }
  return out;
}

std::string_view without_padding(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return text;
}

std::string decode_base64(std::string_view text, std::string_view digits) {
  if (text.size() == 1) fail_argument("Input byte[] should at least have 2 bytes for base64 bytes");
  const std::string_view data = without_padding(text);
  std::string out = decode_digits(data, digits, 6, [](char c) {
    fail_argument(fmt::format("Illegal base64 character {:x}", static_cast<unsigned char>(c)));
  });
  if (data.size() % 4 == 1) fail_argument("Last unit does not have enough valid bits");
  const bool padded = data.size() < text.size();
  if (padded && (text.size() % 4 != 0 || text.size() - data.size() > 2))
    fail_argument("Input byte array has wrong 4-byte ending unit");
  return out;
}

constexpr std::string_view kBase32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string to_base32(std::string_view bytes) {
  std::string out;
  unsigned bits = 0;
  unsigned num_bits = 0;
  for (const char c : bytes) {
    bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (num_bits += 8; num_bits >= 5;) {
      num_bits -= 5;
      out += kBase32Digits[bits >> num_bits & 31U];
    }
  }
  if (num_bits > 0) out += kBase32Digits[bits << (5 - num_bits) & 31U];
  while (out.size() % 8 != 0) out += '=';
  return out;
}

std::string from_base32(std::string_view text) {
  const std::string_view data = without_padding(text);
  const size_t rest = data.size() % 8;
  if (rest == 1 || rest == 3 || rest == 6)
    fail_argument(fmt::format("Invalid input length {}", data.size()));
  return decode_digits(data, kBase32Digits, 5,
                       [](char c) { fail_argument(fmt::format("Unrecognized character: {}", c)); });
}

// Numbers as bytes, the highest first.
template <size_t NumBytes>
std::string to_big_endian(uint64_t value) {
  std::string out(NumBytes, '\0');
  for (size_t i = NumBytes; i > 0; --i, value >>= 8U) out[i - 1] = static_cast<char>(value & 0xFFU);
  return out;
}
uint64_t read_big_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

template <size_t NumBytes>
std::string integer_to_bytes(int64_t value) {
  return to_big_endian<NumBytes>(static_cast<uint64_t>(value));
}
template <size_t NumBytes>
int64_t integer_from_bytes(std::string_view bytes) {
  if (bytes.size() != NumBytes)
    fail_argument(
        fmt::format("expected {}-byte input, but got instead: {}", NumBytes, bytes.size()));
  const uint64_t value = read_big_endian(bytes);
  return NumBytes == 4 ? static_cast<int32_t>(value) : static_cast<int64_t>(value);
}

// Java has one NaN.
std::string double_to_bytes(double value) {
  const double plain = std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
  return to_big_endian<8>(std::bit_cast<uint64_t>(plain));
}
std::string real_to_bytes(double value) {
  const auto plain =
      std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(value);
  return to_big_endian<4>(std::bit_cast<uint32_t>(plain));
}
double double_from_bytes(std::string_view bytes) {
  if (bytes.size() != 8) fail_argument("Input floating-point value must be exactly 8 bytes long");
  return std::bit_cast<double>(read_big_endian(bytes));
}
double real_from_bytes(std::string_view bytes) {
  if (bytes.size() != 4) fail_argument("Input floating-point value must be exactly 4 bytes long");
  return static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(read_big_endian(bytes))));
}

std::string_view substring_of_bytes(std::string_view bytes, int64_t start, int64_t length) {
  const auto size = static_cast<int64_t>(bytes.size());
  if (start == 0 || length <= 0) return {};
  if (start < 0) start += size + 1;
  if (start <= 0 || start > size) return {};
  return bytes.substr(static_cast<size_t>(start - 1), static_cast<size_t>(length));
}
std::string_view rest_of_bytes(std::string_view bytes, int64_t start) {
  return substring_of_bytes(bytes, start, static_cast<int64_t>(bytes.size()));
}

// The bytes that are missing to the length; the bytes themselves are cut to it.
std::string padding_of(std::string_view& bytes, int64_t length, std::string_view padding) {
  constexpr int64_t kMaxLength = 2147483647;
  if (length < 0 || length > kMaxLength)
    fail_argument("Target length must be in the range [0..2147483647]");
  if (padding.empty()) fail_argument("Padding bytes must not be empty");
  const auto size = static_cast<size_t>(length);
  bytes = bytes.substr(0, size);
  if (size > kMaxTextBytes) fail_argument("Padded bytes are too long");
  std::string filling;
  while (filling.size() < size - bytes.size()) filling += padding;
  filling.resize(size - bytes.size());
  return filling;
}
std::string pad_bytes_left(std::string_view bytes, int64_t length, std::string_view padding) {
  const std::string filling = padding_of(bytes, length, padding);
  return filling + std::string(bytes);
}
std::string pad_bytes_right(std::string_view bytes, int64_t length, std::string_view padding) {
  const std::string filling = padding_of(bytes, length, padding);
  return std::string(bytes) + filling;
}

std::string reverse_bytes(std::string_view bytes) { return {bytes.rbegin(), bytes.rend()}; }

Type joined_bytes(std::span<const Type> types) {
  if (types.size() < 2) fail_argument("There must be two or more concatenation arguments");
  return types[0];
}

std::string to_base64(std::string_view bytes) { return encode_base64(bytes, kBase64Digits); }
std::string to_base64url(std::string_view bytes) { return encode_base64(bytes, kBase64UrlDigits); }
std::string from_base64(std::string_view text) { return decode_base64(text, kBase64Digits); }
std::string from_base64url(std::string_view text) { return decode_base64(text, kBase64UrlDigits); }

constexpr std::string_view kBytes = "(varbinary) -> varbinary";

constexpr FunctionEntry kBinaryFunctions[] = {
    plain("to_utf8", "(varchar(x)) -> varbinary", "encode({0})", "Returns the bytes of a text."),
    total("to_utf8", "(char(x)) -> varbinary", "Returns the bytes of a padded text.",
          kernel_of<padded_bytes>),
    total("from_utf8", "(varbinary) -> varchar",
          "Reads bytes as text; malformed ones become U+FFFD.", kernel_of<from_utf8>),
    fallible("from_utf8", "(varbinary, varchar(x)) -> varchar",
             "Reads bytes as text; malformed ones become the replacement.",
             kernel_of<from_utf8_replacing>),
    fallible("from_utf8", "(varbinary, bigint) -> varchar",
             "Reads bytes as text; malformed ones become the replacement, a code point.",
             kernel_of<from_utf8_replacing_by>),
    total("to_hex", "(varbinary) -> varchar", "Spells bytes as hexadecimal digits.",
          kernel_of<to_hex>),
    fallible("from_hex", "(varchar(x)) -> varbinary", "Reads hexadecimal digits.",
             kernel_of<from_hex>),
    fallible("from_hex", kBytes, "Reads hexadecimal digits.", kernel_of<from_hex>),
    total("to_base64", "(varbinary) -> varchar", "Spells bytes as base64.", kernel_of<to_base64>),
    total("to_base64url", "(varbinary) -> varchar", "Spells bytes as base64 for URLs.",
          kernel_of<to_base64url>),
    fallible("from_base64", "(varchar(x)) -> varbinary", "Reads base64.", kernel_of<from_base64>),
    fallible("from_base64", kBytes, "Reads base64.", kernel_of<from_base64>),
    fallible("from_base64url", "(varchar(x)) -> varbinary", "Reads base64 for URLs.",
             kernel_of<from_base64url>),
    fallible("from_base64url", kBytes, "Reads base64 for URLs.", kernel_of<from_base64url>),
    total("to_base32", "(varbinary) -> varchar", "Spells bytes as base32.", kernel_of<to_base32>),
    fallible("from_base32", "(varchar(x)) -> varbinary", "Reads base32.", kernel_of<from_base32>),
    fallible("from_base32", kBytes, "Reads base32.", kernel_of<from_base32>),
    total("to_big_endian_32", "(integer) -> varbinary", "Returns a number's four bytes.",
          kernel_of<integer_to_bytes<4>>),
    fallible("from_big_endian_32", "(varbinary) -> integer", "Reads a number of four bytes.",
             kernel_of<integer_from_bytes<4>>),
    total("to_big_endian_64", "(bigint) -> varbinary", "Returns a number's eight bytes.",
          kernel_of<integer_to_bytes<8>>),
    fallible("from_big_endian_64", "(varbinary) -> bigint", "Reads a number of eight bytes.",
             kernel_of<integer_from_bytes<8>>),
    total("to_ieee754_32", "(real) -> varbinary", "Returns a real's four bytes.",
          kernel_of<real_to_bytes>),
    fallible("from_ieee754_32", "(varbinary) -> real", "Reads a real of four bytes.",
             kernel_of<real_from_bytes>),
    total("to_ieee754_64", "(double) -> varbinary", "Returns a double's eight bytes.",
          kernel_of<double_to_bytes>),
    fallible("from_ieee754_64", "(varbinary) -> double", "Reads a double of eight bytes.",
             kernel_of<double_from_bytes>),
    total("substr", "(varbinary, bigint) -> varbinary",
          "Returns the bytes from a place on, from 1, or from the end if negative.",
          kernel_of<rest_of_bytes>),
    total("substr", "(varbinary, bigint, bigint) -> varbinary",
          "Returns so many bytes from a place on.", kernel_of<substring_of_bytes>),
    fallible("lpad", "(varbinary, bigint, varbinary) -> varbinary",
             "Pads or cuts bytes at the left to a length.", kernel_of<pad_bytes_left>),
    fallible("rpad", "(varbinary, bigint, varbinary) -> varbinary",
             "Pads or cuts bytes at the right to a length.", kernel_of<pad_bytes_right>),
    total("reverse", kBytes, "Reverses the bytes.", kernel_of<reverse_bytes>),
    {.name = "concat",
     .signature = "(varbinary, varbinary...) -> varbinary",
     .lowering = "({*||})",
     .doc = "Joins bytes.",
     .derive_result = joined_bytes},
};

}  // namespace

std::span<const FunctionEntry> binary_functions() { return kBinaryFunctions; }

}  // namespace trailsql
