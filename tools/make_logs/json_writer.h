// Writes compact JSON, members in the order of the calls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trailsql::make_logs {

/// Appends JSON to a string that must outlive it. The caller balances begin and end.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() {
    separate();
    out_ += '{';
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& begin_object(std::string_view key) { return name(key).begin_object(); }
  JsonWriter& end_object() {
    out_ += '}';
    return done();
  }

  JsonWriter& text(std::string_view key, std::string_view value) {
    name(key);
    return element(value);
  }
  /// Writes the member only if there is something to write.
  JsonWriter& text_if(std::string_view key, std::string_view value) {
    return value.empty() ? *this : text(key, value);
  }
  JsonWriter& number(std::string_view key, int64_t value) {
    name(key);
    out_ += std::to_string(value);
    return done();
  }
  JsonWriter& boolean(std::string_view key, bool value) {
    return raw(key, value ? "true" : "false");
  }
  /// Writes a member whose value is JSON already.
  JsonWriter& raw(std::string_view key, std::string_view json) {
    name(key);
    out_ += json;
    return done();
  }
  /// Writes a string without a name.
  JsonWriter& element(std::string_view value) {
    separate();
    out_ += '"';
    for (const char letter : value) append_escaped(letter);
    out_ += '"';
    return done();
  }

 private:
  JsonWriter& name(std::string_view key) {
    separate();
    out_ += '"';
    out_ += key;
    out_ += "\":";
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& done() {
    needs_comma_ = true;
    return *this;
  }
  void separate() {
    if (needs_comma_) out_ += ',';
  }
  void append_escaped(char letter) {
    if (letter == '"' || letter == '\\') {
      out_ += '\\';
      out_ += letter;
    } else if (letter == '\n') {
      out_ += "\\n";
    } else {
      out_ += letter;
    }
  }

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace trailsql::make_logs
