// Names, strings and types as text.
#include <algorithm>

#include "syntax/keywords.h"
#include "syntax/printer.h"

namespace trailsql {

void append_identifier(std::string& out, const Identifier& name) {
  if (!name.quoted && !is_reserved_word(name.value)) {
    out += name.value;
    return;
  }
  out += '"';
  for (char c : name.value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_qualified_name(std::string& out, const QualifiedName& name) {
  for (size_t i = 0; i < name.parts.size(); ++i) {
    if (i > 0) out += '.';
    append_identifier(out, name.parts[i]);
  }
}

void append_identifiers(std::string& out, const std::vector<Identifier>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += ", ";
    append_identifier(out, names[i]);
  }
}

void append_string_literal(std::string& out, std::string_view text) {
  out += '\'';
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  out += '\'';
}

void append_type(std::string& out, const TypeName& type) {
  constexpr std::string_view kWithTimeZone = " with time zone";
  const bool has_zone = type.name.ends_with(kWithTimeZone);
  const bool has_numbers = std::ranges::any_of(
      type.parameters, [](const TypeName::Parameter& each) { return each.number.has_value(); });
  if (type.name == "row" && type.written_name[0] != '"' && !type.parameters.empty() &&
      !has_numbers) {
    out += "ROW";
  } else if (type.name.starts_with("interval ")) {
    out +=
        type.name == "interval year to month" ? "INTERVAL YEAR TO MONTH" : "INTERVAL DAY TO SECOND";
  } else if (has_zone || type.name == "timestamp" || type.name == "time") {
    out += type.name.substr(0, type.name.size() - (has_zone ? kWithTimeZone.size() : 0));
  } else {
    out += type.written_name;
  }
  for (size_t i = 0; i < type.parameters.size(); ++i) {
    const TypeName::Parameter& parameter = type.parameters[i];
    out += i == 0 ? "(" : ", ";
    if (parameter.field_name) {
      append_identifier(out, *parameter.field_name);
      out += ' ';
    }
    if (parameter.type != nullptr) {
      append_type(out, *parameter.type);
    } else if (parameter.number) {
      out += std::to_string(*parameter.number);
    }
  }
  if (!type.parameters.empty()) out += ')';
  if (has_zone) out += kWithTimeZone;
}

}  // namespace trailsql
