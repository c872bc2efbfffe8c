#include "functions/signature.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <stdexcept>

#include "types/coercion.h"

namespace trailsql {
namespace {

// A variable that takes any type, in every place another.
constexpr std::string_view kAnyType = "any";

class SignatureParser {
 public:
  explicit SignatureParser(std::string_view text) : text_(text) {}

  Signature parse() {
    Signature signature;
    expect("(");
    if (!accept(")")) {
      do {
        signature.arguments.push_back(parse_pattern());
        signature.is_variadic = accept("...");
      } while (accept(","));
      expect(")");
    }
    expect("->");
    signature.result = parse_pattern();
    skip_spaces();
    if (position_ != text_.size()) fail();
    signature.is_generic = has_variable_;
    return signature;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::logic_error("signature is malformed: " + std::string(text_));
  }

  void skip_spaces() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }

  bool accept(std::string_view symbol) {
    skip_spaces();
    if (!text_.substr(position_).starts_with(symbol)) return false;
    position_ += symbol.size();
    return true;
  }

  void expect(std::string_view symbol) {
    if (!accept(symbol)) fail();
  }

  std::string parse_word() {
    skip_spaces();
    const size_t start = position_;
    const auto is_word = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    while (position_ < text_.size() && is_word(text_[position_])) ++position_;
    if (position_ == start) fail();
    return std::string(text_.substr(start, position_ - start));
  }

  TypePattern parse_pattern() {
    const std::string word = parse_word();
    TypePattern pattern;
    if (word.size() <= 2 && word[0] >= 'A' && word[0] <= 'Z') {
      has_variable_ = true;
      pattern.variable = word;
      pattern.is_orderable = accept(":orderable");
      return pattern;
    }
    if (word == "interval") {
      pattern.kind =
          parse_word() == "year" ? TypeKind::kIntervalYearToMonth : TypeKind::kIntervalDayToSecond;
      parse_word();
      parse_word();
      return pattern;
    }
    if (word == kAnyType) {
      has_variable_ = true;
      pattern.variable = word;
      return pattern;
    }
    pattern.kind = find_kind(word);
    if (accept("(")) parse_parameters(pattern);
    if (accept("with time zone")) {
      pattern.kind = pattern.kind == TypeKind::kTime ? TypeKind::kTimeWithTimeZone
                                                     : TypeKind::kTimestampWithTimeZone;
    }
    return pattern;
  }

  void parse_parameters(TypePattern& pattern) {
    const bool nested = pattern.kind == TypeKind::kArray || pattern.kind == TypeKind::kMap ||
                        pattern.kind == TypeKind::kRow || pattern.kind == TypeKind::kFunction;
    do {
      if (nested) {
        pattern.parts.push_back(parse_pattern());
      } else {
        pattern.numbers.push_back(parse_word());
        has_variable_ = has_variable_ || pattern.numbers.back()[0] > '9';
      }
    } while (accept(","));
    expect(")");
  }

  TypeKind find_kind(const std::string& word) const {
    for (int kind = 0; kind <= static_cast<int>(TypeKind::kFunction); ++kind) {
      if (kind_name(static_cast<TypeKind>(kind)) == word) return static_cast<TypeKind>(kind);
    }
    fail();
  }

  std::string_view text_;
  size_t position_ = 0;
  bool has_variable_ = false;
};

bool is_literal(const std::string& number) { return number[0] >= '0' && number[0] <= '9'; }

uint32_t literal_value(const std::string& number) {
  uint32_t value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

// The smallest type of the pattern's kind that the argument coerces to; empty when there is none.
std::optional<Type> as_kind(const Type& argument, TypeKind kind) {
  if (argument.is(kind)) return argument;
  const bool unknown = argument.is(TypeKind::kUnknown);
  const int null_precision = unknown ? 3 : 0;
  std::optional<Type> least;
  switch (kind) {
    case TypeKind::kVarchar:  // char does not become varchar
      return unknown ? std::optional(Type::varchar(0)) : std::nullopt;
    case TypeKind::kChar: least = Type::character(0); break;
    case TypeKind::kDecimal: least = Type::decimal(1, 0); break;
    // NULL becomes a time of milliseconds, what is shorter only what it needs.
    case TypeKind::kTime: least = Type::time(null_precision); break;
    case TypeKind::kTimeWithTimeZone: least = Type::time_with_time_zone(null_precision); break;
    case TypeKind::kTimestamp: least = Type::timestamp(null_precision); break;
    case TypeKind::kTimestampWithTimeZone:
      least = Type::timestamp_with_time_zone(null_precision);
      break;
    default: return std::nullopt;
  }
  if (unknown) return least;
  const std::optional<Type> common = common_super_type(argument, *least);
  if (!common || !common->is(kind) || argument.is_unbounded_varchar()) return std::nullopt;
  return common;
}

class Binder {
 public:
  explicit Binder(bool allow_coercion) : allow_coercion_(allow_coercion) {}

  bool match(const TypePattern& pattern, const Type& argument) {
    if (argument.is(TypeKind::kFunction)) return false;
    if (pattern.variable == kAnyType) return true;
    if (!pattern.variable.empty()) {
      if (pattern.is_orderable) orderable_.insert(pattern.variable);
      return bind_type(pattern.variable, argument);
    }
    if (!pattern.parts.empty()) return match_parts(pattern, argument);
    if (pattern.numbers.empty()) return match_concrete(pattern, argument);
    const std::optional<Type> type =
        allow_coercion_ ? as_kind(argument, pattern.kind)
                        : (argument.is(pattern.kind) ? std::optional(argument) : std::nullopt);
    if (!type) return false;
    if (pattern.kind == TypeKind::kDecimal) {
      return bind_number(pattern.numbers[0], static_cast<uint32_t>(type->precision())) &&
             bind_number(pattern.numbers[1], static_cast<uint32_t>(type->scale()));
    }
    return bind_number(pattern.numbers[0], type->length());
  }

  // Types a lambda by what its parameters are bound to so far.
  bool match_lambda(const TypePattern& pattern, size_t argument, const Type& type,
                    const LambdaTyper& type_lambda) {
    if (pattern.kind != TypeKind::kFunction) return false;
    std::vector<Type> parameters;
    for (const TypePattern& part : pattern.parts) parameters.push_back(instantiate(part));
    parameters.pop_back();
    if (type.fields().empty()) {
      return type_lambda && match(pattern.parts.back(), type_lambda(argument, parameters));
    }
    return parameter_types(type) == parameters && match(pattern.parts.back(), result_type(type));
  }

  // Whether every variable that must have an order has one.
  bool satisfies_constraints() const {
    return std::all_of(orderable_.begin(), orderable_.end(), [&](const std::string& variable) {
      const auto found = types_.find(variable);
      return found == types_.end() || is_orderable(found->second);
    });
  }

  // How often a variable was bound or widened.
  size_t num_changes() const { return num_changes_; }

  Type instantiate(const TypePattern& pattern) const {
    if (!pattern.variable.empty()) {
      const auto found = types_.find(pattern.variable);
      return found == types_.end() ? Type() : found->second;
    }
    if (!pattern.parts.empty()) return instantiate_parts(pattern);
    const auto number = [&](size_t i, uint32_t fallback) {
      return i < pattern.numbers.size() ? number_of(pattern.numbers[i]) : fallback;
    };
    constexpr uint32_t kMillis = 3;
    const int precision = static_cast<int>(number(0, kMillis));
    switch (pattern.kind) {
      case TypeKind::kVarchar: return Type::varchar(number(0, Type::kUnbounded));
      case TypeKind::kChar: return Type::character(number(0, 1));
      case TypeKind::kDecimal:
        return Type::decimal(static_cast<int>(number(0, Type::kMaxDecimalPrecision)),
                             static_cast<int>(number(1, 0)));
      case TypeKind::kTime: return Type::time(precision);
      case TypeKind::kTimeWithTimeZone: return Type::time_with_time_zone(precision);
      case TypeKind::kTimestamp: return Type::timestamp(precision);
      case TypeKind::kTimestampWithTimeZone: return Type::timestamp_with_time_zone(precision);
      default: return pattern.kind;
    }
  }

 private:
  bool bind_type(const std::string& variable, const Type& argument) {
    const auto [found, inserted] = types_.emplace(variable, argument);
    num_changes_ += inserted ? 1 : 0;
    if (inserted || found->second == argument) return true;
    if (!allow_coercion_) return false;
    const std::optional<Type> common = common_super_type(found->second, argument);
    if (!common) return false;
    num_changes_ += *common == found->second ? 0 : 1;
    found->second = *common;
    return true;
  }

  bool bind_number(const std::string& number, uint32_t value) {
    if (is_literal(number))
      return allow_coercion_ ? value <= literal_value(number) : value == literal_value(number);
    const auto [found, inserted] = numbers_.emplace(number, value);
    num_changes_ += inserted || found->second < value ? 1 : 0;
    if (inserted || found->second == value) return true;
    if (!allow_coercion_) return false;
    found->second = std::max(found->second, value);
    return true;
  }

  bool match_concrete(const TypePattern& pattern, const Type& argument) const {
    if (pattern.kind == TypeKind::kRow) return argument.is(TypeKind::kRow);
    const Type wanted = instantiate(pattern);
    return allow_coercion_ ? can_coerce(argument, wanted) : argument == wanted;
  }

  bool match_parts(const TypePattern& pattern, const Type& argument) {
    if (argument.is(TypeKind::kUnknown) && allow_coercion_) return true;
    if (!argument.is(pattern.kind) || argument.fields().size() != pattern.parts.size())
      return false;
    for (size_t i = 0; i < pattern.parts.size(); ++i) {
      if (!match(pattern.parts[i], argument.fields()[i].type)) return false;
    }
    return true;
  }

  Type instantiate_parts(const TypePattern& pattern) const {
    std::vector<Type> parts;
    for (const TypePattern& part : pattern.parts) parts.push_back(instantiate(part));
    if (pattern.kind == TypeKind::kArray) return Type::array(parts[0]);
    if (pattern.kind == TypeKind::kMap) return Type::map(parts[0], parts[1]);
    if (pattern.kind == TypeKind::kFunction) {
      const Type result = parts.back();
      parts.pop_back();
      return Type::function(std::move(parts), result);
    }
    std::vector<RowField> fields;
    for (Type& part : parts) fields.push_back({std::nullopt, std::move(part)});
    return Type::row(std::move(fields));
  }

  uint32_t number_of(const std::string& number) const {
    if (is_literal(number)) return literal_value(number);
    const auto found = numbers_.find(number);
    return found == numbers_.end() ? 0 : found->second;
  }

  bool allow_coercion_;
  size_t num_changes_ = 0;
  // Values of the signature's variables.
  std::map<std::string, Type> types_;
  std::map<std::string, uint32_t> numbers_;
  std::set<std::string> orderable_;
};

void spell_pattern(const TypePattern& pattern, std::string& out,
                   std::vector<std::string>& variables) {
  if (!pattern.variable.empty()) {
    if (std::find_if(variables.begin(), variables.end(), [&](const std::string& known) {
          return known.starts_with(pattern.variable);
        }) == variables.end())
      variables.push_back(pattern.variable + (pattern.is_orderable ? ":orderable" : ""));
    out += pattern.variable;
    return;
  }
  out += kind_name(pattern.kind);
  for (size_t i = 0; i < pattern.numbers.size(); ++i)
    out += (i == 0 ? "(" : ",") + pattern.numbers[i];
  for (size_t i = 0; i < pattern.parts.size(); ++i) {
    out += i == 0 ? "(" : ",";
    spell_pattern(pattern.parts[i], out, variables);
  }
  if (!pattern.numbers.empty() || !pattern.parts.empty()) out += ')';
  if (pattern.kind == TypeKind::kTimeWithTimeZone ||
      pattern.kind == TypeKind::kTimestampWithTimeZone)
    out += " with time zone";
}

// Whether the lambda, with the parameters of `bound`, returns exactly what `bound` does.
bool returns(const Type& lambda, size_t argument, const Type& bound,
             const LambdaTyper& type_lambda) {
  if (!lambda.fields().empty()) return lambda == bound;
  return type_lambda(argument, parameter_types(bound)) == result_type(bound);
}

}  // namespace

std::vector<Type> parameter_types(const Type& function) {
  std::vector<Type> types;
  for (const RowField& field : function.fields()) types.push_back(field.type);
  types.pop_back();
  return types;
}

const Type& result_type(const Type& function) { return function.fields().back().type; }

Signature parse_signature(std::string_view text) { return SignatureParser(text).parse(); }

std::optional<BoundSignature> bind_signature(const Signature& signature,
                                             std::span<const Type> arguments, bool allow_coercion,
                                             const LambdaTyper& type_lambda) {
  const size_t num_patterns = signature.arguments.size();
  const bool count_fits = signature.is_variadic ? arguments.size() + 1 >= num_patterns
                                                : arguments.size() == num_patterns;
  if (!count_fits) return std::nullopt;
  const auto pattern_of = [&](size_t i) -> const TypePattern& {
    return signature.arguments[std::min(i, num_patterns - 1)];
  };
  Binder binder(allow_coercion);
  std::vector<size_t> lambdas;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].is(TypeKind::kFunction)) {
      lambdas.push_back(i);
    } else if (pattern_of(i).kind == TypeKind::kFunction ||  // NULL is no lambda
               !binder.match(pattern_of(i), arguments[i])) {
      return std::nullopt;
    }
  }
  for (size_t before = SIZE_MAX; !lambdas.empty() && before != binder.num_changes();) {
    before = binder.num_changes();
    for (const size_t i : lambdas) {
      if (!binder.match_lambda(pattern_of(i), i, arguments[i], type_lambda)) return std::nullopt;
    }
  }
  if (!binder.satisfies_constraints()) return std::nullopt;
  BoundSignature bound;
  for (size_t i = 0; i < arguments.size(); ++i) {
    // The patterns "any" and "row" take any type, or row, as it is.
    const TypePattern& pattern = pattern_of(i);
    const bool any_row = pattern.kind == TypeKind::kRow && pattern.parts.empty();
    const bool as_it_is = (any_row && pattern.variable.empty()) || pattern.variable == kAnyType;
    bound.arguments.push_back(as_it_is ? arguments[i] : binder.instantiate(pattern));
    const Type& type = bound.arguments.back();
    const bool fits = type.is(TypeKind::kFunction) ? returns(arguments[i], i, type, type_lambda)
                                                   : can_coerce(arguments[i], type);
    if (!fits) return std::nullopt;
  }
  bound.result = binder.instantiate(signature.result);
  return bound;
}

std::string spell_arguments(const Signature& signature) {
  std::string out = "(";
  std::vector<std::string> variables;  // in the order met
  for (size_t i = 0; i < signature.arguments.size(); ++i) {
    if (i > 0) out += ", ";
    spell_pattern(signature.arguments[i], out, variables);
  }
  out += ")";
  bool first = true;
  for (const std::string& variable : variables) {
    out += (first ? " " : ", ") + variable;
    first = false;
  }
  return out;
}

}  // namespace trailsql
