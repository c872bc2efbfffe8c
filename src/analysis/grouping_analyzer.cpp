#include "analysis/grouping_analyzer.h"

#include <algorithm>
#include <map>
#include <string>

#include "analysis/canonical_key.h"
#include "analysis/expression_analyzer.h"
#include "analysis/sort_key_analyzer.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

using KeySet = std::vector<uint32_t>;  // positions in grouping_keys
using KeySets = std::vector<KeySet>;

// Returns what stands in either, each key once, in the order met.
KeySet joined(const KeySet& left, const KeySet& right) {
  KeySet all = left;
  for (const uint32_t key : right) {
    if (std::find(all.begin(), all.end(), key) == all.end()) all.push_back(key);
  }
  return all;
}

class GroupingAnalyzer {
 public:
  GroupingAnalyzer(AnalysisContext& context, const GroupBy& clause, const Scope& source,
                   SelectFacts& select)
      : context_(context), clause_(clause), source_(source), select_(select) {}

  void run() {
    // The sets of the elements are multiplied: one of each is joined to one of every other.
    KeySets sets{{}};
    if (clause_.automatic) sets = {automatic_keys()};
    for (const GroupingElement& element : clause_.elements) sets = product(sets, element);
    if (clause_.distinct) remove_duplicates(sets);
    select_.grouping_sets = std::move(sets);
  }

 private:
  // GROUP BY AUTO: every output without an aggregate is a key.
  KeySet automatic_keys() {
    KeySet keys;
    for (const SelectOutput& output : select_.outputs) {
      if (output.expression) {
        const std::vector<const Expression*> found = aggregates_in(context_, *output.expression);
        if (!found.empty() && found.front() == output.expression) continue;
        refuse_aggregates(found, "GROUP BY clause", output.expression->location);
      }
      keys = joined(keys, {key_of_output(output)});
    }
    return keys;
  }

  KeySets product(const KeySets& sets, const GroupingElement& element) {
    const KeySets others = sets_of(element);
    if (sets.size() * others.size() > kMaxGroupingSets) {
      throw semantic_error(ErrorCode::kTooManyGroupingSets, element.location,
                           "GROUP BY has {} grouping sets but can contain at most {}",
                           sets.size() * others.size(), kMaxGroupingSets);
    }
    KeySets result;
    for (const KeySet& left : sets) {
      for (const KeySet& right : others) result.push_back(joined(left, right));
    }
    return result;
  }

  KeySets sets_of(const GroupingElement& element) {
    using Kind = GroupingElement::Kind;
    KeySets parts;
    for (const std::vector<ExpressionPtr>& expressions : element.sets) {
      KeySet part;
      for (const ExpressionPtr& expression : expressions) {
        part = joined(part, {element.kind == Kind::kSimple ? simple_key(*expression)
                                                           : column_key(*expression)});
      }
      parts.push_back(std::move(part));
    }
    switch (element.kind) {
      case Kind::kSimple:
      case Kind::kGroupingSets: return parts;
      case Kind::kRollup: return rollup(parts);
      case Kind::kCube: return cube(parts, element.location);
    }
    return parts;
  }

  static KeySets rollup(const KeySets& parts) {
    KeySets sets{{}};
    for (const KeySet& part : parts) sets.push_back(joined(sets.back(), part));
    std::reverse(sets.begin(), sets.end());
    return sets;
  }

  static KeySets cube(const KeySets& parts, Location place) {
    const size_t num_sets = parts.size() < 31 ? size_t{1} << parts.size() : size_t{INT32_MAX};
    if (num_sets > kMaxGroupingSets) {
      throw semantic_error(ErrorCode::kTooManyGroupingSets, place,
                           "GROUP BY has {} grouping sets but can contain at most {}", num_sets,
                           kMaxGroupingSets);
    }
    KeySets sets;
    for (size_t left_out = 0; left_out < num_sets; ++left_out) {
      KeySet set;
      for (size_t i = 0; i < parts.size(); ++i) {
        if ((left_out >> (parts.size() - 1 - i)) % 2 == 0) set = joined(set, parts[i]);
      }
      sets.push_back(std::move(set));
    }
    return sets;
  }

  // GROUP BY DISTINCT: sets of the same keys are one, whatever their order.
  static void remove_duplicates(KeySets& sets) {
    KeySets seen;
    std::erase_if(sets, [&](KeySet set) {
      std::sort(set.begin(), set.end());
      if (std::find(seen.begin(), seen.end(), set) != seen.end()) return true;
      seen.push_back(std::move(set));
      return false;
    });
  }

  // ---- keys

  uint32_t simple_key(const Expression& expression) {
    if (const auto* ordinal = std::get_if<IntegerLiteral>(&expression.node)) {
      return key_of_output(select_.outputs[output_position(*ordinal, expression.location,
                                                           select_.outputs.size(), "GROUP BY")]);
    }
    ExpressionAnalyzer analyzer(context_, source_);
    const Type type = analyzer.analyze(expression);
    analyzer.refuse_aggregates("GROUP BY clause", expression.location);
    return add_key({&expression, {}, type}, expression.location);
  }

  // In GROUPING SETS and its kin only columns can stand.
  uint32_t column_key(const Expression& expression) {
    ExpressionAnalyzer analyzer(context_, source_);
    const Type type = analyzer.analyze(expression);
    const std::optional<ColumnUse>& use = context_.of(expression).use;
    const bool is_name = std::holds_alternative<ColumnReference>(expression.node) ||
                         std::holds_alternative<Dereference>(expression.node);
    if (!use || !is_name || context_.of(expression).field) {
      throw semantic_error(ErrorCode::kInvalidColumnReference, expression.location,
                           "GROUP BY expression must be a column reference: {}",
                           print_expression(expression));
    }
    return add_key({&expression, {}, type}, expression.location);
  }

  uint32_t key_of_output(const SelectOutput& output) {
    const Location place = output.expression ? output.expression->location : clause_.location;
    if (output.expression) {
      refuse_aggregates(aggregates_in(context_, *output.expression), "GROUP BY clause", place);
    }
    return add_key({output.expression, output.use, output.type, output.field}, place);
  }

  uint32_t add_key(GroupingKey key, Location place) {
    if (!is_comparable(key.type)) {
      throw semantic_error(ErrorCode::kTypeMismatch, place,
                           "{} is not comparable, and therefore cannot be used in GROUP BY",
                           key.type.display());
    }
    const auto [position, is_new] =
        positions_.emplace(canonical_key(context_.analysis, key.expression, key.use, key.field),
                           static_cast<uint32_t>(select_.grouping_keys.size()));
    if (is_new) select_.grouping_keys.push_back(std::move(key));
    return position->second;
  }

  AnalysisContext& context_;
  const GroupBy& clause_;
  const Scope& source_;
  SelectFacts& select_;
  std::map<std::string, uint32_t> positions_;  // in grouping_keys, by canonical key
};

}  // namespace

void analyze_group_by(AnalysisContext& context, const QuerySpecification& node, const Scope& source,
                      SelectFacts& select) {
  if (node.group_by) GroupingAnalyzer(context, *node.group_by, source, select).run();
}

std::vector<const Expression*> aggregates_in(const AnalysisContext& context,
                                             const Expression& expression) {
  const ExpressionFacts& facts = context.analysis.of(expression);
  if (facts.is_aggregate || facts.is_window || std::holds_alternative<Grouping>(expression.node))
    return {&expression};
  std::vector<const Expression*> found;
  for_each_child(expression, [&](const Expression& child) {
    const std::vector<const Expression*> below = aggregates_in(context, child);
    found.insert(found.end(), below.begin(), below.end());
  });
  return found;
}

}  // namespace trailsql
