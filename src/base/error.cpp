#include "base/error.h"

#include "base/hive_error.h"

namespace trailsql {
namespace {

constexpr std::string_view kHiveFailure = "FAILED: ";
constexpr std::string_view kHiveParseFailure = "FAILED: ParseException ";

}  // namespace

std::string QueryError::visible(std::string message) {
  if (message.find('\0') == std::string::npos) return message;
  std::string shown;
  for (const char c : message) {
    if (c == '\0') {
      shown += "␀";
    } else {
      shown += c;
    }
  }
  return shown;
}

QueryError hive_parse_error(Location location, std::string_view text, std::string hint) {
  return {ErrorCode::kSyntaxError, location, fmt::format("{}{}", kHiveParseFailure, text),
          std::move(hint)};
}

QueryError hive_error(ErrorCode code, Location location, std::string_view text, std::string hint) {
  return {code, location, fmt::format("{}{}", kHiveFailure, text), std::move(hint)};
}

bool has_hive_form(const QueryError& error) {
  return std::string_view(error.what()).starts_with(kHiveFailure);
}

std::string QueryError::full_text() const {
  const std::string_view text = what();
  if (text.starts_with(kHiveParseFailure)) {
    // Hive counts columns from 0.
    return fmt::format("{}line {}:{} {}", kHiveParseFailure, location_.line,
                       location_.column > 0 ? location_.column - 1 : 0,
                       text.substr(kHiveParseFailure.size()));
  }
  if (has_hive_form(*this)) return std::string(text);
  if (!location_.known()) return fmt::format("{}: {}", error_name(code_), what());
  return fmt::format("{}: line {}:{}: {}", error_name(code_), location_.line, location_.column,
                     what());
}

}  // namespace trailsql
