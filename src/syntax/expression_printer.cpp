// Expressions as text.
#include <fmt/core.h>

#include <cstdlib>

#include "syntax/printer.h"

namespace trailsql {
namespace {

std::string_view symbol_of(ArithmeticOperator op) {
  switch (op) {
    case ArithmeticOperator::kAdd: return "+";
    case ArithmeticOperator::kSubtract: return "-";
    case ArithmeticOperator::kMultiply: return "*";
    case ArithmeticOperator::kDivide: return "/";
    case ArithmeticOperator::kModulus: return "%";
  }
  return "";
}

std::string_view symbol_of(ComparisonOperator op) {
  switch (op) {
    case ComparisonOperator::kEqual: return "=";
    case ComparisonOperator::kNotEqual: return "<>";
    case ComparisonOperator::kLess: return "<";
    case ComparisonOperator::kLessOrEqual: return "<=";
    case ComparisonOperator::kGreater: return ">";
    case ComparisonOperator::kGreaterOrEqual: return ">=";
    case ComparisonOperator::kIsDistinctFrom:
    case ComparisonOperator::kIsNotDistinctFrom: return "IS DISTINCT FROM";
  }
  return "";
}

std::string_view name_of(IntervalField field) {
  switch (field) {
    case IntervalField::kYear: return "YEAR";
    case IntervalField::kMonth: return "MONTH";
    case IntervalField::kDay: return "DAY";
    case IntervalField::kHour: return "HOUR";
    case IntervalField::kMinute: return "MINUTE";
    case IntervalField::kSecond: return "SECOND";
  }
  return "";
}

std::string_view name_of(SpecialFunction::Name name) {
  using Name = SpecialFunction::Name;
  switch (name) {
    case Name::kCurrentDate: return "current_date";
    case Name::kCurrentTime: return "current_time";
    case Name::kCurrentTimestamp: return "current_timestamp";
    case Name::kLocalTime: return "localtime";
    case Name::kLocalTimestamp: return "localtimestamp";
    case Name::kCurrentUser: return "CURRENT_USER";
    case Name::kCurrentCatalog: return "CURRENT_CATALOG";
    case Name::kCurrentSchema: return "CURRENT_SCHEMA";
    case Name::kCurrentPath: return "CURRENT_PATH";
  }
  return "";
}

/// Returns a double as Trino prints it: 1E3, 1.25E1, with as few digits as tell it apart.
std::string double_text(const std::string& written) {
  const double value = std::strtod(written.c_str(), nullptr);
  std::string text;
  for (int digits = 0; digits <= 17; ++digits) {
    text = fmt::format("{:.{}e}", value, digits);
    if (std::strtod(text.c_str(), nullptr) == value) break;
  }
  const size_t mark = text.find('e');
  if (mark == std::string::npos) return written;  // beyond the range of a double
  return text.substr(0, mark) + "E" + std::to_string(std::atoi(text.c_str() + mark + 1));
}

/// Appends one expression; each overload is one form.
class ExpressionPrinter {
 public:
  explicit ExpressionPrinter(std::string& out) : out_(out) {}

  // Literals

  void operator()(const NullLiteral&) { out_ += "null"; }
  void operator()(const BooleanLiteral& node) { out_ += node.value ? "true" : "false"; }
  void operator()(const StringLiteral& node) { append_string_literal(out_, node.value); }
  void operator()(const BinaryLiteral& node) {
    out_ += "X'";
    for (char c : node.bytes) out_ += fmt::format("{:02X}", static_cast<unsigned char>(c));
    out_ += '\'';
  }
  void operator()(const IntegerLiteral& node) { out_ += node.text; }
  void operator()(const DecimalLiteral& node) {
    out_ += "DECIMAL ";
    append_string_literal(out_, node.text);
  }
  void operator()(const DoubleLiteral& node) { out_ += double_text(node.text); }
  void operator()(const TypedLiteral& node) {
    out_ += node.type.name == "decimal" ? "DECIMAL" : node.type.written_name;
    out_ += ' ';
    append_string_literal(out_, node.text);
  }
  void operator()(const IntervalLiteral& node) {
    out_ += node.negative ? "INTERVAL -" : "INTERVAL ";
    append_string_literal(out_, node.text);
    out_ += ' ';
    out_ += name_of(node.from);
    if (node.to) out_ += fmt::format(" TO {}", name_of(*node.to));
  }
  void operator()(const Parameter&) { out_ += '?'; }

  // References and constructors

  void operator()(const ColumnReference& node) { append_identifier(out_, node.name); }
  void operator()(const Dereference& node) {
    add_base(*node.base);
    out_ += '.';
    append_identifier(out_, node.field);
  }
  void operator()(const Subscript& node) {
    add_base(*node.base);
    out_ += '[';
    add_operand(*node.index);
    out_ += ']';
  }
  void operator()(const ArrayConstructor& node) {
    out_ += "ARRAY[";
    for (size_t i = 0; i < node.elements.size(); ++i) {
      if (i > 0) out_ += ',';
      // Inside an array Trino prints rows without the blank.
      if (const auto* row = std::get_if<RowConstructor>(&node.elements[i]->node)) {
        add_call("ROW", row->elements);
      } else {
        add(*node.elements[i]);
      }
    }
    out_ += ']';
  }
  void operator()(const RowConstructor& node) { add_call("ROW ", node.elements); }

  // Operators

  void operator()(const Arithmetic& node) {
    add_binary(*node.left, symbol_of(node.op), *node.right);
  }
  void operator()(const Sign& node) {
    if (node.negative) {
      out_ += "-(";
      add(*node.operand);
      out_ += ')';
    } else {
      out_ += '+';
      add_operand(*node.operand);
    }
  }
  void operator()(const Concatenation& node) {
    out_ += "concat(";
    add(*node.left);
    out_ += ", ";
    add(*node.right);
    out_ += ')';
  }
  void operator()(const Comparison& node) {
    const Negation negation(*this, node.op == ComparisonOperator::kIsNotDistinctFrom);
    add_binary(*node.left, symbol_of(node.op), *node.right);
  }
  void operator()(const Logical& node) {
    out_ += '(';
    for (size_t i = 0; i < node.terms.size(); ++i) {
      if (i > 0) out_ += node.is_and ? " AND " : " OR ";
      add_operand(*node.terms[i]);
    }
    out_ += ')';
  }
  void operator()(const Not& node) {
    const Negation negation(*this, true);
    add_operand(*node.operand);
  }
  void operator()(const IsNull& node) {
    out_ += '(';
    add_operand(*node.operand);
    out_ += node.negated ? " IS NOT NULL)" : " IS NULL)";
  }
  void operator()(const Between& node) {
    const Negation negation(*this, node.negated);
    out_ += '(';
    add_operand(*node.operand);
    out_ += " BETWEEN ";
    add_operand(*node.low);
    out_ += " AND ";
    add_operand(*node.high);
    out_ += ')';
  }
  void operator()(const InList& node) {
    const Negation negation(*this, node.negated);
    out_ += '(';
    add_operand(*node.operand);
    add_call(" IN ", node.values);
    out_ += ')';
  }
  void operator()(const InSubquery& node) {
    const Negation negation(*this, node.negated);
    out_ += '(';
    add_operand(*node.operand);
    out_ += " IN ";
    add_query(*node.query);
    out_ += ')';
  }
  void operator()(const Like& node) {
    const Negation negation(*this, node.negated);
    out_ += '(';
    add_operand(*node.operand);
    out_ += " LIKE ";
    add_operand(*node.pattern);
    if (node.escape != nullptr) {
      out_ += " ESCAPE ";
      add_operand(*node.escape);
    }
    out_ += ')';
  }
  void operator()(const Exists& node) {
    out_ += "(EXISTS ";
    add_query(*node.query);
    out_ += ')';
  }
  void operator()(const QuantifiedComparison& node) {
    out_ += '(';
    add_operand(*node.operand);
    out_ += fmt::format(" {} {} ", symbol_of(node.op),
                        node.quantifier == Quantifier::kAll ? "ALL" : "ANY");
    add_query(*node.query);
    out_ += ')';
  }
  void operator()(const ScalarSubquery& node) { add_query(*node.query); }
  void operator()(const AtTimeZone& node) {
    const bool sign = std::holds_alternative<Sign>(node.operand->node);
    if (sign) out_ += '(';
    add_operand(*node.operand);
    if (sign) out_ += ')';
    out_ += " AT TIME ZONE ";
    add(*node.zone);
  }

  // Conditional

  void operator()(const SearchedCase& node) { add_case(nullptr, node.when, node.otherwise); }
  void operator()(const SimpleCase& node) {
    add_case(node.operand.get(), node.when, node.otherwise);
  }
  void operator()(const If& node) {
    out_ += "IF(";
    add(*node.condition);
    out_ += ", ";
    add(*node.then);
    if (node.otherwise != nullptr) {
      out_ += ", ";
      add(*node.otherwise);
    }
    out_ += ')';
  }
  void operator()(const Coalesce& node) { add_call("COALESCE", node.operands); }
  void operator()(const NullIf& node) {
    out_ += "NULLIF(";
    add(*node.first);
    out_ += ", ";
    add(*node.second);
    out_ += ')';
  }
  void operator()(const Try& node) {
    out_ += "TRY(";
    add(*node.operand);
    out_ += ')';
  }

  // Conversion and calls

  void operator()(const Cast& node) {
    out_ += node.safe ? "TRY_CAST(" : "CAST(";
    add(*node.operand);
    out_ += " AS ";
    append_type(out_, node.type);
    out_ += ')';
  }
  void operator()(const Extract& node) {
    out_ += fmt::format("EXTRACT({} FROM ", node.field.value);
    add_operand(*node.operand);
    out_ += ')';
  }
  void operator()(const Trim& node) {
    out_ += "trim(";
    out_ += node.side == Trim::Side::kBoth      ? "BOTH "
            : node.side == Trim::Side::kLeading ? "LEADING "
                                                : "TRAILING ";
    if (node.characters != nullptr) {
      add_operand(*node.characters);
      out_ += ' ';
    }
    out_ += "FROM ";
    add_operand(*node.operand);
    out_ += ')';
  }
  void operator()(const SpecialFunction& node) {
    out_ += name_of(node.name);
    if (node.precision) out_ += fmt::format("({})", *node.precision);
  }
  void operator()(const FunctionCall& node) { append_function_call(out_, node); }
  void operator()(const Grouping& node) { add_call("GROUPING ", node.columns); }
  void operator()(const Lambda& node) {
    out_ += '(';
    append_identifiers(out_, node.parameters);
    out_ += ") -> ";
    add(*node.body);
  }
  void operator()(const JsonPathCall& node) { append_json_path_call(out_, node); }
  void operator()(const JsonObject& node) { append_json_object(out_, node); }
  void operator()(const JsonArray& node) { append_json_array(out_, node); }

 private:
  /// Puts `(NOT …)` around what is printed while it lives.
  class Negation {
   public:
    Negation(ExpressionPrinter& printer, bool negated) : out_(printer.out_), negated_(negated) {
      if (negated_) out_ += "(NOT ";
    }
    ~Negation() {
      if (negated_) out_ += ')';
    }
    Negation(const Negation&) = delete;
    Negation& operator=(const Negation&) = delete;

   private:
    std::string& out_;
    bool negated_;
  };

  void add(const Expression& expression) { std::visit(*this, expression.node); }

  void add_operand(const Expression& expression) { append_operand(out_, expression); }

  /// Appends what stands before `.` or `[`, in parentheses where the text would read otherwise.
  void add_base(const Expression& expression) {
    const bool open = std::holds_alternative<Sign>(expression.node) ||
                      std::holds_alternative<AtTimeZone>(expression.node) ||
                      std::holds_alternative<Lambda>(expression.node) ||
                      std::holds_alternative<IntegerLiteral>(expression.node) ||
                      std::holds_alternative<DoubleLiteral>(expression.node);
    if (open) out_ += '(';
    add(expression);
    if (open) out_ += ')';
  }

  void add_binary(const Expression& left, std::string_view symbol, const Expression& right) {
    out_ += '(';
    add_operand(left);
    out_ += ' ';
    out_ += symbol;
    out_ += ' ';
    add_operand(right);
    out_ += ')';
  }

  void add_call(std::string_view name, const std::vector<ExpressionPtr>& arguments) {
    out_ += name;
    out_ += '(';
    append_expressions(out_, arguments);
    out_ += ')';
  }

  void add_query(const Query& query) {
    out_ += '(';
    append_query(out_, query, 0);
    out_ += ')';
  }

  void add_case(const Expression* operand, const std::vector<WhenClause>& when,
                const ExpressionPtr& otherwise) {
    out_ += "(CASE";
    if (operand != nullptr) {
      out_ += ' ';
      add(*operand);
    }
    for (const WhenClause& clause : when) {
      out_ += " WHEN ";
      add(*clause.condition);
      out_ += " THEN ";
      add(*clause.result);
    }
    if (otherwise != nullptr) {
      out_ += " ELSE ";
      add(*otherwise);
    }
    out_ += " END)";
  }

  std::string& out_;
};

}  // namespace

void append_expression(std::string& out, const Expression& expression) {
  std::visit(ExpressionPrinter(out), expression.node);
}

void append_operand(std::string& out, const Expression& expression) {
  const bool lambda = std::holds_alternative<Lambda>(expression.node);
  if (lambda) out += '(';
  append_expression(out, expression);
  if (lambda) out += ')';
}

void append_expressions(std::string& out, const std::vector<ExpressionPtr>& expressions) {
  for (size_t i = 0; i < expressions.size(); ++i) {
    if (i > 0) out += ", ";
    append_expression(out, *expressions[i]);
  }
}

std::string print_type(const TypeName& type) {
  std::string out;
  append_type(out, type);
  return out;
}

std::string print_expression(const Expression& expression) {
  std::string out;
  append_expression(out, expression);
  return out;
}

}  // namespace trailsql
