// What a call of JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT or JSON_ARRAY says beside its
// values. It is written into one text, the kernel's first argument, which is a constant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// How a value stands for JSON: as what it is, or as JSON text in an encoding.
enum class JsonForm : char { kPlain = '-', kUtf8 = '8', kUtf16 = '6', kUtf32 = '2' };
enum class JsonWrapper : char { kWithout = '-', kConditional = 'c', kUnconditional = 'u' };
/// What ON EMPTY and ON ERROR ask for.
enum class JsonAnswer : char {
  kNull = 'n',
  kError = 'e',
  kTrue = 't',
  kFalse = 'f',
  kDefault = 'd',
  kEmptyArray = 'a',
  kEmptyObject = 'o'
};

struct SqlJsonSpec {
  JsonForm input = JsonForm::kUtf8;  // of the JSON that a path works on
  JsonForm output = JsonForm::kUtf8;
  JsonWrapper wrapper = JsonWrapper::kWithout;
  JsonAnswer on_empty = JsonAnswer::kNull;
  JsonAnswer on_error = JsonAnswer::kNull;
  bool omit_quotes = false;
  bool absent_on_null = false;
  bool unique_keys = false;
  std::vector<JsonForm> forms;     // of the values passed, or of the members or elements
  std::vector<std::string> names;  // of the values passed
  std::string path;

  std::string write() const;
  /// Reads what `write` wrote.
  static SqlJsonSpec read(std::string_view text);
};

}  // namespace trailsql
