#include "apps/shell_completion.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"
#include "functions/function.h"
#include "syntax/keywords.h"

namespace trailsql {
namespace {

// Beyond this many tables their columns are not offered, so that Tab answers at once.
constexpr size_t kMaxTablesRead = 200;

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

/// Collects the names that begin with what was typed.
class Candidates {
 public:
  explicit Candidates(std::string_view typed) : typed_(typed) {}

  void add(std::string_view name) {
    if (name.size() >= typed_.size() &&
        equals_ignoring_case(name.substr(0, typed_.size()), typed_)) {
      names_.emplace(name);
    }
  }
  /// Keywords take the case in which the typing began.
  void add_keyword(std::string_view word) {
    const bool is_upper =
        typed_.empty() || std::isupper(static_cast<unsigned char>(typed_.front())) != 0;
    add(is_upper ? std::string(word) : to_lower_ascii(word));
  }
  void add_fields(const Type& type) {
    for (const RowField& field : type.fields()) {
      if (field.name && type.is(TypeKind::kRow)) add(*field.name);
      add_fields(field.type);
    }
  }
  void add_columns(const CatalogTable& table) {
    for (const auto* columns : {&table.columns, &table.partition_columns}) {
      for (const CatalogColumn& column : *columns) {
        add(column.name);
        add_fields(column.type);
      }
    }
  }
  std::vector<std::string> take() const { return {names_.begin(), names_.end()}; }

 private:
  std::string_view typed_;
  std::set<std::string> names_;
};

void add_all_columns(Candidates& candidates, const Metadata& metadata, std::string_view database) {
  const std::vector<std::string> tables = metadata.table_names(database);
  if (tables.size() > kMaxTablesRead) return;
  for (const std::string& name : tables) {
    const std::shared_ptr<const CatalogTable> table = metadata.find_table(database, name);
    if (table) candidates.add_columns(*table);
  }
}

}  // namespace

const std::vector<ShellCommand>& shell_commands() {
  static const std::vector<ShellCommand> kCommands{
      {".help", "", "shows this list"},
      {".tables", "[PATTERN]", "lists the tables and views of the database; * stands for anything"},
      {".schema", "TABLE", "shows the statement that created a table or view"},
      {".databases", "", "lists the databases"},
      {".use", "DATABASE", "changes the database of names without one"},
      {".format", "[NAME]", "shows or changes how results look: table, csv, json, vertical, …"},
      {".read", "FILE", "runs the statements of a file"},
      {".warnings", "", "lists what the last query skipped or found malformed, and where"},
      {".quit", "", "leaves; so does Ctrl-D"},
  };
  return kCommands;
}

Completion complete_word(const Metadata& metadata, std::string_view database,
                         std::string_view text_before_cursor) {
  size_t start = text_before_cursor.size();
  while (start > 0 && is_name_character(text_before_cursor[start - 1])) --start;
  std::string_view typed = text_before_cursor.substr(start);
  const bool after_dot = start > 0 && text_before_cursor[start - 1] == '.';
  if (after_dot && start == 1) {  // a command of the shell
    typed = text_before_cursor;
    Candidates candidates(typed);
    for (const ShellCommand& command : shell_commands()) candidates.add(command.name);
    return {typed.size(), candidates.take()};
  }
  Candidates candidates(typed);
  if (after_dot) {
    size_t qualifier_start = start - 1;
    while (qualifier_start > 0 && is_name_character(text_before_cursor[qualifier_start - 1])) {
      --qualifier_start;
    }
    const std::string qualifier =
        to_lower_ascii(text_before_cursor.substr(qualifier_start, start - 1 - qualifier_start));
    if (metadata.find_database(qualifier)) {
      for (const std::string& name : metadata.table_names(qualifier)) candidates.add(name);
    }
    add_all_columns(candidates, metadata, database);
    return {typed.size(), candidates.take()};
  }
  for (const std::string_view word : reserved_words()) candidates.add_keyword(word);
  for (const std::string_view word : non_reserved_words()) candidates.add_keyword(word);
  for (const std::string& name : function_names()) candidates.add(name);
  for (const std::string& name : metadata.database_names()) candidates.add(name);
  for (const std::string& name : metadata.table_names(database)) candidates.add(name);
  add_all_columns(candidates, metadata, database);
  return {typed.size(), candidates.take()};
}

}  // namespace trailsql
