#include "engine/engine_error.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <array>
#include <charconv>
#include <new>
#include <optional>

#include "base/text.h"

namespace trailsql {
namespace {

// The mark is hexadecimal throughout, because a message may hold NUL bytes, which end DuckDB's C
// strings, or text that DuckDB might rewrite.
constexpr std::string_view kMarkBegin = "[[trailsql:";
constexpr std::string_view kMarkEnd = "]]";
constexpr size_t kHeaderDigits = 2 + 8 + 8 + 8;  // code, line, column, message length

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

std::optional<uint32_t> parse_hex(std::string_view digits) {
  uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::optional<QueryError> decode(std::string_view text) {
  const size_t begin = text.find(kMarkBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + kMarkBegin.size());
  const size_t end = text.find(kMarkEnd);
  if (end == std::string_view::npos || end < kHeaderDigits || end % 2 != 0) return std::nullopt;
  const auto code = parse_hex(text.substr(0, 2));
  const auto line = parse_hex(text.substr(2, 8));
  const auto column = parse_hex(text.substr(10, 8));
  const auto message_bytes = parse_hex(text.substr(18, 8));
  if (!code || !line || !column || !message_bytes) return std::nullopt;
  if (*code > static_cast<uint32_t>(ErrorCode::kGenericExternalError)) return std::nullopt;
  std::string bytes;
  for (size_t i = kHeaderDigits; i < end; i += 2) {
    const auto byte = parse_hex(text.substr(i, 2));
    if (!byte) return std::nullopt;
    bytes += static_cast<char>(*byte);
  }
  if (*message_bytes > bytes.size()) return std::nullopt;
  return QueryError(static_cast<ErrorCode>(*code), Location{*line, *column},
                    bytes.substr(0, *message_bytes), bytes.substr(*message_bytes));
}

// One of DuckDB's own errors. The first row whose texts are both in the message applies.
struct Mapping {
  std::string_view prefix;    // how the message begins: DuckDB's name of the error's kind
  std::string_view contains;  // further text in it, or empty
  ErrorCode code;
  std::string_view text;  // what users read; empty: DuckDB's text without its kind
};
constexpr std::array kMappings = {
    Mapping{"INTERRUPT", "", ErrorCode::kUserCanceled, "Query was canceled"},
    Mapping{"", "More than one row returned by a subquery", ErrorCode::kSubqueryMultipleRows,
            "Scalar sub-query has returned multiple rows"},
    Mapping{"Divide by Zero", "", ErrorCode::kDivisionByZero, "Division by zero"},
    Mapping{"", "ivision by zero", ErrorCode::kDivisionByZero, "Division by zero"},
    // Only sums of decimals can leave 128 bits.
    Mapping{"Out of Range", "INT128", ErrorCode::kNumericValueOutOfRange, "Decimal overflow"},
    Mapping{"Out of Range", "HUGEINT", ErrorCode::kNumericValueOutOfRange, "Decimal overflow"},
    Mapping{"Out of Range", "", ErrorCode::kNumericValueOutOfRange, ""},
    Mapping{"Conversion", "out of range", ErrorCode::kNumericValueOutOfRange, ""},
    Mapping{"Conversion", "", ErrorCode::kInvalidCastArgument, ""},
    Mapping{"", "Cannot perform non-inner join on subquery", ErrorCode::kNotSupported,
            "A subquery in the condition of an outer join is not supported yet"},
    Mapping{"IO", "No space left on device", ErrorCode::kGenericInsufficientResources, ""},
};

// Returns the message without DuckDB's name of the error's kind ("Conversion Error: ") and without
// what follows its first line: the place in the engine's SQL, which users never see.
std::string_view without_kind(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  constexpr std::string_view kSeparator = " Error: ";
  const size_t at = message.find(kSeparator);
  return at < 40 ? message.substr(at + kSeparator.size()) : message;
}

/// Returns what DuckDB says of an exception of its own that flies through our callbacks: its C++
/// classes give their kind and message as a JSON object, its C interface as "KIND Error: MESSAGE".
/// Other texts are returned as they are.
std::string duckdb_message(std::string_view what) {
  simdjson::dom::parser parser;
  std::string_view kind;
  std::string_view message;
  const auto object = parser.parse(what.data(), what.size());
  if (object["exception_type"].get(kind) != simdjson::SUCCESS) return std::string(what);
  if (object["exception_message"].get(message) != simdjson::SUCCESS) return std::string(what);
  return fmt::format("{} Error: {}", kind, message);
}

QueryError memory_error(std::string_view message, uint64_t memory_limit_bytes) {
  std::string limit;
  if (memory_limit_bytes != 0) {
    limit = fmt::format(" of {}", human_size(static_cast<double>(memory_limit_bytes)));
  }
  std::string detail(without_kind(message));
  return {ErrorCode::kExceededMemoryLimit, Location{},
          fmt::format("Query exceeded per-node memory limit{} [{}]", limit, detail),
          "allow more memory, use fewer threads, or ask for fewer rows or columns"};
}

}  // namespace

std::string encode_error(const QueryError& error) {
  const std::string_view message = error.what();
  std::string out(kMarkBegin);
  out += fmt::format("{:02x}{:08x}{:08x}{:08x}", static_cast<uint32_t>(error.code()),
                     error.location().line, error.location().column, message.size());
  append_hex(out, message);
  append_hex(out, error.hint());
  out += kMarkEnd;
  return out;
}

std::string encode_current_exception() noexcept {
  try {
    try {
      throw;
    } catch (const QueryError& error) {
      return encode_error(error);
    } catch (const std::bad_alloc&) {
      return encode_error(
          QueryError(ErrorCode::kExceededMemoryLimit, "The machine is out of memory"));
    } catch (const std::exception& error) {
      return encode_error(to_query_error(duckdb_message(error.what()), 0));
    } catch (...) {
      return encode_error(QueryError(ErrorCode::kGenericInternalError, "Unknown exception"));
    }
  } catch (...) {
    return {};  // no memory even for the text; DuckDB still reports that something failed
  }
}

QueryError to_query_error(std::string_view message, uint64_t memory_limit_bytes) {
  if (auto error = decode(message)) return *std::move(error);
  if (message.starts_with("Out of Memory")) return memory_error(message, memory_limit_bytes);
  for (const Mapping& mapping : kMappings) {
    if (!message.starts_with(mapping.prefix)) continue;
    if (message.find(mapping.contains) == std::string_view::npos) continue;
    const std::string_view text = mapping.text.empty() ? without_kind(message) : mapping.text;
    return {mapping.code, std::string(text)};
  }
  return {ErrorCode::kGenericInternalError, Location{}, std::string(message),
          "this is a defect of the program, not of the query; please report it"};
}

}  // namespace trailsql
