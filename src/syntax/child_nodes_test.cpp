#include "syntax/child_nodes.h"

#include <gtest/gtest.h>

#include "syntax/parser.h"

namespace trailsql {
namespace {

/// Lists children: expressions as text, relations and queries as `<relation>` and `<query>`.
template <typename Node>
std::string children_of(const Node& node) {
  std::string out;
  for_each_child_node(node, [&](const ChildNode& child) {
    if (!out.empty()) out += ", ";
    if (const auto* expression = std::get_if<const Expression*>(&child)) {
      out += print_expression(**expression);
    } else {
      out += std::holds_alternative<const Query*>(child) ? "<query>" : "<relation>";
    }
  });
  return out;
}

std::string children_of_expression(std::string_view text) {
  return children_of(parse_expression(text)->node);
}

TEST(ChildNodes, OfExpressionsComeInTheOrderOfTheText) {
  EXPECT_EQ(children_of_expression("a"), "");
  EXPECT_EQ(children_of_expression("a[b]"), "a, b");
  EXPECT_EQ(children_of_expression("CASE a WHEN b THEN c ELSE d END"), "a, b, c, d");
  EXPECT_EQ(children_of_expression("trim(LEADING a FROM b)"), "a, b");
  EXPECT_EQ(children_of_expression("a LIKE b"), "a, b");
  EXPECT_EQ(children_of_expression("a NOT IN (SELECT b FROM c)"), "a, <query>");
  EXPECT_EQ(
      children_of_expression("f(a ORDER BY b) FILTER (WHERE c) OVER (PARTITION BY d ORDER BY e "
                             "ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING)"),
      "a, b, c, d, e, 1, 2");
  EXPECT_EQ(children_of_expression("json_value(a, 'lax $' PASSING b AS x DEFAULT c ON EMPTY)"),
            "a, b, c");
}

TEST(ChildNodes, OfQueriesComeInTheOrderOfTheText) {
  const auto statement = parse_statement(
      "WITH w AS (SELECT 1) SELECT a, r.*, * FROM t, u WHERE b GROUP BY c, ROLLUP (d, e) HAVING f "
      "WINDOW x AS (PARTITION BY g ROWS 3 PRECEDING) ORDER BY h OFFSET 1 LIMIT 2");
  const Query& query = *std::get<QueryStatement>(statement->node).query;
  EXPECT_EQ(children_of(query), "<query>, a, r, <relation>, b, c, d, e, f, g, 3, h, 1, 2");
  const auto& select = std::get<QuerySpecification>(query.body);
  EXPECT_EQ(children_of(select.from->node), "<relation>, <relation>");
}

}  // namespace
}  // namespace trailsql
