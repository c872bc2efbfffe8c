// `requestParameters.bucketName` on JSON text → one call of a kernel, however long the chain.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analysis/literal_value.h"
#include "base/text.h"
#include "functions/operators.h"
#include "plan/lowering.h"

namespace trailsql {

LoweredExpression Lowering::lower_json_access(const Expression& expression) {
  std::vector<std::string> steps;
  const Expression* base = &expression;
  while (analysis_.of(*base).reads_json) {
    if (const auto* field = std::get_if<Dereference>(&base->node)) {
      steps.push_back(json_string(field->field.value));
      base = field->base.get();
    } else {
      const auto& subscript = std::get<Subscript>(base->node);
      const auto& index = std::get<IntegerLiteral>(subscript.index->node);
      steps.push_back(std::to_string(integer_value(index).value_or(0)));
      base = subscript.base.get();
    }
  }
  std::reverse(steps.begin(), steps.end());
  const LoweredExpression text = lower(*base);
  return {internal_call(kJsonPathOperator, {analysis_.of(*base).type, Type::varchar()},
                        {text.sql, quoted_text(fmt::format("[{}]", fmt::join(steps, ",")))}),
          text.may_fail};
}

}  // namespace trailsql
