// Queries and relations as text, with the line breaks of Trino's formatter.
#include "base/text.h"
#include "syntax/printer.h"

namespace trailsql {
namespace {

constexpr size_t kIndentWidth = 3;

/// Appends queries and relations; `indent_` counts steps.
class QueryPrinter {
 public:
  QueryPrinter(std::string& out, size_t indent) : out_(out), indent_(indent) {}

  void add(const Query& query) {
    if (query.with) add_with(*query.with);
    std::visit(*this, query.body);
    if (!query.order_by.empty()) {
      add_indented("ORDER BY ");
      append_sort_items(out_, query.order_by);
      out_ += '\n';
    }
    if (query.offset != nullptr) {
      add_indented("OFFSET ");
      append_expression(out_, *query.offset);
      out_ += " ROWS\n";
    }
    if (query.limit) add_limit(*query.limit);
  }

  // Bodies

  void operator()(const QuerySpecification& node) {
    add_select(node);
    if (node.from != nullptr) {
      add_indented("FROM\n");
      add_indented("  ");
      add(*node.from);
    }
    out_ += '\n';
    if (node.where != nullptr) add_clause("WHERE ", *node.where);
    if (node.group_by) add_group_by(*node.group_by);
    if (node.having != nullptr) add_clause("HAVING ", *node.having);
    add_windows(node.windows);
  }
  void operator()(const SetOperation& node) {
    add(*node.left);
    switch (node.op) {
      case SetOperator::kUnion: out_ += "UNION "; break;
      case SetOperator::kIntersect: out_ += "INTERSECT "; break;
      case SetOperator::kExcept: out_ += "EXCEPT "; break;
    }
    if (node.all) out_ += "ALL ";
    if (node.corresponding) {
      out_ += "CORRESPONDING ";
      if (!node.corresponding_columns.empty()) {
        out_ += "BY (";
        append_identifiers(out_, node.corresponding_columns);
        out_ += ") ";
      }
    }
    add(*node.right);
  }
  void operator()(const Values& node) {
    out_ += " VALUES ";
    for (size_t i = 0; i < node.rows.size(); ++i) {
      out_ += '\n';
      add_indented(i == 0 ? "  " : ", ");
      append_expression(out_, *node.rows[i]);
    }
    out_ += '\n';
  }
  void operator()(const TableBody& node) {
    add_indented("TABLE ");
    append_qualified_name(out_, node.name);
    out_ += '\n';
  }
  void operator()(const NestedQuery& node) { add_subquery(*node.query); }

  // Relations

  void operator()(const TableReference& node) { append_qualified_name(out_, node.name); }
  void operator()(const SubqueryRelation& node) { add_subquery(*node.query); }
  void operator()(const Unnest& node) {
    out_ += "UNNEST(";
    append_expressions(out_, node.arrays);
    out_ += node.with_ordinality ? ") WITH ORDINALITY" : ")";
  }
  void operator()(const Lateral& node) {
    out_ += "LATERAL (";
    QueryPrinter(out_, indent_ + 1).add(*node.query);
    out_ += ')';
  }
  void operator()(const TableFunctionCall& node) {
    out_ += "TABLE(";
    append_qualified_name(out_, node.name);
    out_ += '(';
    for (size_t i = 0; i < node.arguments.size(); ++i) {
      out_ += i == 0 ? "\n" : ",\n";
      out_.append((indent_ + 2) * kIndentWidth, ' ');
      if (node.arguments[i].name) {
        append_identifier(out_, *node.arguments[i].name);
        out_ += " => ";
      }
      append_expression(out_, *node.arguments[i].value);
    }
    out_ += "))";
  }
  void operator()(const AliasedRelation& node) {
    add_base(*node.relation);
    out_ += ' ';
    append_identifier(out_, node.alias);
    add_columns(node.columns);
  }
  void operator()(const SampledRelation& node) {
    add_base(*node.relation);
    out_ += node.bernoulli ? " TABLESAMPLE BERNOULLI (" : " TABLESAMPLE SYSTEM (";
    append_expression(out_, *node.percentage);
    out_ += ')';
  }
  void operator()(const Join& node) {
    if (node.kind == JoinKind::kImplicit) {
      add(*node.left);
      out_ += '\n';
      add_indented(", ");
      add(*node.right);
      return;
    }
    out_ += '(';
    add(*node.left);
    out_ += '\n';
    add_indented(node.natural ? "NATURAL " : "");
    switch (node.kind) {
      case JoinKind::kInner:
      case JoinKind::kImplicit: out_ += "INNER"; break;
      case JoinKind::kLeft: out_ += "LEFT"; break;
      case JoinKind::kRight: out_ += "RIGHT"; break;
      case JoinKind::kFull: out_ += "FULL"; break;
      case JoinKind::kCross: out_ += "CROSS"; break;
    }
    out_ += " JOIN ";
    add(*node.right);
    if (node.on != nullptr) {
      out_ += " ON ";
      append_expression(out_, *node.on);
    } else if (!node.using_columns.empty()) {
      out_ += " USING";
      add_columns(node.using_columns);
    }
    out_ += ')';
  }

 private:
  void add_indented(std::string_view text) {
    out_.append(indent_ * kIndentWidth, ' ');
    out_ += text;
  }
  void add(const Relation& relation) { std::visit(*this, relation.node); }

  void add_clause(std::string_view word, const Expression& expression) {
    add_indented(word);
    append_expression(out_, expression);
    out_ += '\n';
  }

  void add_subquery(const Query& query) {
    out_ += "(\n";
    QueryPrinter(out_, indent_ + 1).add(query);
    add_indented(") ");
  }

  /// Appends a relation that a suffix follows.
  void add_base(const Relation& relation) {
    const bool open = std::holds_alternative<AliasedRelation>(relation.node) ||
                      std::holds_alternative<SampledRelation>(relation.node);
    if (open) out_ += "( ";
    add(relation);
    if (open) out_ += ')';
  }

  void add_columns(const std::vector<Identifier>& columns) {
    if (columns.empty()) return;
    out_ += " (";
    append_identifiers(out_, columns);
    out_ += ')';
  }

  void add_function(const InlineFunction& function) {
    add_indented("");
    out_ += "FUNCTION ";
    append_identifier(out_, function.name);
    out_ += " (";
    for (size_t i = 0; i < function.parameters.size(); ++i) {
      if (i > 0) out_ += ", ";
      append_identifier(out_, function.parameters[i].name);
      out_ += ' ';
      append_type(out_, function.parameters[i].type);
    }
    out_ += ") RETURNS ";
    append_type(out_, function.returns);
    if (function.not_deterministic) out_ += " NOT DETERMINISTIC";
    if (function.null_on_null) out_ += " RETURNS NULL ON NULL INPUT";
    const bool block =
        function.steps.size() != 1 || function.steps[0].kind != RoutineStep::Kind::kReturn;
    out_ += block ? " BEGIN " : " ";
    for (const RoutineStep& step : function.steps) {
      add_step(step);
      if (block) out_ += "; ";
    }
    out_ += block ? "END\n" : "\n";
  }

  void add_step(const RoutineStep& step) {
    using Kind = RoutineStep::Kind;
    out_ += step.kind == Kind::kReturn ? "RETURN " : step.kind == Kind::kSet ? "SET " : "DECLARE ";
    append_identifiers(out_, step.names);
    if (step.type) {
      out_ += ' ';
      append_type(out_, *step.type);
    }
    if (step.kind == Kind::kSet) out_ += " = ";
    if (step.kind == Kind::kDeclare && step.value) out_ += " DEFAULT ";
    if (step.value) append_expression(out_, *step.value);
  }

  void add_with(const With& with) {
    for (size_t i = 0; i < with.functions.size(); ++i) {
      if (i == 0) add_indented("WITH\n");
      out_ += i == 0 ? "  " : ", ";
      add_function(with.functions[i]);
    }
    if (with.queries.empty()) return;
    add_indented(with.recursive ? "WITH RECURSIVE\n" : "WITH\n");
    for (size_t i = 0; i < with.queries.size(); ++i) {
      const NamedQuery& named = with.queries[i];
      out_ += i == 0 ? "  " : ", ";
      add_indented("");
      append_identifier(out_, named.name);
      add_columns(named.columns);
      out_ += " AS ";
      add_subquery(*named.query);
      out_ += '\n';
    }
  }

  void add_select(const QuerySpecification& node) {
    add_indented(node.distinct ? "SELECT DISTINCT" : "SELECT");
    const bool many = node.items.size() > 1;
    for (size_t i = 0; i < node.items.size(); ++i) {
      if (many) {
        out_ += '\n';
        add_indented(i == 0 ? "  " : ", ");
      } else {
        out_ += ' ';
      }
      const size_t start = out_.size();
      add_item(node.items[i]);
      // A column called all, with an alias: without ALL before it, it would be ALL itself.
      const bool is_all = i == 0 && !node.distinct &&
                          equals_ignoring_case(std::string_view(out_).substr(start, 4), "all ");
      if (is_all) out_.insert(start, "ALL ");
    }
    out_ += '\n';
  }

  void add_item(const SelectItem& item) {
    if (const auto* all = std::get_if<SelectAll>(&item.node)) {
      if (all->target != nullptr) {
        const bool name = std::holds_alternative<ColumnReference>(all->target->node) ||
                          std::holds_alternative<Dereference>(all->target->node);
        if (!name) out_ += '(';
        append_expression(out_, *all->target);
        out_ += name ? "." : ").";
      }
      out_ += '*';
      if (!all->aliases.empty()) {
        out_ += " AS";
        add_columns(all->aliases);
      }
      return;
    }
    const auto& expression = std::get<SelectExpression>(item.node);
    append_expression(out_, *expression.value);
    if (!expression.alias) return;
    out_ += ' ';
    append_identifier(out_, *expression.alias);
  }

  void add_set(const std::vector<ExpressionPtr>& set, bool always_open) {
    const bool open = always_open || set.size() != 1;
    if (open) out_ += '(';
    append_expressions(out_, set);
    if (open) out_ += ')';
  }

  void add_group_by(const GroupBy& group_by) {
    add_indented("GROUP BY ");
    if (group_by.distinct) out_ += " DISTINCT ";
    if (group_by.automatic) out_ += "AUTO";
    for (size_t i = 0; i < group_by.elements.size(); ++i) {
      const GroupingElement& element = group_by.elements[i];
      if (i > 0 || group_by.automatic) out_ += ", ";
      const bool simple = element.kind == GroupingElement::Kind::kSimple;
      if (element.kind == GroupingElement::Kind::kRollup) out_ += "ROLLUP (";
      if (element.kind == GroupingElement::Kind::kCube) out_ += "CUBE (";
      if (element.kind == GroupingElement::Kind::kGroupingSets) out_ += "GROUPING SETS (";
      for (size_t j = 0; j < element.sets.size(); ++j) {
        if (j > 0) out_ += ", ";
        add_set(element.sets[j], !simple);
      }
      if (!simple) out_ += ')';
    }
    out_ += '\n';
  }

  void add_windows(const std::vector<NamedWindow>& windows) {
    if (windows.empty()) return;
    add_indented(windows.size() == 1 ? "WINDOW " : "WINDOW\n");
    for (size_t i = 0; i < windows.size(); ++i) {
      if (windows.size() > 1) add_indented("   ");
      append_identifier(out_, windows[i].name);
      out_ += " AS ";
      append_window(out_, windows[i].specification);
      out_ += i + 1 < windows.size() ? ",\n" : "\n";
    }
  }

  void add_limit(const Limit& limit) {
    if (!limit.fetch_first) {
      add_indented("LIMIT ");
      if (limit.count != nullptr) {
        append_expression(out_, *limit.count);
      } else {
        out_ += "ALL";
      }
      out_ += '\n';
      return;
    }
    add_indented("FETCH FIRST ");
    append_expression(out_, *limit.count);
    out_ += limit.with_ties ? " ROWS WITH TIES\n" : " ROWS ONLY\n";
  }

  std::string& out_;
  size_t indent_;
};

}  // namespace

void append_query(std::string& out, const Query& query, size_t indent) {
  QueryPrinter(out, indent).add(query);
}

std::string print_query(const Query& query) {
  std::string out;
  append_query(out, query, 0);
  return out;
}

}  // namespace trailsql
