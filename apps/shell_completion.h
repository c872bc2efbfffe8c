// What Tab offers in the shell: keywords, functions, databases, tables, columns and nested fields.
#pragma once

#include <string>
#include <string_view>

#include "apps/line_editor.h"
#include "catalog/metadata.h"

namespace trailsql {

/// Completes the word at the end of `text_before_cursor`. After a dot it is the name of a table of
/// the database before the dot, or of a column or field; commands of the shell begin with a dot.
Completion complete_word(const Metadata& metadata, std::string_view database,
                         std::string_view text_before_cursor);

/// The commands of the shell with one sentence each, in the order of help.
struct ShellCommand {
  std::string_view name;  // with the dot
  std::string_view arguments;
  std::string_view doc;
};
const std::vector<ShellCommand>& shell_commands();

}  // namespace trailsql
