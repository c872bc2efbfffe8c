#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <utility>

#include "functions/cast.h"
#include "functions/function.h"
#include "functions/signature.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

// Resolves a call and spells it: "name(argument types) -> result".
std::string resolve(std::string_view name, std::vector<std::string> arguments) {
  std::vector<Type> types;
  for (const std::string& argument : arguments) types.push_back(parse_type(argument));
  const std::optional<BoundFunction> bound = resolve_function(name, types);
  if (!bound) return "none";
  std::string out = std::string(bound->entry->name) + "(";
  for (size_t i = 0; i < bound->argument_types.size(); ++i)
    out += (i > 0 ? ", " : "") + bound->argument_types[i].display();
  return out + ") -> " + bound->result_type.display();
}

std::string lower(std::string_view name, std::vector<std::string> types,
                  std::vector<std::string> arguments, const AggregateModifiers& modifiers = {}) {
  std::vector<Type> parsed;
  for (const std::string& type : types) parsed.push_back(parse_type(type));
  KernelUses kernels;
  return lower_call(*resolve_function(name, parsed), arguments, kernels, modifiers);
}

TEST(Registry, PrefersTheExactOverload) {
  EXPECT_EQ(resolve("$add", {"integer", "integer"}), "$add(integer, integer) -> integer");
  EXPECT_EQ(resolve("$add", {"bigint", "bigint"}), "$add(bigint, bigint) -> bigint");
}

TEST(Registry, CoercesToTheMostSpecificOverload) {
  EXPECT_EQ(resolve("$add", {"integer", "bigint"}), "$add(bigint, bigint) -> bigint");
  EXPECT_EQ(resolve("$add", {"integer", "double"}), "$add(double, double) -> double");
  EXPECT_EQ(resolve("$add", {"integer", "real"}), "$add(real, real) -> real");
  EXPECT_EQ(resolve("$add", {"integer", "decimal(2,1)"}),
            "$add(decimal(10,0), decimal(2,1)) -> decimal(12,1)");
  EXPECT_EQ(resolve("sum", {"integer"}), "sum(bigint) -> bigint");
  EXPECT_EQ(resolve("avg", {"integer"}), "avg(bigint) -> double");
}

TEST(Registry, DerivesDecimalResultsAsTrino) {
  EXPECT_EQ(resolve("$multiply", {"decimal(2,1)", "decimal(3,2)"}),
            "$multiply(decimal(2,1), decimal(3,2)) -> decimal(5,3)");
  EXPECT_EQ(resolve("$divide", {"decimal(2,1)", "decimal(3,2)"}),
            "$divide(decimal(2,1), decimal(3,2)) -> decimal(5,2)");
  EXPECT_EQ(resolve("$modulus", {"decimal(2,1)", "decimal(3,2)"}),
            "$modulus(decimal(2,1), decimal(3,2)) -> decimal(3,2)");
  EXPECT_EQ(resolve("sum", {"decimal(5,2)"}), "sum(decimal(5,2)) -> decimal(38,2)");
}

TEST(Registry, BindsVariables) {
  EXPECT_EQ(resolve("$equal", {"varchar(3)", "varchar"}), "$equal(varchar, varchar) -> boolean");
  EXPECT_EQ(resolve("lower", {"varchar(3)"}), "lower(varchar(3)) -> varchar(3)");
  EXPECT_EQ(resolve("LOWER", {"varchar"}), "lower(varchar) -> varchar");
  EXPECT_EQ(resolve("$subscript", {"array(row(a bigint))", "integer"}),
            "$subscript(array(row(a bigint)), bigint) -> row(a bigint)");
  EXPECT_EQ(resolve("$subscript", {"map(varchar,bigint)", "varchar(1)"}),
            "$subscript(map(varchar, bigint), varchar) -> bigint");
  EXPECT_EQ(resolve("$add", {"date", "interval day to second"}),
            "$add(date, interval day to second) -> date");
  EXPECT_EQ(resolve("$equal", {"date", "timestamp(3)"}),
            "$equal(timestamp(3), timestamp(3)) -> boolean");
  EXPECT_EQ(resolve("replace", {"varchar(3)", "varchar(1)", "varchar(3)"}),
            "replace(varchar(3), varchar(1), varchar(3)) -> varchar(15)");
}

TEST(Registry, AnswersUnknownWithWhatIsThere) {
  EXPECT_EQ(resolve("lower", {"bigint"}), "none");
  EXPECT_EQ(resolve("no_such_function", {}), "none");
  EXPECT_EQ(resolve("$equal", {"varchar", "bigint"}), "none");
  EXPECT_EQ(resolve("$add", {"varchar(1)", "integer"}), "none");
  EXPECT_EQ(resolve("lower", {"unknown"}), "lower(varchar(0)) -> varchar(0)");
  EXPECT_EQ(find_function_kind("SUM"), FunctionKind::kAggregate);
  EXPECT_EQ(find_function_kind("row_number"), FunctionKind::kWindow);
  EXPECT_EQ(find_function_kind("$add"), std::nullopt);
}

TEST(Registry, SpellsOverloadsAsTrino) {
  EXPECT_EQ(overload_texts("lower"),
            (std::vector<std::string>{"lower(char(x)), lower(varchar(x))"}));
  EXPECT_EQ(overload_texts("flatten"), (std::vector<std::string>{"flatten(array(array(E))) E"}));
}

TEST(Registry, LowersPlainComparisonsToTheEngine) {
  EXPECT_EQ(lower("$equal", {"varchar", "varchar"}, {"a", "b"}), "(a = b)");
  EXPECT_EQ(lower("$less", {"bigint", "bigint"}, {"a", "b"}), "(a < b)");
  EXPECT_EQ(lower("$equal", {"double", "double"}, {"a", "b"}),
            "k_equal_double_double_boolean(a, b)");
  EXPECT_EQ(lower("concat", {"varchar", "varchar"}, {"a", "b"}), "CAST((a || b) AS VARCHAR)");
}

TEST(Registry, LowersAggregatesWithTheirModifiers) {
  EXPECT_EQ(lower("count", {}, {}), "count(*)");
  EXPECT_EQ(lower("count", {"varchar"}, {"c"}, {true, "", " FILTER (WHERE x)"}),
            "count(DISTINCT c) FILTER (WHERE x)");
  EXPECT_EQ(lower("array_agg", {"varchar"}, {"c"}, {false, " ORDER BY d", ""}),
            "list(c ORDER BY d)");
}

TEST(Registry, NoOverloadIsListedTwice) {
  std::set<std::pair<std::string_view, std::string_view>> overloads;
  for (const FunctionEntry* entry : all_functions())
    EXPECT_TRUE(overloads.emplace(entry->name, entry->signature).second)
        << entry->name << entry->signature;
}

// Every entry must parse, have a sentence of documentation, and name its kernel if it has one.
TEST(Registry, EntriesAreWellFormed) {
  for (const FunctionEntry* entry : all_functions()) {
    SCOPED_TRACE(entry->name);
    EXPECT_NO_THROW(parse_signature(entry->signature)) << entry->signature;
    EXPECT_TRUE(entry->doc.ends_with('.')) << entry->doc;
    EXPECT_TRUE(entry->make_kernel != nullptr || !entry->lowering.empty());
    if (entry->kind != FunctionKind::kScalar) {
      EXPECT_NE(entry->lowering.find("{tail}"), std::string_view::npos);
    }
  }
}

TEST(Registry, KernelNamesAreUniqueForTheTypes) {
  KernelUses kernels;
  const std::vector<Type> one = {parse_type("row(a bigint)"), parse_type("row(a bigint)")};
  const std::vector<Type> two = {parse_type("row(b bigint)"), parse_type("row(b bigint)")};
  const std::vector<std::string> arguments = {"x", "y"};
  const std::string first = lower_call(*resolve_function("$equal", one), arguments, kernels);
  const std::string second = lower_call(*resolve_function("$equal", two), arguments, kernels);
  EXPECT_NE(first, second);
  EXPECT_EQ(kernels.kernels().size(), 2U);
  lower_call(*resolve_function("$equal", one), arguments, kernels);
  EXPECT_EQ(kernels.kernels().size(), 2U);
}

// A lambda that adds its parameters: it returns their common type.
Type sum_of(size_t, const std::vector<Type>& parameters) {
  return parameters.size() == 1 ? parameters[0] : *common_super_type(parameters[0], parameters[1]);
}

TEST(Registry, LambdasBindAfterTheOtherArguments) {
  const std::vector<Type> types = {Type::array(TypeKind::kInteger), TypeKind::kFunction};
  const auto transform = resolve_function("transform", types, sum_of);
  ASSERT_TRUE(transform);
  EXPECT_EQ(transform->result_type.display(), "array(integer)");
  EXPECT_EQ(transform->argument_types[1].display(), "function(integer, integer)");
  // What a lambda returns is not coerced.
  EXPECT_FALSE(resolve_function("filter", types, sum_of));
  EXPECT_FALSE(resolve_function("abs", std::vector<Type>{TypeKind::kFunction}, sum_of));
  EXPECT_FALSE(resolve_function("transform", types));
}

TEST(Registry, AStateWidensUntilTheLambdaReturnsIt) {
  const std::vector<Type> types = {Type::array(TypeKind::kBigint), TypeKind::kInteger,
                                   TypeKind::kFunction, TypeKind::kFunction};
  const auto reduce = resolve_function("reduce", types, sum_of);
  ASSERT_TRUE(reduce);
  EXPECT_EQ(reduce->argument_types[1].display(), "bigint");
  EXPECT_EQ(reduce->result_type.display(), "bigint");
}

TEST(Registry, ParametersOfNestedEngineLambdasHaveNamesOfTheirOwn) {
  const FunctionEntry& entry =
      *resolve_function("reduce",
                        std::vector<Type>{Type::array(TypeKind::kBigint), TypeKind::kBigint,
                                          TypeKind::kFunction, TypeKind::kFunction},
                        sum_of)
           ->entry;
  EXPECT_EQ(lambda_parameter(entry, 0, 0, 2), "struct_extract(a2, 'f0')");
  EXPECT_EQ(lambda_parameter(entry, 0, 1, 2), "struct_extract(e2, 'f1')");
  EXPECT_EQ(lambda_parameter(entry, 1, 0, 3), "struct_extract(e3, 'f0')");
}

TEST(Registry, AnOrderIsAskedOfTheTypesThatNeedOne) {
  const Type map = Type::map(TypeKind::kInteger, TypeKind::kInteger);
  EXPECT_FALSE(resolve_function("array_sort", std::vector<Type>{Type::array(map)}));
  EXPECT_TRUE(resolve_function("array_sort", std::vector<Type>{Type::array(TypeKind::kUnknown)}));
}

}  // namespace
}  // namespace trailsql
