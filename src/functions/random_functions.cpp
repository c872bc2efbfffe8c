// Random numbers and random identifiers.
#include <algorithm>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// Places the engine's random number, in [0, 1), between the limits. The engine draws it, since a
// kernel must be pure.
void place_in_range(const KernelCall& call) {
  const bool has_start = call.arguments.size() > 2;
  for_each_row(call, [&](size_t row) {
    const int64_t start = has_start ? call.arguments[0]->int64_at(row) : 0;
    const int64_t stop = call.arguments[has_start ? 1 : 0]->int64_at(row);
    if (!has_start && stop <= 0) fail_argument("bound must be positive");
    if (start >= stop) fail_argument("start value must be less than stop value");
    const double drawn = call.arguments.back()->double_at(row);
    const auto span = static_cast<int128_t>(stop) - start;
    const auto step = static_cast<int128_t>(static_cast<double>(span) * drawn);
    call.result.append_int64(static_cast<int64_t>(start + std::min(step, span - 1)));
  });
}

KernelPtr make_range_kernel(const BoundFunction& bound) {
  auto kernel = std::make_shared<Kernel>();
  kernel->argument_types = bound.argument_types;
  kernel->argument_types.emplace_back(TypeKind::kDouble);
  kernel->sql_name = kernel_name("random", kernel->argument_types);
  kernel->result_type = bound.result_type;
  kernel->run = place_in_range;
  return kernel;
}

constexpr FunctionEntry random_entry(std::string_view name, std::string_view signature,
                                     std::string_view lowering, std::string_view doc,
                                     MakeKernel make_kernel = nullptr) {
  return {.name = name,
          .signature = signature,
          .lowering = lowering,
          .doc = doc,
          .may_fail = make_kernel != nullptr,
          .deterministic = false,
          .make_kernel = make_kernel};
}

constexpr FunctionEntry below(std::string_view name, std::string_view signature) {
  return random_entry(name, signature, "{kernel}({0}, random())",
                      "Returns a random whole number below a limit.", make_range_kernel);
}
constexpr FunctionEntry between(std::string_view name, std::string_view signature) {
  return random_entry(name, signature, "{kernel}({0}, {1}, random())",
                      "Returns a random whole number of a range.", make_range_kernel);
}

constexpr std::string_view kNumberDoc = "Returns a random number from 0 to 1.";

constexpr FunctionEntry kRandomFunctions[] = {
    random_entry("random", "() -> double", "random()", kNumberDoc),
    below("random", "(tinyint) -> tinyint"),
    below("random", "(smallint) -> smallint"),
    below("random", "(integer) -> integer"),
    below("random", "(bigint) -> bigint"),
    between("random", "(tinyint, tinyint) -> tinyint"),
    between("random", "(smallint, smallint) -> smallint"),
    between("random", "(integer, integer) -> integer"),
    between("random", "(bigint, bigint) -> bigint"),
    random_entry("rand", "() -> double", "random()", kNumberDoc),
    below("rand", "(tinyint) -> tinyint"),
    below("rand", "(smallint) -> smallint"),
    below("rand", "(integer) -> integer"),
    below("rand", "(bigint) -> bigint"),
    between("rand", "(tinyint, tinyint) -> tinyint"),
    between("rand", "(smallint, smallint) -> smallint"),
    between("rand", "(integer, integer) -> integer"),
    between("rand", "(bigint, bigint) -> bigint"),
    random_entry("uuid", "() -> uuid", "from_hex(replace(CAST(uuid() AS VARCHAR), '-', ''))",
                 "Returns a random UUID."),
};

}  // namespace

std::span<const FunctionEntry> random_functions() { return kRandomFunctions; }

}  // namespace trailsql
