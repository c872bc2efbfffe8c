// Signatures of functions with variables ("(array(T), varchar(x)) -> T") and how argument types
// bind them, as Trino's SignatureBinder does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "types/type.h"

namespace trailsql {

/// Holds one type of a signature: a variable (T, E, K, V, R), or a kind with parts and numbers that
/// may be variables themselves.
struct TypePattern {
  std::string variable;       // of a type variable (T, K1), else empty
  bool is_orderable = false;  // "T:orderable": the variable takes only types with an order
  TypeKind kind = TypeKind::kUnknown;
  std::vector<std::string> numbers;  // "x", "p", "s" or digits; varchar without a length has none
  std::vector<TypePattern> parts;
};

struct Signature {
  std::vector<TypePattern> arguments;
  bool is_variadic = false;  // the last argument repeats, zero times or more
  TypePattern result;
  bool is_generic = false;  // has any variable
};

/// A signature made concrete.
struct BoundSignature {
  std::vector<Type> arguments;
  Type result;
};

/// Parses "(varchar(x), bigint) -> varchar(x)". The text comes from our own tables: a mistake in it
/// throws std::logic_error.
Signature parse_signature(std::string_view text);

/// Take apart the type of a function: its parameters, and what it returns.
std::vector<Type> parameter_types(const Type& function);
const Type& result_type(const Type& function);

/// Returns what the lambda that is argument `argument` returns when its parameters have these
/// types.
using LambdaTyper = std::function<Type(size_t argument, const std::vector<Type>& parameters)>;

/// Binds the signature to arguments; empty when they do not fit. Without `allow_coercion` every
/// argument must have exactly the type it binds. Lambdas (kFunction without parts) bind after the
/// others, again while what they return widens a variable; what they return is never coerced.
std::optional<BoundSignature> bind_signature(const Signature& signature,
                                             std::span<const Type> arguments, bool allow_coercion,
                                             const LambdaTyper& type_lambda = {});

/// Spells the part before the arrow, and the variables, as Trino's messages do:
/// "(varchar(x), bigint)", "(array(E), E) E".
std::string spell_arguments(const Signature& signature);

}  // namespace trailsql
