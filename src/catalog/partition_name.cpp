#include "catalog/partition_name.h"

#include <fmt/core.h>

#include "base/text.h"

namespace trailsql {
namespace {

// Hive's FileUtils.charToEscape, by meaning.
bool is_escaped(char c) {
  constexpr std::string_view kEscaped = "\"#%'*/:=?\\{[]^\x7F";
  return static_cast<unsigned char>(c) < 0x20 || kEscaped.find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_escaped(c)) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string partition_name(const std::vector<PartitionPart>& parts) {
  std::string name;
  for (const PartitionPart& part : parts) {
    if (!name.empty()) name += '/';
    append_escaped(name, part.column);
    name += '=';
    const bool is_null = !part.value || part.value->empty();
    append_escaped(name, is_null ? kNullPartitionValue : std::string_view(*part.value));
  }
  return name;
}

std::optional<std::vector<PartitionPart>> parse_partition_name(std::string_view name) {
  std::vector<PartitionPart> parts;
  while (!name.empty()) {
    const size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    PartitionPart parsed{percent_decoded(part.substr(0, equals)), std::nullopt};
    const std::string_view value = part.substr(equals + 1);
    if (value != kNullPartitionValue) parsed.value = percent_decoded(value);
    parts.push_back(std::move(parsed));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return parts;
}

}  // namespace trailsql
