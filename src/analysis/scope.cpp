#include "analysis/scope.h"

#include <algorithm>

#include "analysis/name_chain.h"
#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

// `t.c` names a column of db.t too: the qualifier given must be the end of the full one.
bool is_suffix(const std::vector<std::string_view>& given, const std::vector<std::string>& full) {
  if (given.size() > full.size()) return false;
  return std::equal(
      given.begin(), given.end(), full.end() - static_cast<std::ptrdiff_t>(given.size()),
      [](std::string_view a, std::string_view b) { return equals_ignoring_case(a, b); });
}

bool matches(const ScopeField& field, const std::vector<std::string_view>& parts) {
  if (field.is_row_value)
    return parts.size() == 1 && equals_ignoring_case(field.qualifier.back(), parts[0]);
  if (!field.name || !equals_ignoring_case(*field.name, parts.back())) return false;
  return is_suffix({parts.begin(), parts.end() - 1}, field.qualifier);
}

}  // namespace

const ScopeField* Scope::resolve(const std::vector<std::string_view>& parts, Location place) const {
  const ScopeField* found = nullptr;
  for (const ScopeField& field : fields_) {
    if (!matches(field, parts)) continue;
    // A column hides the row value of the same name.
    if (found && found->is_row_value != field.is_row_value) {
      if (found->is_row_value) found = &field;
      continue;
    }
    if (found)
      throw semantic_error(ErrorCode::kAmbiguousName, place, "Column '{}' is ambiguous",
                           spell_chain(parts));
    found = &field;
  }
  if (found && !found->refused_in.empty()) {
    throw semantic_error(ErrorCode::kInvalidColumnReference, place,
                         "LATERAL reference not allowed in {} JOIN", found->refused_in);
  }
  if (found) return found;
  for (size_t length = 1; length < parts.size(); ++length) {
    const std::vector<std::string_view> prefix(parts.begin(),
                                               parts.begin() + static_cast<std::ptrdiff_t>(length));
    if (std::any_of(fields_.begin(), fields_.end(), [&](const ScopeField& field) {
          return !field.is_row_value && matches(field, prefix);
        }))
      return nullptr;
  }
  found = parent_ ? parent_->resolve(parts, place) : nullptr;
  if (found && is_barrier_) {
    throw semantic_error(ErrorCode::kNotSupported, place,
                         "Reference to column '{}' from outer scope not allowed in this context",
                         spell_chain(parts));
  }
  return found;
}

std::vector<const ScopeField*> Scope::fields_of(
    const std::vector<std::string_view>& qualifier) const {
  std::vector<const ScopeField*> result;
  for (const ScopeField& field : fields_) {
    if (!field.qualifier.empty() && is_suffix(qualifier, field.qualifier)) result.push_back(&field);
  }
  return result;
}

void Scope::add_named_query(std::string name, QueryIndex query, std::vector<std::string> columns) {
  named_queries_.push_back({std::move(name), query, std::move(columns), std::nullopt});
}

void Scope::add_recursion(std::string name, RelationIndex relation) {
  named_queries_.push_back({std::move(name), 0, {}, relation});
}

const Scope::NamedQueryBinding* Scope::find_named_query(std::string_view name) const {
  for (const Scope* scope = this; scope; scope = scope->parent_) {
    for (const NamedQueryBinding& binding : scope->named_queries_) {
      if (binding.name == name) return &binding;
    }
  }
  return nullptr;
}

bool Scope::has_named_query(std::string_view name) const {
  return std::any_of(named_queries_.begin(), named_queries_.end(),
                     [&](const NamedQueryBinding& binding) { return binding.name == name; });
}

std::vector<std::string> Scope::column_names() const {
  std::vector<std::string> names;
  for (const Scope* scope = this; scope; scope = scope->parent_) {
    for (const ScopeField& field : scope->fields_) {
      if (field.name && !field.hidden) names.push_back(*field.name);
    }
  }
  return names;
}

}  // namespace trailsql
