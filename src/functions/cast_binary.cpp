// Casts of varbinary, uuid and ipaddress, which are all bytes.
#include <fmt/core.h>

#include <charconv>
#include <optional>

#include "functions/caster.h"
#include "functions/parse_value.h"

namespace trailsql {
namespace {

constexpr size_t kNumBytes = 16;

std::optional<std::string> parse_uuid(std::string_view text) {
  constexpr size_t kLength = 36;
  if (text.size() != kLength) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    unsigned value = 0;
    const auto [stop, problem] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (problem != std::errc() || stop != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
    i += 2;
  }
  return bytes;
}

Caster make_text_to_address(const Type& to) {
  const bool uuid = to.is(TypeKind::kUuid);
  if (!uuid && !to.is(TypeKind::kIpAddress)) return {};
  return [uuid](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const std::string_view text = column.string_at(row);
    const std::optional<std::string> bytes = uuid ? parse_uuid(text) : parse_ip_address(text);
    if (!bytes) {
      problem = {ErrorCode::kInvalidCastArgument,
                 fmt::format("Cannot cast value to {}: {}", uuid ? "UUID" : "IPADDRESS", text)};
      return false;
    }
    result.append_string(*bytes);
    return true;
  };
}

}  // namespace

Caster make_binary_caster(const Type& from, const Type& to) {
  const auto is_address = [](const Type& type) {
    return type.is(TypeKind::kUuid) || type.is(TypeKind::kIpAddress);
  };
  const bool from_text = from.is(TypeKind::kVarchar);
  const bool digest =
      from.is(TypeKind::kVarbinary) && to.is(TypeKind::kSetDigest);  // checked where it is read
  const bool to_bytes = to.is(TypeKind::kVarbinary) &&
                        (from_text || is_address(from) || from.is(TypeKind::kSetDigest));
  if (to_bytes || digest) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_string(column.string_at(row));
      return true;
    };
  }
  if (from_text) return make_text_to_address(to);
  if (!from.is(TypeKind::kVarbinary) || !is_address(to)) return {};
  const bool uuid = to.is(TypeKind::kUuid);
  return [uuid](const Column& column, size_t row, Column& result, CastProblem& problem) {
    std::string bytes(column.string_at(row));
    if (!uuid && bytes.size() == 4) bytes = std::string(10, '\0') + "\xff\xff" + bytes;
    if (bytes.size() != kNumBytes) {
      problem = {
          ErrorCode::kInvalidCastArgument,
          fmt::format("Invalid {} binary length: {}", uuid ? "UUID" : "IP address", bytes.size())};
      return false;
    }
    result.append_string(bytes);
    return true;
  };
}

}  // namespace trailsql
