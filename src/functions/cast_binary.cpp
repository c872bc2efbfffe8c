// Casts of varbinary, uuid and ipaddress, which are all bytes.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "functions/caster.h"

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

std::optional<std::string> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  std::array<char, kNumBytes> bytes{};
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1)
    return std::string(bytes.data(), bytes.size());
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) != 1) return std::nullopt;
  std::string mapped(10, '\0');
  mapped += "\xff\xff";
  mapped.append(bytes.data(), 4);
  return mapped;
}

Caster make_from_text(const Type& to) {
  if (to.is(TypeKind::kVarbinary)) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_string(column.string_at(row));
      return true;
    };
  }
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
  if (from.is(TypeKind::kVarchar)) return make_from_text(to);
  const auto is_address = [](const Type& type) {
    return type.is(TypeKind::kUuid) || type.is(TypeKind::kIpAddress);
  };
  if (is_address(from) && to.is(TypeKind::kVarbinary)) {
    return [](const Column& column, size_t row, Column& result, CastProblem&) {
      result.append_string(column.string_at(row));
      return true;
    };
  }
  if (!from.is(TypeKind::kVarbinary) || !is_address(to)) return {};
  const bool uuid = to.is(TypeKind::kUuid);
  return [uuid](const Column& column, size_t row, Column& result, CastProblem& problem) {
    std::string bytes(column.string_at(row));
    if (!uuid && bytes.size() == 4) bytes = std::string(10, '\0') + "\xff\xff" + bytes;
    if (bytes.size() != kNumBytes) {
      problem = {
          ErrorCode::kInvalidCastArgument,
          fmt::format("Invalid {} binary length: {}", uuid ? "UUID" : "InetAddress", bytes.size())};
      return false;
    }
    result.append_string(bytes);
    return true;
  };
}

}  // namespace trailsql
