// Functions and operators as data: Trino signature, null rule, lowering. Each family is one table
// (string, json, date, …).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/kernel.h"
#include "functions/signature.h"
#include "types/type.h"

namespace trailsql {

enum class FunctionKind : uint8_t { kScalar, kAggregate, kWindow };

struct BoundFunction;

/// Makes the kernel for concrete types. Called once per signature and statement, at planning.
using MakeKernel = KernelPtr (*)(const BoundFunction&);

/// One overload of a function. `lowering` is engine SQL with placeholders:
///   {0} {1} …   the lowered arguments      {*}  all of them, separated by commas
///   {*||}       all of them, separated by ||
///   {kernel}    the SQL name of the kernel that `make_kernel` returns
///   aggregates: {distinct} → "DISTINCT " or nothing; {order} → " ORDER BY …" or nothing;
///               {tail} → " FILTER (WHERE …)" and " OVER (…)" or nothing. All three must stand
///               once.
///   {type}      the engine type of the result     {type0} {type1} …   those of the arguments
///   {element0} … the engine type of an array argument's elements
///   {a} … {e}   names for the parameters of engine lambdas, unique in nested ones
/// An entry with a kernel and no lowering means "{kernel}({*})".
/// The lowered text must have exactly the engine type of the result (see engine_type_name), so
/// DuckDB has nothing to guess.
struct FunctionEntry {
  /// Lower case; operators: "$add", "$equal", … (operators.h).
  std::string_view name = {};
  /// "(varchar(x), bigint) -> varchar(x)"; T, E, K, V are type variables; "T..." repeats.
  std::string_view signature = {};
  std::string_view lowering = {};
  std::string_view doc = {};  // one sentence for SHOW FUNCTIONS and help
  FunctionKind kind = FunctionKind::kScalar;
  bool may_fail =
      false;  // a row's value can end the query: guarded under AND, OR, CASE and filters
  bool deterministic = true;
  bool called_on_null = false;
  MakeKernel make_kernel = nullptr;
  /// Overrides what the signature says: given the argument types (already coerced to the
  /// signature), returns the result type.
  Type (*derive_result)(std::span<const Type>) = nullptr;
  /// What the parameters of each lambda argument are in the lowering, "e.f0 e.f1": fields of the
  /// variables {a} … {e}, or these themselves. {2} is then the lambda's body.
  std::array<std::string_view, 2> lambdas = {};
  /// Replaces `lowering` where a lambda's body may fail.
  std::string_view lowering_may_fail = {};
  /// Overrides `lowering`: returns the text to use for concrete types (comparisons are plain for
  /// most types and kernels for a few).
  std::string_view (*choose_lowering)(const BoundFunction&) = nullptr;
};

/// An overload chosen for concrete argument types.
struct BoundFunction {
  const FunctionEntry* entry = nullptr;
  std::vector<Type> argument_types;  // each argument must be coerced to this first
  Type result_type;
};

/// Finds the overload for a call as Trino does: exact match first, then the most specific one that
/// coercions reach. Empty when none fits. `name` in any case. Lambdas among the arguments are of
/// kind kFunction without parts; `type_lambda` is asked for them once their parameters are bound.
std::optional<BoundFunction> resolve_function(std::string_view name,
                                              std::span<const Type> arguments,
                                              const LambdaTyper& type_lambda = {});

/// Returns whether any overload has this name, and of which kind it is.
std::optional<FunctionKind> find_function_kind(std::string_view name);
/// Returns every overload of `name` spelled as Trino's FUNCTION_NOT_FOUND message lists them
/// ("lower(varchar(x))", …).
std::vector<std::string> overload_texts(std::string_view name);
/// Returns all names that users can call, sorted. For hints, completion and SHOW FUNCTIONS.
const std::vector<std::string>& function_names();
/// Returns every entry of every family, for SHOW FUNCTIONS and the tests.
std::vector<const FunctionEntry*> all_functions();

/// Collects the kernels that a statement's engine SQL names. Equal names are equal kernels.
class KernelUses {
 public:
  void add(KernelPtr kernel);
  const std::vector<KernelPtr>& kernels() const { return kernels_; }

 private:
  std::vector<KernelPtr> kernels_;
};

/// What surrounds an aggregate's arguments; each text begins with a space or is empty.
struct AggregateModifiers {
  bool distinct = false;
  std::string order;
  std::string tail;
};

/// What a call's lambda arguments need to know of their place.
struct LambdaPlace {
  size_t depth = 0;       // in how many lambdas the call stands
  bool may_fail = false;  // a body of the call's own can end the query
};

/// Fills in the entry's lowering. `arguments` are engine SQL of exactly `argument_types`; of
/// lambdas the bodies, where parameters stand as lambda_parameter says.
std::string lower_call(const BoundFunction& function, std::span<const std::string> arguments,
                       KernelUses& kernels, const AggregateModifiers& modifiers = {},
                       LambdaPlace place = {});

/// Returns engine SQL for parameter `index` of the call's lambda number `lambda`.
std::string lambda_parameter(const FunctionEntry& entry, size_t lambda, size_t index, size_t depth);

}  // namespace trailsql
