// The tables of functions, one a family. The registry (registry.cpp) joins them.
#pragma once

#include <span>

#include "functions/function.h"

namespace trailsql {

std::span<const FunctionEntry> arithmetic_operators();
std::span<const FunctionEntry> comparison_operators();
std::span<const FunctionEntry> date_operators();
std::span<const FunctionEntry> aggregate_functions();
std::span<const FunctionEntry> window_functions();
std::span<const FunctionEntry> string_functions();

}  // namespace trailsql
