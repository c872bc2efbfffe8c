// trailsql query: runs the statements of a text, a file or standard input.
#pragma once

#include <memory>
#include <string>

#include "apps/settings.h"
#include "service/statement_runner.h"
#include "syntax/parser.h"

namespace trailsql {

/// Where the statements come from; exactly one is set.
struct QuerySource {
  std::string text;  // "-" means standard input
  std::string file;
};

/// Runs the statements in order; the first that fails ends the run. Returns the exit status.
int run_query_command(const Settings& settings, const QuerySource& source);

/// Reads the statements of a file ("-": standard input). Throws GENERIC_EXTERNAL_ERROR.
std::string read_script(const std::string& file);

/// Runs one statement of `script` and says on standard error what there is to say about it:
/// progress, message, counts, notes, errors with their place in the script. Returns the exit
/// status. `report` gets the counts; `after_rows`, which may be empty, is called when all rows are
/// written and before counts and errors are. `output.before_rows` is set here.
int run_and_tell(QueryService& service, std::string_view script, const ScriptStatement& statement,
                 const Session& session, const Settings& settings, const RunOutput& output,
                 ScanReport& report, const std::function<void()>& after_rows = {});

}  // namespace trailsql
