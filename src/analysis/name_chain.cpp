#include "analysis/name_chain.h"

#include "base/text.h"

namespace trailsql {

std::vector<std::string_view> names_of_chain(const Expression& expression) {
  if (const auto* reference = std::get_if<ColumnReference>(&expression.node)) {
    return {reference->name.value};
  }
  const auto* dereference = std::get_if<Dereference>(&expression.node);
  if (!dereference) return {};
  std::vector<std::string_view> names = names_of_chain(*dereference->base);
  if (!names.empty()) names.push_back(dereference->field.value);
  return names;
}

std::string spell_chain(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::string_view name : names) text += (text.empty() ? "" : ".") + to_lower_ascii(name);
  return text;
}

}  // namespace trailsql
