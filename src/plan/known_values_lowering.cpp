// The constants that conditions compare with what is known before files are read: the only values
// that a partition column can have, and the ranges of paths in which all files lie that are wanted.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/literal_value.h"
#include "base/text.h"
#include "plan/known_conditions.h"

namespace trailsql {
namespace {

// What begins with a prefix comes before the prefix with this, the last of all characters.
constexpr std::string_view kLastCharacter = "\xF4\x8F\xBF\xBF";

}  // namespace

void Lowering::KnownConditions::add_equal_values(size_t level, const Expression& term,
                                                 ScanSpec& spec) {
  ScanEqualValues found;
  found.partition_column = num_partition_columns_;
  const auto* logical = std::get_if<Logical>(&term.node);
  if (logical && !logical->is_and) {
    for (const ExpressionPtr& part : logical->terms) {
      if (!add_values(level, *part, found)) return;
    }
  } else if (!add_values(level, term, found)) {
    return;
  }
  spec.equal_values.push_back(std::move(found));
}

bool Lowering::KnownConditions::add_values(size_t level, const Expression& term,
                                           ScanEqualValues& found) {
  if (const auto* node = std::get_if<Comparison>(&term.node)) {
    return node->op == Op::kEqual && (add_value(level, term, *node->left, *node->right, found) ||
                                      add_value(level, term, *node->right, *node->left, found));
  }
  const auto* in = std::get_if<InList>(&term.node);
  if (!in || in->negated) return false;
  return std::ranges::all_of(in->values, [&](const ExpressionPtr& value) {
    return add_value(level, term, *in->operand, *value, found);
  });
}

bool Lowering::KnownConditions::add_value(size_t level, const Expression& term,
                                          const Expression& column, const Expression& value,
                                          ScanEqualValues& found) {
  if (!analysis_.of(column).use || !is_constant(level, value)) return false;
  used_.clear();
  if (!column_sql(level, *analysis_.of(column).use) || used_.size() != 1) return false;
  const uint32_t position = *used_.begin();
  const bool is_first = found.values_sql.empty();
  if (position >= num_partition_columns_ || (!is_first && found.partition_column != position))
    return false;
  found.partition_column = position;
  found.values_sql.push_back(self_.converted(lowered(level, value)->sql,
                                             *analysis_.of(term).operand_type, Type::varchar()));
  return true;
}

std::optional<std::vector<ScanPathRange>> Lowering::KnownConditions::path_ranges(
    size_t level, const Expression& condition) {
  if (const auto* logical = std::get_if<Logical>(&condition.node))
    return path_ranges_of_terms(level, *logical);
  if (const auto* node = std::get_if<Comparison>(&condition.node)) {
    const std::optional<PathRanges> ranges =
        compared_path(level, node->op, condition, *node->left, *node->right);
    return ranges ? ranges
                  : compared_path(level, mirrored(node->op), condition, *node->right, *node->left);
  }
  if (const auto* between = std::get_if<Between>(&condition.node)) {
    if (between->negated || !is_path(level, *between->operand)) return std::nullopt;
    const auto low = constant_text(level, condition, *between->low);
    const auto high = constant_text(level, condition, *between->high);
    if (!low || !high) return std::nullopt;
    return PathRanges{{*low, *high}};
  }
  if (const auto* in = std::get_if<InList>(&condition.node)) {
    PathRanges all;
    for (const ExpressionPtr& value : in->values) {
      const auto range = compared_path(level, Op::kEqual, condition, *in->operand, *value);
      if (in->negated || !range) return std::nullopt;
      all.push_back(range->front());
    }
    return all;
  }
  if (const auto* like = std::get_if<Like>(&condition.node)) {
    const std::string prefix = fixed_beginning(*like);
    if (prefix.empty() || !is_path(level, *like->operand)) return std::nullopt;
    return PathRanges{beginning_with(quoted_text(prefix))};
  }
  if (const auto* call = std::get_if<FunctionCall>(&condition.node)) {
    const bool is_known = equals_ignoring_case(call->name.parts.back().value, "starts_with") &&
                          analysis_.of(condition).function && is_path(level, *call->arguments[0]) &&
                          is_constant(level, *call->arguments[1]);
    if (!is_known) return std::nullopt;
    const LoweredExpression prefix = *lowered(level, *call->arguments[1]);
    if (!prefix.may_fail) return PathRanges{beginning_with(prefix.sql)};
  }
  return std::nullopt;
}

std::optional<std::vector<ScanPathRange>> Lowering::KnownConditions::path_ranges_of_terms(
    size_t level, const Logical& logical) {
  PathRanges all;
  for (const ExpressionPtr& term : logical.terms) {
    std::optional<PathRanges> ranges = path_ranges(level, *term);
    if (ranges.has_value() == logical.is_and) return ranges;
    if (ranges) all.insert(all.end(), ranges->begin(), ranges->end());
  }
  return logical.is_and ? std::nullopt : std::optional(std::move(all));
}

std::optional<std::vector<ScanPathRange>> Lowering::KnownConditions::compared_path(
    size_t level, Op op, const Expression& condition, const Expression& path,
    const Expression& constant) {
  const auto* call = std::get_if<FunctionCall>(&path.node);
  const bool is_beginning =
      call && takes_beginning(*call) && is_path(level, *call->arguments.front());
  if (!is_beginning && !is_path(level, path)) return std::nullopt;
  const std::optional<std::string> text = constant_text(level, condition, constant);
  if (!text) return std::nullopt;
  switch (op) {
    case Op::kEqual:
      return PathRanges{is_beginning ? beginning_with(*text) : ScanPathRange{*text, *text}};
    case Op::kLess:
    case Op::kLessOrEqual:
      return is_beginning ? std::nullopt : std::optional(PathRanges{{"", *text}});
    case Op::kGreater:
    case Op::kGreaterOrEqual: return PathRanges{{*text, ""}};
    default: return std::nullopt;
  }
}

ScanPathRange Lowering::KnownConditions::beginning_with(const std::string& prefix_sql) {
  return {prefix_sql, fmt::format("({} || '{}')", prefix_sql, kLastCharacter)};
}

bool Lowering::KnownConditions::is_path(size_t level, const Expression& expression) {
  const std::optional<ColumnUse>& use = analysis_.of(expression).use;
  return use && column_sql(level, *use) == known(num_partition_columns_);
}

std::optional<std::string> Lowering::KnownConditions::constant_text(size_t level,
                                                                    const Expression& condition,
                                                                    const Expression& value) {
  const Type& type = *analysis_.of(condition).operand_type;
  if (!type.is(TypeKind::kVarchar) || !is_constant(level, value)) return std::nullopt;
  const LoweredExpression constant = *lowered(level, value);
  if (constant.may_fail) return std::nullopt;
  return self_.converted(constant.sql, type, Type::varchar());
}

std::string Lowering::KnownConditions::fixed_beginning(const Like& like) {
  const auto* pattern = std::get_if<StringLiteral>(&like.pattern->node);
  const auto* escape = like.escape ? std::get_if<StringLiteral>(&like.escape->node) : nullptr;
  if (like.negated || !pattern || (like.escape && !escape)) return {};
  return pattern->value.substr(0,
                               pattern->value.find_first_of("%_" + (escape ? escape->value : "")));
}

bool Lowering::KnownConditions::takes_beginning(const FunctionCall& call) {
  const std::string& name = call.name.parts.back().value;
  const bool is_substring =
      equals_ignoring_case(name, "substr") || equals_ignoring_case(name, "substring");
  if (!is_substring || call.arguments.size() < 2) return false;
  const auto* start = std::get_if<IntegerLiteral>(&call.arguments[1]->node);
  return start && integer_value(*start) == 1;
}

ComparisonOperator Lowering::KnownConditions::mirrored(Op op) {
  switch (op) {
    case Op::kLess: return Op::kGreater;
    case Op::kLessOrEqual: return Op::kGreaterOrEqual;
    case Op::kGreater: return Op::kLess;
    case Op::kGreaterOrEqual: return Op::kLessOrEqual;
    default: return op;
  }
}

}  // namespace trailsql
