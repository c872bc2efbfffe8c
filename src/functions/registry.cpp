// Joins the families' tables; finds, resolves and lowers their entries.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "functions/cast.h"
#include "functions/families.h"
#include "functions/overload_listing.h"
#include "functions/signature.h"

namespace trailsql {
namespace {

struct Overload {
  const FunctionEntry* entry;
  Signature signature;
};

class Registry {
 public:
  static const Registry& instance() {
    static const Registry registry;
    return registry;
  }

  std::span<const Overload> find(std::string_view name) const {
    const auto found = overloads_.find(to_lower_ascii(name));
    if (found == overloads_.end()) return {};
    return found->second;
  }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<const FunctionEntry*>& entries() const { return entries_; }

 private:
  Registry() {
    for (const auto& family : kFamilies) {
      for (const FunctionEntry& entry : family()) {
        overloads_[std::string(entry.name)].push_back({&entry, parse_signature(entry.signature)});
        entries_.push_back(&entry);
      }
    }
    for (const auto& [name, overloads] : overloads_) {
      if (!name.starts_with('$')) names_.push_back(name);
    }
  }

  static constexpr std::span<const FunctionEntry> (*kFamilies[])() = {
      arithmetic_operators,  comparison_operators,  date_operators,         string_functions,
      json_functions,        date_functions,        date_text_functions,    regexp_functions,
      array_functions,       array_part_functions,  map_functions,          lambda_functions,
      vector_functions,      math_functions,        binary_functions,       url_functions,
      aggregate_functions,   map_aggregates,        window_functions,       time_operators,
      time_functions,        query_checks,          approximate_aggregates, value_aggregates,
      statistics_aggregates, extreme_aggregates,    digest_functions,       date_part_functions,
      instant_functions,     duration_functions,    hash_functions,         bitwise_functions,
      random_functions,      probability_functions, format_functions,       word_functions,
      split_functions,       sql_json_functions,    json_operators};

  std::map<std::string, std::vector<Overload>, std::less<>> overloads_;
  std::vector<std::string> names_;
  std::vector<const FunctionEntry*> entries_;
};

struct Candidate {
  const Overload* overload;
  BoundSignature bound;
};

BoundFunction bind(const Candidate& candidate) {
  BoundFunction function{candidate.overload->entry, candidate.bound.arguments,
                         candidate.bound.result};
  if (function.entry->derive_result != nullptr)
    function.result_type = function.entry->derive_result(function.argument_types);
  return function;
}

bool is_as_specific(const Candidate& a, const Candidate& b) {
  return bind_signature(b.overload->signature, a.bound.arguments, true).has_value();
}

bool casts_only_unknown(const Candidate& candidate, std::span<const Type> arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].is(TypeKind::kUnknown) && !arguments[i].is(TypeKind::kFunction) &&
        !(arguments[i] == candidate.bound.arguments[i]))
      return false;
  }
  return true;
}

// Keeps those that could be called with any other's arguments: the narrowest.
std::vector<Candidate> most_specific(const std::vector<Candidate>& candidates) {
  std::vector<Candidate> result;
  for (const Candidate& candidate : candidates) {
    const bool narrowest =
        std::all_of(candidates.begin(), candidates.end(),
                    [&](const Candidate& other) { return is_as_specific(candidate, other); });
    if (narrowest) result.push_back(candidate);
  }
  return result;
}

// A call on NULL whose overloads differ in their results can mean any of them.
void refuse_ambiguity(const std::vector<Candidate>& candidates, std::span<const Type> arguments) {
  const bool has_null =
      std::ranges::any_of(arguments, [](const Type& type) { return type.is(TypeKind::kUnknown); });
  const bool is_same = std::ranges::all_of(candidates, [&](const Candidate& each) {
    return each.bound.result == candidates.front().bound.result;
  });
  if (!has_null || is_same) return;
  std::string text =
      "Could not choose a best candidate operator. Explicit type casts must be added.\n"
      "Candidates are:\n";
  for (const Candidate& each : candidates) {
    std::string types;
    for (const Type& type : each.bound.arguments)
      types += (types.empty() ? "" : ",") + type.display();
    text += fmt::format("\t * ({}):{}\n", types, each.bound.result.display());
  }
  throw QueryError(ErrorCode::kAmbiguousFunctionCall, text);
}

std::string lambda_variable(std::string_view name, size_t depth) {
  return fmt::format("{}{}", name, depth);
}

// Returns what a placeholder's name (without braces) stands for.
class Placeholders {
 public:
  Placeholders(const BoundFunction& function, std::span<const std::string> arguments,
               const AggregateModifiers& modifiers, size_t lambda_depth)
      : function_(function),
        arguments_(arguments),
        modifiers_(modifiers),
        lambda_depth_(lambda_depth) {}

  void set_kernel(std::string name) { kernel_name_ = std::move(name); }

  std::string expand(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const size_t open = text.find('{');
      out += text.substr(0, open);
      if (open == std::string_view::npos) break;
      const size_t close = text.find('}', open);
      const std::string_view name = text.substr(open + 1, close - open - 1);
      append(out, name);
      text.remove_prefix(close + 1);
    }
    return out;
  }

 private:
  void append(std::string& out, std::string_view name) const {
    if (name == "*" || name == "*||") {
      for (size_t i = 0; i < arguments_.size(); ++i) {
        if (i > 0) out += name == "*" ? ", " : " || ";
        out += arguments_[i];
      }
    } else if (name == "kernel") {
      out += kernel_name_;
    } else if (name == "distinct") {
      out += modifiers_.distinct ? "DISTINCT " : "";
    } else if (name == "order") {
      out += modifiers_.order;
    } else if (name == "tail") {
      out += modifiers_.tail;
    } else if (name.size() == 1 && name[0] >= 'a' && name[0] <= 'e') {
      out += lambda_variable(name, lambda_depth_);
    } else if (name.starts_with("element")) {
      out += engine_type_name(function_.argument_types.at(index(name.substr(7))).element());
    } else if (name == "type") {
      out += engine_type_name(function_.result_type);
    } else if (name.starts_with("instant")) {
      const size_t i = index(name.substr(7));
      out += engine_key(arguments_[i], function_.argument_types.at(i));
    } else if (name.starts_with("clock")) {
      const size_t i = index(name.substr(5));
      const Type& type = function_.argument_types.at(i);
      const bool is_plain = storage_of(type) == Storage::kInt64;
      out += is_plain ? arguments_[i] : fmt::format("struct_extract({}, 'f0')", arguments_[i]);
    } else if (name.starts_with("type")) {
      out += engine_type_name(function_.argument_types.at(index(name.substr(4))));
    } else {
      out += arguments_[index(name)];
    }
  }

  size_t index(std::string_view digits) const {
    size_t value = 0;
    for (const char c : digits) value = value * 10 + static_cast<size_t>(c - '0');
    if (digits.empty() || value >= arguments_.size())
      throw std::logic_error(
          fmt::format("{}: lowering names {{{}}}", function_.entry->name, digits));
    return value;
  }

  const BoundFunction& function_;
  std::span<const std::string> arguments_;
  const AggregateModifiers& modifiers_;
  size_t lambda_depth_;
  std::string kernel_name_;
};

// Trino turns varchar into char beside a char argument only: 'a' || 'b' is varchar.
bool turns_text_into_char(const BoundSignature& bound, std::span<const Type> arguments) {
  bool turns = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].is(TypeKind::kChar)) return false;
    turns =
        turns || ((arguments[i].is(TypeKind::kVarchar) || arguments[i].is(TypeKind::kUnknown)) &&
                  bound.arguments[i].is(TypeKind::kChar));
  }
  return turns;
}

bool has_decimal(const Type& type) {
  return type.is(TypeKind::kDecimal) ||
         std::any_of(type.fields().begin(), type.fields().end(),
                     [](const RowField& field) { return has_decimal(field.type); });
}

}  // namespace

std::optional<BoundFunction> resolve_function(std::string_view name,
                                              std::span<const Type> arguments,
                                              const LambdaTyper& type_lambda) {
  const std::span<const Overload> overloads = Registry::instance().find(name);
  for (const bool generic : {false, true}) {
    for (const Overload& overload : overloads) {
      if (overload.signature.is_generic != generic) continue;
      if (std::optional<BoundSignature> bound =
              bind_signature(overload.signature, arguments, false, type_lambda))
        return bind({&overload, std::move(*bound)});
    }
  }
  std::vector<Candidate> candidates;
  for (const Overload& overload : overloads) {
    std::optional<BoundSignature> bound =
        bind_signature(overload.signature, arguments, true, type_lambda);
    if (bound && !turns_text_into_char(*bound, arguments))
      candidates.push_back({&overload, std::move(*bound)});
  }
  if (candidates.empty()) return std::nullopt;
  std::vector<Candidate> best;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(best),
               [&](const Candidate& each) { return casts_only_unknown(each, arguments); });
  if (best.empty()) best = candidates;
  const std::vector<Candidate> narrowest = most_specific(best);
  if (narrowest.empty()) refuse_ambiguity(best, arguments);
  return bind(narrowest.empty() ? best.front() : narrowest.front());
}

std::optional<FunctionKind> find_function_kind(std::string_view name) {
  const std::span<const Overload> overloads = Registry::instance().find(name);
  const bool is_operator = name.starts_with('$') && !name.starts_with("$internal$");
  if (overloads.empty() || is_operator) return std::nullopt;
  return overloads.front().entry->kind;
}

std::vector<std::string> overload_texts(std::string_view name) {
  if (const std::string_view listed = listed_overloads(name); !listed.empty())
    return {std::string(listed)};
  std::vector<std::string> texts;
  for (const Overload& overload : Registry::instance().find(name)) {
    texts.push_back(std::string(overload.entry->name) + spell_arguments(overload.signature));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

const std::vector<std::string>& function_names() { return Registry::instance().names(); }

std::vector<const FunctionEntry*> all_functions() { return Registry::instance().entries(); }

void KernelUses::add(KernelPtr kernel) {
  const bool known = std::any_of(kernels_.begin(), kernels_.end(), [&](const KernelPtr& other) {
    return other->sql_name == kernel->sql_name;
  });
  if (!known) kernels_.push_back(std::move(kernel));
}

std::string lower_call(const BoundFunction& function, std::span<const std::string> arguments,
                       KernelUses& kernels, const AggregateModifiers& modifiers,
                       LambdaPlace place) {
  const FunctionEntry& entry = *function.entry;
  std::string_view lowering =
      entry.choose_lowering != nullptr ? entry.choose_lowering(function) : entry.lowering;
  if (place.may_fail && !entry.lowering_may_fail.empty()) lowering = entry.lowering_may_fail;
  if (lowering.empty()) {
    // The engine forgets a decimal's precision when it folds a call on a constant NULL.
    lowering =
        has_decimal(function.result_type) ? "CAST({kernel}({*}) AS {type})" : "{kernel}({*})";
  }
  Placeholders placeholders(function, arguments, modifiers, place.depth);
  if (lowering.find("{kernel}") != std::string_view::npos) {
    KernelPtr kernel = entry.make_kernel(function);
    placeholders.set_kernel(kernel->sql_name);
    kernels.add(std::move(kernel));
  }
  return placeholders.expand(lowering);
}

std::string lambda_parameter(const FunctionEntry& entry, size_t lambda, size_t index,
                             size_t depth) {
  std::string_view paths = entry.lambdas.at(lambda);
  for (size_t i = 0; i < index; ++i) paths.remove_prefix(paths.find(' ') + 1);
  const std::string_view path = paths.substr(0, paths.find(' '));
  const std::string variable = lambda_variable(path.substr(0, 1), depth);
  if (path.size() == 1) return variable;
  return fmt::format("struct_extract({}, '{}')", variable, path.substr(2));
}

}  // namespace trailsql
