// Set operations: UNION, INTERSECT and EXCEPT, with CORRESPONDING.
#include <algorithm>
#include <set>

#include "analysis/query_parts.h"
#include "base/error.h"
#include "base/text.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

std::string_view operator_name(SetOperator op) {
  switch (op) {
    case SetOperator::kUnion: return "UNION";
    case SetOperator::kIntersect: return "INTERSECT";
    case SetOperator::kExcept: return "EXCEPT";
  }
  return "";
}

// `a UNION b UNION c` is one operation of three terms, so that long ones are not deep. Returns the
// operations from the first to the last.
std::vector<const SetOperation*> chain_of(const SetOperation& last) {
  std::vector<const SetOperation*> chain{&last};
  while (true) {
    const SetOperation& node = *chain.back();
    const Query& left = *node.left;
    const auto* inner = std::get_if<SetOperation>(&left.body);
    const bool bare = !left.with && left.order_by.empty() && !left.offset && !left.limit;
    if (!inner || !bare || inner->op != node.op || inner->all != node.all || inner->corresponding ||
        node.corresponding)
      break;
    chain.push_back(inner);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

using Term = SetOperationFacts::Term;

std::vector<uint32_t> all_columns(const std::vector<OutputField>& outputs) {
  std::vector<uint32_t> columns;
  for (uint32_t i = 0; i < outputs.size(); ++i) columns.push_back(i);
  return columns;
}

// Checks that CORRESPONDING can tell the columns apart.
void check_names(const std::vector<OutputField>& outputs, Location place) {
  std::set<std::string> names;
  for (const OutputField& output : outputs) {
    if (!output.name) {
      throw semantic_error(ErrorCode::kMissingColumnName, place,
                           "Anonymous columns are not allowed in set operations with "
                           "CORRESPONDING");
    }
    const std::string name = to_lower_ascii(*output.name);
    if (!names.insert(name).second) {
      throw semantic_error(ErrorCode::kAmbiguousName, place,
                           "Duplicate columns found when using CORRESPONDING in set operations: {}",
                           name);
    }
  }
}

// CORRESPONDING: the columns whose names both sides have, in the order of the left.
void keep_corresponding(const SetOperation& node, const std::vector<OutputField>& left_outputs,
                        const std::vector<OutputField>& right_outputs, Term& left, Term& right) {
  if (!node.corresponding_columns.empty()) {
    throw semantic_error(ErrorCode::kNotSupported, node.location,
                         "CORRESPONDING with columns is unsupported");
  }
  check_names(left_outputs, node.location);
  check_names(right_outputs, node.location);
  left.columns.clear();
  right.columns.clear();
  for (uint32_t i = 0; i < left_outputs.size(); ++i) {
    for (uint32_t j = 0; j < right_outputs.size(); ++j) {
      if (!equals_ignoring_case(*left_outputs[i].name, *right_outputs[j].name)) continue;
      left.columns.push_back(i);
      right.columns.push_back(j);
    }
  }
  if (left.columns.empty()) {
    throw semantic_error(ErrorCode::kMismatchedColumnAliases, node.location,
                         "No corresponding columns");
  }
}

// Widens `outputs`, those of the terms so far, to take in `right`.
void add_term(const SetOperation& node, const std::vector<OutputField>& right_outputs,
              const std::vector<uint32_t>& columns, std::vector<OutputField>& outputs) {
  if (outputs.size() != columns.size()) {
    throw semantic_error(ErrorCode::kTypeMismatch, node.location,
                         "{} query has different number of fields: {}, {}", operator_name(node.op),
                         outputs.size(), columns.size());
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    const Type& right = right_outputs[columns[i]].type;
    const std::optional<Type> common = common_super_type(outputs[i].type, right);
    if (!common) {
      throw semantic_error(ErrorCode::kTypeMismatch, node.location,
                           "column {} in {} query has incompatible types: {}, {}", i + 1,
                           operator_name(node.op), outputs[i].type.display(), right.display());
    }
    if (!(node.op == SetOperator::kUnion && node.all) && !is_comparable(*common)) {
      throw semantic_error(ErrorCode::kTypeMismatch, node.location,
                           "Type {} is not comparable and therefore cannot be used in {}",
                           common->display(), operator_name(node.op));
    }
    outputs[i].type = *common;
  }
}

}  // namespace

void analyze_set_operation(AnalysisContext& context, const SetOperation& node, const Scope& scope,
                           QueryFacts& facts) {
  const std::vector<const SetOperation*> chain = chain_of(node);
  SetOperationFacts body{&node, {}};
  std::vector<Term>& terms = body.terms;
  const auto add = [&](const Query& query) {
    const QueryIndex index = analyze_query_node(context, query, &scope);
    terms.push_back({index, all_columns(context.analysis.queries[index].outputs)});
  };
  add(*chain.front()->left);
  for (const SetOperation* operation : chain) add(*operation->right);
  const auto outputs_of = [&](const Term& term) -> const std::vector<OutputField>& {
    return context.analysis.queries[term.query].outputs;
  };
  if (node.corresponding) {
    keep_corresponding(node, outputs_of(terms[0]), outputs_of(terms[1]), terms[0], terms[1]);
  }
  for (const uint32_t column : terms[0].columns)
    facts.outputs.push_back(outputs_of(terms[0])[column]);
  for (size_t i = 1; i < terms.size(); ++i) {
    add_term(*chain[i - 1], outputs_of(terms[i]), terms[i].columns, facts.outputs);
  }
  facts.body = std::move(body);
}

}  // namespace trailsql
