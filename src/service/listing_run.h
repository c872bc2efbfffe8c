// Results that are at hand when the statement has run: lists of text, and messages.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/query_service.h"

namespace trailsql {

/// Rows of text; empty optionals are NULL.
using TextRows = std::vector<std::vector<std::optional<std::string>>>;

/// Makes a run of kind kListing with varchar columns. Every row has one value per name.
std::unique_ptr<QueryRun> make_listing_run(const std::vector<std::string>& names, TextRows rows);
/// Makes a run of kind kText: one column, and one row per line of `text`; `advice` is told after
/// it.
std::unique_ptr<QueryRun> make_text_run(const std::string& name, const std::string& text,
                                        std::vector<std::string> advice = {});
/// Makes a run of kind kChange with one row, the number of rows that were written, as Trino and
/// Athena tell it.
std::unique_ptr<QueryRun> make_count_run(std::string message, uint64_t num_rows);
/// Makes a run of kind kChange.
std::unique_ptr<QueryRun> make_message_run(std::string message);

}  // namespace trailsql
