// Functions on bytes: encodings and digests.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <bit>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// One U+FFFD stands for a first byte with as many continuation bytes as it announces and as there
// are, overlong forms and those of five and six bytes, too: other than where Java decodes. source:
// asked from Trino 476.
std::string from_utf8(std::string_view bytes) {
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
    out += is_valid_utf8(sequence) ? sequence : "\xEF\xBF\xBD";
    i += length;
  }
  return out;
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
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  fail_argument("Invalid hex character: " + std::string(1, c));
}
std::string from_hex(std::string_view text) {
  if (text.size() % 2 != 0) fail_argument("Invalid input length " + std::to_string(text.size()));
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
std::string decode_base64(std::string_view text, std::string_view digits) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  unsigned num_bits = 0;
  for (const char c : text) {
    const size_t digit = digits.find(c);
    if (digit == std::string_view::npos)
      fail_argument(fmt::format("Illegal base64 character {:x}", static_cast<unsigned char>(c)));
    bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU;
    num_bits += 6;
    if (num_bits >= 8) {
      num_bits -= 8;
      out += static_cast<char>(bits >> num_bits & 0xFFU);
    }
  }
  if (text.size() % 4 == 1) fail_argument("Last unit does not have enough valid bits");
  return out;
}
std::string to_base64(std::string_view bytes) { return encode_base64(bytes, kBase64Digits); }
std::string to_base64url(std::string_view bytes) { return encode_base64(bytes, kBase64UrlDigits); }
std::string from_base64(std::string_view text) { return decode_base64(text, kBase64Digits); }
std::string from_base64url(std::string_view text) { return decode_base64(text, kBase64UrlDigits); }

template <const EVP_MD* (*Algorithm)()>
std::string digest(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, Algorithm(), nullptr) != 1)
    throw QueryError(ErrorCode::kGenericInternalError, "Digest is not available");
  return {reinterpret_cast<const char*>(hash.data()), length};
}

constexpr std::string_view kBytes = "(varbinary) -> varbinary";

constexpr FunctionEntry kEntries[] = {
    plain("to_utf8", "(varchar(x)) -> varbinary", "encode({0})", "Returns the bytes of a text."),
    total("from_utf8", "(varbinary) -> varchar",
          "Reads bytes as text; malformed ones become U+FFFD.", kernel_of<from_utf8>),
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
    total("md5", kBytes, "Returns the MD5 digest.", kernel_of<digest<EVP_md5>>),
    total("sha1", kBytes, "Returns the SHA-1 digest.", kernel_of<digest<EVP_sha1>>),
    total("sha256", kBytes, "Returns the SHA-256 digest.", kernel_of<digest<EVP_sha256>>),
    total("sha512", kBytes, "Returns the SHA-512 digest.", kernel_of<digest<EVP_sha512>>),
};

}  // namespace

std::span<const FunctionEntry> binary_functions() { return kEntries; }

}  // namespace trailsql
