#include "analysis/select_analyzer.h"

#include <fmt/core.h>

#include <map>
#include <set>
#include <span>

#include "analysis/canonical_key.h"
#include "analysis/expression_analyzer.h"
#include "analysis/grouping_analyzer.h"
#include "analysis/name_chain.h"
#include "analysis/sort_key_analyzer.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "base/text.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

constexpr std::string_view kTextHasNoFields =
    "JSON text has no fixed fields: name those that you want, as in requestParameters.bucketName";

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
    for (const SelectOutput& output : select_.outputs)
      facts.outputs.push_back({output.name, output.type});
    with_hint_of_alias("GROUP BY", [&] { analyze_group_by(context_, node_, source_, select_); });
    having();
    order_by(facts);
    select_.is_aggregation = node_.group_by || node_.having || !select_.aggregates.empty();
    if (!node_.group_by && !select_.groupings.empty()) {
      throw semantic_error(ErrorCode::kMissingGroupBy, query_.location,
                           "A GROUPING() operation can only be used with a corresponding GROUPING "
                           "SET/CUBE/ROLLUP/GROUP BY clause");
    }
    if (select_.is_aggregation)
      check_aggregation(context_, select_, facts.order_by, source_.fields());
    if (node_.distinct) check_distinct(facts.order_by);
    facts.body = std::move(select_);
  }

 private:
  void named_windows() {
    std::set<std::string> names;
    for (const NamedWindow& window : node_.windows) {
      if (!names.insert(to_lower_ascii(window.name.value)).second) {
        throw semantic_error(ErrorCode::kDuplicateWindowName, window.name.location,
                             "WINDOW name '{}' specified more than once", window.name.value);
      }
      // A window can name those before it: none is made of itself.
      const auto num_before = static_cast<size_t>(&window - node_.windows.data());
      ExpressionAnalyzer analyzer(context_, source_);
      analyzer.set_windows(std::span(node_.windows).first(num_before), query_.location);
      analyzer.analyze_window(window.specification);
      collect(analyzer);
    }
  }

  void where() {
    if (!node_.where) return;
    ExpressionAnalyzer analyzer(context_, source_);
    with_hint_of_alias("WHERE", [&] { analyzer.analyze_condition(*node_.where, "WHERE clause"); });
    analyzer.refuse_aggregates("WHERE clause", node_.where->location);
  }

  // A column that is not found may be an alias of SELECT, which this clause does not see.
  template <typename Analyze>
  void with_hint_of_alias(std::string_view clause, const Analyze& analyze) const {
    try {
      analyze();
    } catch (const QueryError& error) {
      if (error.code() != ErrorCode::kColumnNotFound) throw;
      for (const SelectItem& item : node_.items) {
        const auto* selected = std::get_if<SelectExpression>(&item.node);
        if (!selected || !selected->alias) continue;
        const std::string_view alias = selected->alias->value;
        if (error.what() != fmt::format("Column '{}' cannot be resolved", to_lower_ascii(alias)))
          continue;
        throw QueryError(
            error.code(), error.location(), error.what(),
            fmt::format("{} does not see the alias {}: repeat its expression{}", clause, alias,
                        clause == "GROUP BY" ? ", or write its position" : ""));
      }
      throw;
    }
  }

  void collect(const ExpressionAnalyzer& analyzer) {
    select_.aggregates.insert(select_.aggregates.end(), analyzer.aggregates().begin(),
                              analyzer.aggregates().end());
    select_.groupings.insert(select_.groupings.end(), analyzer.groupings().begin(),
                             analyzer.groupings().end());
  }

  // ---- SELECT

  void select_item(const SelectItem& item) {
    if (const auto* all = std::get_if<SelectAll>(&item.node))
      return select_all(*all, item.location);
    const auto& selected = std::get<SelectExpression>(item.node);
    ExpressionAnalyzer analyzer(context_, source_);
    analyzer.set_windows(node_.windows, query_.location);
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

  std::optional<std::string> name_of(const Expression& expression) const {
    // a.b.c is called c; a field of anything else, as of a[1], has no name, unless in JSON text.
    if (const auto* field = std::get_if<Dereference>(&expression.node);
        field && context_.analysis.of(expression).reads_json) {
      return field->field.value;
    }
    const std::vector<std::string_view> names = names_of_chain(expression);
    return names.empty() ? std::nullopt : std::optional(std::string(names.back()));
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
    select_.outputs.push_back({nullptr,
                               field.use,
                               field.name,
                               field.type,
                               field.qualifier.empty() ? "" : field.qualifier.back(),
                               {}});
  }

  void select_all_of(const SelectAll& all, Location place) {
    const std::vector<std::string_view> names = names_of_chain(*all.target);
    const std::vector<const ScopeField*> fields =
        names.empty() ? std::vector<const ScopeField*>() : source_.fields_of(names);
    if (!fields.empty()) {
      const size_t first = select_.outputs.size();
      for (const ScopeField* field : fields) {
        if (!field->hidden) push_field(*field);
      }
      return apply_aliases(all, first);
    }
    if (!names.empty() && !names_row(names, place)) throw unresolved(names, place);
    row_fields(all);
  }

  // A chain of two names or more can be that of a row; one name alone is a table's.
  bool names_row(const std::vector<std::string_view>& names, Location place) const {
    if (names.size() == 1) return false;
    for (size_t length = names.size(); length > 0; --length) {
      const std::vector<std::string_view> prefix(
          names.begin(), names.begin() + static_cast<std::ptrdiff_t>(length));
      const ScopeField* field = source_.resolve(prefix, place);
      if (field) return length < names.size() || field->type.is(TypeKind::kRow);
    }
    return false;
  }

  QueryError unresolved(const std::vector<std::string_view>& names, Location place) const {
    const ScopeField* field = source_.resolve(names, place);
    const bool is_text =
        field && (field->type.is(TypeKind::kVarchar) || field->type.is(TypeKind::kJson));
    return QueryError(
        ErrorCode::kTableNotFound, place,
        fmt::format("Unable to resolve reference {}", to_lower_ascii(spell_chain(names))),
        is_text ? std::string(kTextHasNoFields) : "");
  }

  // `row.*`: one output a field.
  void row_fields(const SelectAll& all) {
    ExpressionAnalyzer analyzer(context_, source_);
    analyzer.set_windows(node_.windows, query_.location);
    const Type type = analyzer.analyze(*all.target);
    const std::optional<ColumnUse> use = context_.of(*all.target).use;
    if (!type.is(TypeKind::kRow)) {
      const bool is_text = type.is(TypeKind::kVarchar) || type.is(TypeKind::kJson);
      throw QueryError(ErrorCode::kTypeMismatch, query_.location, "expected expression of type Row",
                       is_text ? std::string(kTextHasNoFields) : "");
    }
    collect(analyzer);
    const size_t first = select_.outputs.size();
    for (uint32_t i = 0; i < type.fields().size(); ++i) {
      if (!use) {
        select_.outputs.push_back(
            {all.target.get(), {}, type.fields()[i].name, type.fields()[i].type, "", i});
        continue;
      }
      ColumnUse field = *use;
      field.path.push_back(i);
      select_.outputs.push_back(
          {nullptr, std::move(field), type.fields()[i].name, type.fields()[i].type, "", {}});
    }
    apply_aliases(all, first);
  }

  void apply_aliases(const SelectAll& all, size_t first) {
    if (all.aliases.empty()) return;
    if (all.aliases.size() != select_.outputs.size() - first) {
      throw semantic_error(ErrorCode::kMismatchedColumnAliases, all.aliases.front().location,
                           "Column alias list has {} entries but relation has {} columns",
                           all.aliases.size(), select_.outputs.size() - first);
    }
    for (size_t i = 0; i < all.aliases.size(); ++i)
      // Trino shows these aliases in capitals, unless they are quoted.
      select_.outputs[first + i].name =
          all.aliases[i].quoted ? all.aliases[i].value : to_upper_ascii(all.aliases[i].value);
  }

  // ---- HAVING

  void having() {
    if (!node_.having) return;
    ExpressionAnalyzer analyzer(context_, source_);
    with_hint_of_alias("HAVING",
                       [&] { analyzer.analyze_condition(*node_.having, "HAVING clause"); });
    if (!analyzer.windows().empty()) {
      throw semantic_error(ErrorCode::kNestedWindow, analyzer.windows()[0]->location,
                           "HAVING clause cannot contain window functions or row pattern measures");
    }
    collect(analyzer);
  }

  // ---- ORDER BY: sees the outputs first, then what FROM offers

  void order_by(QueryFacts& facts) {
    if (query_.order_by.empty()) return;
    const Scope scope(&source_, add_outputs_relation(context_, facts));
    for (const SortItem& item : query_.order_by) {
      ExpressionAnalyzer analyzer(context_, scope);
      analyzer.set_windows(node_.windows, query_.location);
      SortKey key = analyze_sort_item(context_, item, facts, analyzer);
      for (const Expression* aggregate : analyzer.aggregates()) {
        refuse_output_names(*aggregate, *facts.outputs_relation,
                            "Invalid reference to output projection attribute from ORDER BY "
                            "aggregation");
      }
      for (const Expression* grouping : analyzer.groupings()) {
        refuse_output_in_grouping(*grouping, *facts.outputs_relation);
      }
      collect(analyzer);
      if (!key.output) key.output = matching_output(*key.expression);
      facts.order_by.push_back(key);
    }
  }

  // What is computed before the outputs cannot read them.
  void refuse_output_names(const Expression& expression, RelationIndex outputs,
                           std::string_view text) const {
    const std::optional<ColumnUse>& use = context_.analysis.of(expression).use;
    if (use && use->relation == outputs) {
      throw semantic_error(ErrorCode::kColumnNotFound, expression.location, "{}", text);
    }
    for_each_child(expression,
                   [&](const Expression& child) { refuse_output_names(child, outputs, text); });
  }

  void refuse_output_in_grouping(const Expression& grouping, RelationIndex outputs) const {
    for_each_child(grouping, [&](const Expression& column) {
      const std::optional<ColumnUse>& use = context_.analysis.of(column).use;
      if (!use || use->relation != outputs) return;
      throw QueryError(ErrorCode::kInvalidArguments,
                       "Invalid reference to output of SELECT clause from grouping() expression "
                       "in ORDER BY");
    });
  }

  // An expression that some output is already needs no column of its own.
  std::optional<uint32_t> matching_output(const Expression& expression) {
    if (outputs_by_key_.empty()) {
      for (uint32_t i = 0; i < select_.outputs.size(); ++i) {
        const SelectOutput& output = select_.outputs[i];
        outputs_by_key_.emplace(
            canonical_key(context_.analysis, output.expression, output.use, output.field), i);
      }
    }
    const auto found = outputs_by_key_.find(canonical_key(context_.analysis, expression));
    return found == outputs_by_key_.end() ? std::nullopt : std::optional(found->second);
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
  // By canonical key: the first output that has it. Filled in by the first sort key that asks.
  std::map<std::string, uint32_t> outputs_by_key_;
};

}  // namespace

void analyze_select(AnalysisContext& context, const Query& query, const QuerySpecification& node,
                    const Scope* outer, QueryFacts& facts) {
  SelectAnalyzer(context, query, node, outer).run(facts);
}

}  // namespace trailsql
