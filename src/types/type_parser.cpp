// Implements parse_type of type.h: both spellings of types, in any mixture.
#include <array>
#include <charconv>
#include <initializer_list>

#include "base/error.h"
#include "base/text.h"
#include "types/type.h"

namespace trailsql {
namespace {

constexpr int kMaxTypeDepth = 500;

constexpr auto kPlainNames = std::to_array<PlainTypeName>({
    {"boolean", TypeKind::kBoolean},
    {"tinyint", TypeKind::kTinyint},
    {"smallint", TypeKind::kSmallint},
    {"integer", TypeKind::kInteger},
    {"int", TypeKind::kInteger},
    {"bigint", TypeKind::kBigint},
    {"real", TypeKind::kReal},
    {"float", TypeKind::kReal},
    {"double", TypeKind::kDouble},
    {"double precision", TypeKind::kDouble},
    {"varbinary", TypeKind::kVarbinary},
    {"binary", TypeKind::kVarbinary},
    {"date", TypeKind::kDate},
    {"interval day to second", TypeKind::kIntervalDayToSecond},
    {"interval year to month", TypeKind::kIntervalYearToMonth},
    {"json", TypeKind::kJson},
    {"uuid", TypeKind::kUuid},
    {"ipaddress", TypeKind::kIpAddress},
    {"hyperloglog", TypeKind::kHyperLogLog},
    {"setdigest", TypeKind::kSetDigest},
    {"unknown", TypeKind::kUnknown},
});

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '@' || static_cast<unsigned char>(c) >= 0x80;
}

struct Token {
  enum class Kind : uint8_t { kEnd, kWord, kQuoted, kSymbol };
  Kind kind = Kind::kEnd;
  std::string text;  // words as written; quoted names without their quotes
};

class TypeParser {
 public:
  explicit TypeParser(std::string_view text) : text_(text) { advance(); }

  Type parse_whole() {
    Type type = parse(0, false);
    if (current_.kind != Token::Kind::kEnd) fail();
    return type;
  }

 private:
  [[noreturn]] void fail() const {
    throw QueryError(ErrorCode::kSyntaxError, fmt::format("'{}' is not a type", text_));
  }

  [[noreturn]] static void fail_unknown(std::string_view name) {
    throw QueryError(ErrorCode::kTypeNotFound, fmt::format("Unknown type: {}", name));
  }

  Token read_token(size_t& position) const {
    while (position < text_.size() && (text_[position] == ' ' || text_[position] == '\n' ||
                                       text_[position] == '\t' || text_[position] == '\r')) {
      ++position;
    }
    if (position >= text_.size()) return {};
    const char first = text_[position];
    if (first == '"' || first == '`') {
      Token token{Token::Kind::kQuoted, {}};
      for (++position; position < text_.size(); ++position) {
        if (text_[position] == first) {
          if (position + 1 >= text_.size() || text_[position + 1] != first) {
            ++position;
            return token;
          }
          ++position;
        }
        token.text += text_[position];
      }
      fail();
    }
    if (!is_word_character(first)) return {Token::Kind::kSymbol, std::string(1, text_[position++])};
    const size_t start = position;
    while (position < text_.size() && is_word_character(text_[position])) ++position;
    return {Token::Kind::kWord, std::string(text_.substr(start, position - start))};
  }

  void advance() { current_ = read_token(position_); }

  Token peek() const {
    size_t position = position_;
    return read_token(position);
  }

  bool at_word(std::string_view word) const {
    return current_.kind == Token::Kind::kWord && equals_ignoring_case(current_.text, word);
  }

  bool accept_symbol(char symbol) {
    if (current_.kind != Token::Kind::kSymbol || current_.text[0] != symbol) return false;
    advance();
    return true;
  }

  void expect_symbol(char symbol) {
    if (!accept_symbol(symbol)) fail();
  }

  bool accept_words(std::initializer_list<std::string_view> words) {
    if (!at_word(*words.begin())) return false;
    for (const std::string_view word : words) {
      if (!at_word(word)) fail();
      advance();
    }
    return true;
  }

  uint32_t parse_number() {
    uint32_t number = 0;
    const char* begin = current_.text.data();
    const char* end = begin + current_.text.size();
    if (current_.kind != Token::Kind::kWord) fail();
    const auto [stop, problem] = std::from_chars(begin, end, number);
    if (problem != std::errc() || stop != end) fail();
    advance();
    return number;
  }

  Type parse(int depth, bool hive) {
    if (depth > kMaxTypeDepth) {
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("Types nest deeper than {} levels", kMaxTypeDepth));
    }
    if (current_.kind != Token::Kind::kWord) fail();
    const std::string written = current_.text;
    const std::string name = to_lower_ascii(written);
    advance();
    if (name == "array") return parse_array(depth);
    if (name == "map") return parse_map(depth);
    if (name == "row" || name == "struct") return parse_row(depth);
    if (name == "decimal" || name == "numeric" || name == "dec") return parse_decimal(hive);
    if (name == "varchar") return parse_varchar();
    if (name == "char") return parse_char();
    if (name == "time" || name == "timestamp") return parse_time(name == "timestamp");
    if (name == "interval") return parse_interval();
    if (name == "double") {
      accept_words({"precision"});
      return TypeKind::kDouble;
    }
    if (name == "string") return Type::varchar();
    for (const PlainTypeName& plain : kPlainNames) {
      if (plain.name == name) return plain.kind;
    }
    fail_unknown(written);
  }

  // Returns the closing symbol that belongs to the opening one that comes next.
  char open_parts() {
    if (accept_symbol('<')) return '>';
    expect_symbol('(');
    return ')';
  }

  Type parse_array(int depth) {
    const char close = open_parts();
    Type element = parse(depth + 1, close == '>');
    expect_symbol(close);
    return Type::array(std::move(element));
  }

  Type parse_map(int depth) {
    const char close = open_parts();
    Type key = parse(depth + 1, close == '>');
    expect_symbol(',');
    Type value = parse(depth + 1, close == '>');
    expect_symbol(close);
    return Type::map(std::move(key), std::move(value));
  }

  Type parse_row(int depth) {
    const char close = open_parts();
    std::vector<RowField> fields;
    do {
      fields.push_back(close == '>' ? parse_hive_field(depth) : parse_field(depth));
    } while (accept_symbol(','));
    expect_symbol(close);
    return Type::row(std::move(fields));
  }

  RowField parse_hive_field(int depth) {
    if (current_.kind != Token::Kind::kWord && current_.kind != Token::Kind::kQuoted) fail();
    std::string name = to_lower_ascii(current_.text);
    advance();
    expect_symbol(':');
    Type type = parse(depth + 1, true);
    return {std::move(name), std::move(type)};
  }

  RowField parse_field(int depth) {
    if (!at_field_name()) return {std::nullopt, parse(depth + 1, false)};
    std::string name = current_.text;
    advance();
    Type type = parse(depth + 1, false);
    return {std::move(name), std::move(type)};
  }

  // A word is a field's name if a type follows it; some types have a second word themselves.
  bool at_field_name() const {
    if (current_.kind == Token::Kind::kQuoted) return true;
    const Token next = peek();
    if (current_.kind != Token::Kind::kWord || next.kind != Token::Kind::kWord) return false;
    const std::string second = to_lower_ascii(next.text);
    if (at_word("double")) return second != "precision";
    if (at_word("time") || at_word("timestamp")) return second != "with" && second != "without";
    if (at_word("interval")) return second != "year" && second != "day";
    return true;
  }

  Type parse_decimal(bool hive) {
    // Hive's plain decimal is decimal(10,0), Trino's decimal(38,0).
    uint32_t precision = hive ? 10 : Type::kMaxDecimalPrecision;
    uint32_t scale = 0;
    if (accept_symbol('(')) {
      precision = parse_number();
      if (accept_symbol(',')) scale = parse_number();
      expect_symbol(')');
    }
    return checked_decimal_type(precision, scale);
  }

  Type parse_varchar() {
    if (!accept_symbol('(')) return Type::varchar();
    const uint32_t length = parse_number();
    expect_symbol(')');
    if (length >= Type::kUnbounded) fail();
    return Type::varchar(length);
  }

  Type parse_char() {
    uint32_t length = 1;
    if (accept_symbol('(')) {
      length = parse_number();
      expect_symbol(')');
    }
    if (length > Type::kMaxCharLength) {
      throw QueryError(ErrorCode::kInvalidFunctionArgument,
                       fmt::format("CHAR length must be in range [0, {}], got {}",
                                   Type::kMaxCharLength, length));
    }
    return Type::character(length);
  }

  Type parse_time(bool has_date) {
    int precision = Type::kDefaultTimePrecision;
    if (accept_symbol('(')) {
      const uint32_t number = parse_number();
      expect_symbol(')');
      if (number > Type::kMaxTimePrecision) {
        throw QueryError(ErrorCode::kInvalidFunctionArgument,
                         fmt::format("{} precision must be in range [0, 12]: {}",
                                     has_date ? "TIMESTAMP" : "TIME", number));
      }
      precision = static_cast<int>(number);
    }
    accept_words({"without", "time", "zone"});
    const bool has_zone = accept_words({"with", "time", "zone"});
    if (has_date && has_zone) return Type::timestamp_with_time_zone(precision);
    if (has_date) return Type::timestamp(precision);
    return has_zone ? Type::time_with_time_zone(precision) : Type::time(precision);
  }

  Type parse_interval() {
    if (accept_words({"year", "to", "month"})) return TypeKind::kIntervalYearToMonth;
    if (accept_words({"day", "to", "second"})) return TypeKind::kIntervalDayToSecond;
    fail();
  }

  std::string_view text_;
  size_t position_ = 0;
  Token current_;
};

}  // namespace

std::span<const PlainTypeName> plain_type_names() { return kPlainNames; }

Type checked_decimal_type(uint64_t precision, uint64_t scale) {
  if (precision < 1 || precision > Type::kMaxDecimalPrecision) {
    throw QueryError(ErrorCode::kInvalidFunctionArgument,
                     fmt::format("DECIMAL precision must be in range [1, 38]: {}", precision));
  }
  if (scale > precision) {
    throw QueryError(
        ErrorCode::kInvalidFunctionArgument,
        fmt::format("DECIMAL scale must be in range [0, precision ({})]: {}", precision, scale));
  }
  return Type::decimal(static_cast<int>(precision), static_cast<int>(scale));
}

Type parse_type(std::string_view text) { return TypeParser(text).parse_whole(); }

}  // namespace trailsql
