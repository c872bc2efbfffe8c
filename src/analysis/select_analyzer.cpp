#include "analysis/select_analyzer.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/canonical_key.h"
#include "analysis/expression_analyzer.h"
#include "base/error.h"
#include "base/text.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

// Analyses one SELECT, clause after clause, in Trino's order.
class SelectAnalyzer {
 public:
  SelectAnalyzer(AnalysisContext& context, const Query& query, const QuerySpecification& node,
                 const Scope* outer)
      : context_(context), query_(query), node_(node), outer_(outer), source_(outer) {
    select_.node = &node;
  }

  void run(QueryFacts& facts) {
    if (node_.from) source_ = Scope(outer_, analyze_relation(context_, *node_.from, outer_, {}));
    where();
    named_windows();
    for (const SelectItem& item : node_.items) select_item(item);
    if (select_.outputs.size() > kMaxOutputColumns) {
      throw semantic_error(ErrorCode::kNotSupported, query_.location, "More than {} output columns",
                           kMaxOutputColumns);
    }
    group_by();
    having();
    order_by(facts.order_by);
    select_.is_aggregation = node_.group_by || node_.having || !select_.aggregates.empty();
    if (select_.is_aggregation)
      check_aggregation(context_, select_, facts.order_by, source_.fields());
    if (node_.distinct) check_distinct(facts.order_by);
    for (const SelectOutput& output : select_.outputs)
      facts.outputs.push_back({output.name, output.type});
    facts.body = std::move(select_);
  }

 private:
  void named_windows() {
    for (const NamedWindow& window : node_.windows) {
      ExpressionAnalyzer analyzer(context_, source_);
      analyzer.set_windows(&node_.windows, query_.location);
      analyzer.analyze_window(window.specification);
      collect(analyzer);
    }
  }

  void where() {
    if (!node_.where) return;
    ExpressionAnalyzer analyzer(context_, source_);
    analyzer.analyze_condition(*node_.where, "WHERE clause");
    refuse_aggregates(analyzer, "WHERE clause", node_.where->location);
  }

  void refuse_aggregates(const ExpressionAnalyzer& analyzer, std::string_view clause,
                         Location place) {
    std::vector<const Expression*> found = analyzer.aggregates();
    found.insert(found.end(), analyzer.windows().begin(), analyzer.windows().end());
    if (found.empty()) return;
    std::vector<std::string> texts;
    for (const Expression* expression : found) texts.push_back(print_expression(*expression));
    throw semantic_error(
        ErrorCode::kExpressionNotScalar, place,
        "{} cannot contain aggregations, window functions or grouping operations: [{}]", clause,
        fmt::join(texts, ", "));
  }

  void collect(const ExpressionAnalyzer& analyzer) {
    select_.aggregates.insert(select_.aggregates.end(), analyzer.aggregates().begin(),
                              analyzer.aggregates().end());
    select_.windows.insert(select_.windows.end(), analyzer.windows().begin(),
                           analyzer.windows().end());
  }

  // ---- SELECT

  void select_item(const SelectItem& item) {
    if (const auto* all = std::get_if<SelectAll>(&item.node))
      return select_all(*all, item.location);
    const auto& selected = std::get<SelectExpression>(item.node);
    ExpressionAnalyzer analyzer(context_, source_);
    analyzer.set_windows(&node_.windows, query_.location);
    SelectOutput output;
    output.expression = selected.value.get();
    output.type = analyzer.analyze(*selected.value);
    output.name = selected.alias ? std::optional(selected.alias->value) : name_of(*selected.value);
    collect(analyzer);
    if (node_.distinct && !is_comparable(output.type)) {
      throw semantic_error(ErrorCode::kTypeMismatch, selected.value->location,
                           "DISTINCT can only be applied to comparable types (actual: {})",
                           output.type.display());
    }
    select_.outputs.push_back(std::move(output));
  }

  static std::optional<std::string> name_of(const Expression& expression) {
    if (const auto* reference = std::get_if<ColumnReference>(&expression.node))
      return reference->name.value;
    // a.b.c is called c; a field of anything else, as of a[1], has no name.
    std::vector<std::string_view> names;
    if (collect_names(expression, names)) return std::string(names.back());
    return std::nullopt;
  }

  void select_all(const SelectAll& all, Location place) {
    if (all.target) return select_all_of(all, place);
    if (!node_.from) {
      throw semantic_error(ErrorCode::kColumnNotFound, place,
                           "SELECT * not allowed in queries without FROM clause");
    }
    for (const ScopeField& field : source_.fields()) {
      if (!field.hidden) push_field(field);
    }
    if (select_.outputs.empty()) {
      throw semantic_error(ErrorCode::kColumnNotFound, place,
                           "SELECT * not allowed from relation that has no columns");
    }
  }

  void push_field(const ScopeField& field) {
    select_.outputs.push_back({nullptr, field.use, field.name, field.type,
                               field.qualifier.empty() ? "" : field.qualifier.back()});
  }

  void select_all_of(const SelectAll& all, Location place) {
    std::vector<std::string_view> names;
    if (collect_names(*all.target, names)) {
      const std::vector<const ScopeField*> fields = source_.fields_of(names);
      if (!fields.empty()) {
        const size_t first = select_.outputs.size();
        for (const ScopeField* field : fields) {
          if (!field->hidden) push_field(*field);
        }
        return apply_aliases(all, first, place);
      }
    }
    if (names.size() == 1 && !source_.resolve(names, place)) {
      throw semantic_error(ErrorCode::kTableNotFound, place, "Unable to resolve reference {}",
                           to_lower_ascii(names[0]));
    }
    row_fields(all, place);
  }

  // `row.*`: one output a field.
  void row_fields(const SelectAll& all, Location place) {
    ExpressionAnalyzer analyzer(context_, source_);
    const Type type = analyzer.analyze(*all.target);
    if (!type.is(TypeKind::kRow)) {
      throw semantic_error(ErrorCode::kTypeMismatch, place, "expected expression of type Row");
    }
    const std::optional<ColumnUse> use = context_.of(*all.target).use;
    if (!use)
      throw semantic_error(ErrorCode::kNotSupported, place,
                           "row.* of an expression is not supported yet");
    const size_t first = select_.outputs.size();
    for (uint32_t i = 0; i < type.fields().size(); ++i) {
      ColumnUse field = *use;
      field.path.push_back(i);
      select_.outputs.push_back(
          {nullptr, std::move(field), type.fields()[i].name, type.fields()[i].type, ""});
    }
    apply_aliases(all, first, place);
  }

  void apply_aliases(const SelectAll& all, size_t first, Location place) {
    if (all.aliases.empty()) return;
    if (all.aliases.size() != select_.outputs.size() - first) {
      throw semantic_error(ErrorCode::kMismatchedColumnAliases, place,
                           "Column alias list has {} entries but relation has {} columns",
                           all.aliases.size(), select_.outputs.size() - first);
    }
    for (size_t i = 0; i < all.aliases.size(); ++i)
      select_.outputs[first + i].name = all.aliases[i].value;
  }

  static bool collect_names(const Expression& expression, std::vector<std::string_view>& names) {
    if (const auto* reference = std::get_if<ColumnReference>(&expression.node)) {
      names.push_back(reference->name.value);
      return true;
    }
    const auto* dereference = std::get_if<Dereference>(&expression.node);
    if (!dereference || !collect_names(*dereference->base, names)) return false;
    names.push_back(dereference->field.value);
    return true;
  }

  // ---- GROUP BY, HAVING

  void group_by() {
    if (!node_.group_by) return;
    const GroupBy& clause = *node_.group_by;
    if (clause.automatic) {
      throw semantic_error(ErrorCode::kNotSupported, clause.location,
                           "GROUP BY AUTO is not supported yet");
    }
    for (const GroupingElement& element : clause.elements) {
      if (element.kind != GroupingElement::Kind::kSimple) {
        throw semantic_error(ErrorCode::kNotSupported, element.location,
                             "GROUPING SETS, CUBE and ROLLUP are not supported yet");
      }
    }
    std::vector<uint32_t> set;
    for (const GroupingElement& element : clause.elements) {
      for (const auto& expressions : element.sets) {
        for (const ExpressionPtr& expression : expressions)
          set.push_back(grouping_key(*expression));
      }
    }
    select_.grouping_sets.push_back(std::move(set));
  }

  uint32_t grouping_key(const Expression& expression) {
    GroupingKey key;
    if (const auto* ordinal = std::get_if<IntegerLiteral>(&expression.node)) {
      const SelectOutput& output =
          select_.outputs[output_position(*ordinal, expression.location, "GROUP BY")];
      key = {output.expression, output.use, output.type};
      if (output.expression) refuse_aggregate_output(*output.expression);
    } else {
      ExpressionAnalyzer analyzer(context_, source_);
      key = {&expression, {}, analyzer.analyze(expression)};
      refuse_aggregates(analyzer, "GROUP BY clause", expression.location);
    }
    if (!is_comparable(key.type)) {
      throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                           "{} is not comparable, and therefore cannot be used in GROUP BY",
                           key.type.display());
    }
    const std::string text = key_of(key.expression, key.use);
    for (uint32_t i = 0; i < select_.grouping_keys.size(); ++i) {
      if (key_of(select_.grouping_keys[i].expression, select_.grouping_keys[i].use) == text)
        return i;
    }
    select_.grouping_keys.push_back(std::move(key));
    return static_cast<uint32_t>(select_.grouping_keys.size() - 1);
  }

  void refuse_aggregate_output(const Expression& expression) {
    for (const Expression* aggregate : select_.aggregates) {
      if (aggregate == &expression) {
        throw semantic_error(ErrorCode::kExpressionNotScalar, expression.location,
                             "GROUP BY clause cannot contain aggregations, window functions or "
                             "grouping operations: [{}]",
                             print_expression(expression));
      }
    }
  }

  std::string key_of(const Expression* expression, const ColumnUse& use) const {
    return expression ? canonical_key(context_.analysis, *expression) : canonical_key(use);
  }

  size_t output_position(const IntegerLiteral& ordinal, Location place,
                         std::string_view clause) const {
    const unsigned long long position = std::strtoull(ordinal.text.c_str(), nullptr, 10);
    if (position < 1 || position > select_.outputs.size()) {
      throw semantic_error(ErrorCode::kInvalidColumnReference, place,
                           "{} position {} is not in select list", clause, ordinal.text);
    }
    return position - 1;
  }

  void having() {
    if (!node_.having) return;
    ExpressionAnalyzer analyzer(context_, source_);
    analyzer.analyze_condition(*node_.having, "HAVING clause");
    if (!analyzer.windows().empty()) {
      throw semantic_error(ErrorCode::kNestedWindow, analyzer.windows()[0]->location,
                           "HAVING clause cannot contain window functions or row pattern measures");
    }
    collect(analyzer);
  }

  // ---- ORDER BY: sees the outputs first, then what FROM offers

  void order_by(std::vector<SortKey>& keys) {
    if (query_.order_by.empty()) return;
    std::vector<ScopeField> fields;
    for (uint32_t i = 0; i < select_.outputs.size(); ++i) {
      const SelectOutput& output = select_.outputs[i];
      if (output.name)
        fields.push_back({output.name, {}, {kOutputRelation, i, {}}, output.type, false, false});
    }
    const Scope scope(&source_, std::move(fields));
    for (const SortItem& item : query_.order_by) keys.push_back(sort_key(item, scope));
  }

  SortKey sort_key(const SortItem& item, const Scope& scope) {
    SortKey key;
    key.descending = item.descending;
    key.nulls_first = item.nulls_first.value_or(false);
    Type type;
    if (const auto* ordinal = std::get_if<IntegerLiteral>(&item.key->node)) {
      key.output = static_cast<uint32_t>(output_position(*ordinal, item.key->location, "ORDER BY"));
      type = select_.outputs[*key.output].type;
    } else {
      ExpressionAnalyzer analyzer(context_, scope);
      analyzer.set_windows(&node_.windows, query_.location);
      type = analyzer.analyze(*item.key);
      key.expression = item.key.get();
      collect(analyzer);
      key.output = matching_output(*item.key);
    }
    if (!is_orderable(type)) {
      throw semantic_error(ErrorCode::kTypeMismatch, item.key->location,
                           "Type {} is not orderable, and therefore cannot be used in ORDER BY: {}",
                           type.display(), print_expression(*item.key));
    }
    return key;
  }

  // An expression that some output is already needs no column of its own.
  std::optional<uint32_t> matching_output(const Expression& expression) const {
    const std::optional<ColumnUse>& use = context_.analysis.of(expression).use;
    if (use && use->relation == kOutputRelation) return use->column;
    const std::string text = canonical_key(context_.analysis, expression);
    for (uint32_t i = 0; i < select_.outputs.size(); ++i) {
      if (key_of(select_.outputs[i].expression, select_.outputs[i].use) == text) return i;
    }
    return std::nullopt;
  }

  void check_distinct(const std::vector<SortKey>& keys) {
    for (const SortKey& key : keys) {
      if (!key.output) {
        throw semantic_error(
            ErrorCode::kExpressionNotInDistinct, query_.location,
            "For SELECT DISTINCT, ORDER BY expressions must appear in select list");
      }
    }
  }

  AnalysisContext& context_;
  const Query& query_;
  const QuerySpecification& node_;
  const Scope* outer_;
  Scope source_;
  SelectFacts select_;
};

}  // namespace

void analyze_select(AnalysisContext& context, const Query& query, const QuerySpecification& node,
                    const Scope* outer, QueryFacts& facts) {
  SelectAnalyzer(context, query, node, outer).run(facts);
}

}  // namespace trailsql
