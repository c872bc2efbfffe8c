// The words that Hive's DDL takes for keywords wherever a name could stand.
#pragma once

#include <string_view>

namespace trailsql {

/// Returns whether `word`, in any case, needs backticks to be the name of a database, table or
/// column. (Fields of structs may have any name.) Source: the reserved words of Hive 1.2, which
/// Athena's list of DDL keywords follows.
bool is_hive_reserved_word(std::string_view word);

}  // namespace trailsql
