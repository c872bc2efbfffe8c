// The tables of functions, one a family. The registry (registry.cpp) joins them.
#pragma once

#include <span>

#include "functions/function.h"

namespace trailsql {

// Entries of the usual forms, so that a table has one line a function.

/// Makes an entry whose lowering is engine SQL alone.
constexpr FunctionEntry plain(std::string_view name, std::string_view signature,
                              std::string_view lowering, std::string_view doc) {
  return {.name = name, .signature = signature, .lowering = lowering, .doc = doc};
}

/// Makes an entry that is one call of its kernel and cannot fail.
constexpr FunctionEntry total(std::string_view name, std::string_view signature,
                              std::string_view doc, MakeKernel make_kernel) {
  return {.name = name, .signature = signature, .doc = doc, .make_kernel = make_kernel};
}

/// Makes an entry that is one call of its kernel, which can end the query.
constexpr FunctionEntry fallible(std::string_view name, std::string_view signature,
                                 std::string_view doc, MakeKernel make_kernel) {
  return {.name = name,
          .signature = signature,
          .doc = doc,
          .may_fail = true,
          .make_kernel = make_kernel};
}

/// Makes an entry that is one call of its kernel, which is called for NULLs too.
constexpr FunctionEntry on_null(std::string_view name, std::string_view signature,
                                std::string_view doc, MakeKernel make_kernel) {
  return {.name = name,
          .signature = signature,
          .doc = doc,
          .called_on_null = true,
          .make_kernel = make_kernel};
}

/// Gives an entry whose lowering names {kernel} that kernel, which may fail.
constexpr FunctionEntry with_kernel(FunctionEntry entry, MakeKernel make_kernel) {
  entry.may_fail = true;
  entry.make_kernel = make_kernel;
  return entry;
}

/// Makes an aggregate's entry; see FunctionEntry for its placeholders.
constexpr FunctionEntry aggregate(std::string_view name, std::string_view signature,
                                  std::string_view lowering, std::string_view doc) {
  return {.name = name,
          .signature = signature,
          .lowering = lowering,
          .doc = doc,
          .kind = FunctionKind::kAggregate};
}
constexpr FunctionEntry aggregate(std::string_view name, std::string_view signature,
                                  std::string_view lowering, std::string_view doc,
                                  MakeKernel make_kernel) {
  return with_kernel(aggregate(name, signature, lowering, doc), make_kernel);
}

/// Makes a window function's entry.
constexpr FunctionEntry window(std::string_view name, std::string_view signature,
                               std::string_view lowering, std::string_view doc) {
  return {.name = name,
          .signature = signature,
          .lowering = lowering,
          .doc = doc,
          .kind = FunctionKind::kWindow};
}

std::span<const FunctionEntry> arithmetic_operators();
std::span<const FunctionEntry> comparison_operators();
std::span<const FunctionEntry> date_operators();
std::span<const FunctionEntry> time_operators();
std::span<const FunctionEntry> aggregate_functions();
std::span<const FunctionEntry> map_aggregates();
std::span<const FunctionEntry> approximate_aggregates();
std::span<const FunctionEntry> digest_functions();
std::span<const FunctionEntry> extreme_aggregates();
std::span<const FunctionEntry> statistics_aggregates();
std::span<const FunctionEntry> value_aggregates();
std::span<const FunctionEntry> window_functions();
std::span<const FunctionEntry> string_functions();
std::span<const FunctionEntry> json_functions();
std::span<const FunctionEntry> json_operators();
std::span<const FunctionEntry> regexp_functions();
std::span<const FunctionEntry> date_functions();
std::span<const FunctionEntry> date_part_functions();
std::span<const FunctionEntry> instant_functions();
std::span<const FunctionEntry> duration_functions();
std::span<const FunctionEntry> date_text_functions();
std::span<const FunctionEntry> time_functions();
std::span<const FunctionEntry> array_functions();
std::span<const FunctionEntry> map_functions();
std::span<const FunctionEntry> lambda_functions();
std::span<const FunctionEntry> array_part_functions();
std::span<const FunctionEntry> vector_functions();
std::span<const FunctionEntry> math_functions();
std::span<const FunctionEntry> binary_functions();
std::span<const FunctionEntry> url_functions();
std::span<const FunctionEntry> query_checks();
std::span<const FunctionEntry> hash_functions();
std::span<const FunctionEntry> bitwise_functions();
std::span<const FunctionEntry> random_functions();
std::span<const FunctionEntry> probability_functions();
std::span<const FunctionEntry> format_functions();
std::span<const FunctionEntry> word_functions();
std::span<const FunctionEntry> split_functions();
std::span<const FunctionEntry> sql_json_functions();

}  // namespace trailsql
