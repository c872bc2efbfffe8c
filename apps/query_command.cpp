#include "apps/query_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "apps/interrupt.h"
#include "base/error.h"
#include "base/text.h"
#include "service/progress_bar.h"
#include "service/run_summary.h"

namespace trailsql {
namespace {

// A script may hold many statements; each is limited to kMaxStatementBytes.
constexpr size_t kMaxScriptBytes = 64 * 1024 * 1024;

std::string read_all(std::FILE* stream, const std::string& name) {
  std::string text;
  char buffer[64 * 1024];
  while (const size_t count = std::fread(buffer, 1, sizeof(buffer), stream)) {
    text.append(buffer, count);
    if (text.size() > kMaxScriptBytes) {
      throw QueryError(ErrorCode::kQueryTextTooLarge,
                       fmt::format("{} is larger than {}", name,
                                   human_size(static_cast<double>(kMaxScriptBytes))));
    }
  }
  if (std::ferror(stream) != 0) {
    throw QueryError(ErrorCode::kGenericExternalError,
                     fmt::format("Cannot read {}: {}", name, std::strerror(errno)));
  }
  return text;
}

// Windows editors begin files with a byte order mark; it is no part of the first statement.
std::string without_byte_order_mark(std::string text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  return text;
}

std::string read_source(const QuerySource& source) {
  if (!source.file.empty()) return read_script(source.file);
  return source.text == "-" ? read_script("-") : source.text;
}

ResultFormat format_of(const Settings& settings) {
  if (!settings.format.empty()) return *find_result_format(settings.format);
  const std::optional<ResultFormat> by_name = result_format_of_file(settings.output_file);
  return by_name.value_or(ResultFormat::kTable);
}

bool is_parquet_output(const Settings& settings) {
  return settings.format.empty() && to_lower_ascii(settings.output_file).ends_with(".parquet");
}

void tell(std::string_view line) { fmt::print(stderr, "{}\n", line); }

void tell_outcome(const RunOutcome& outcome, const ScanReport& report, const Settings& settings) {
  if (outcome.kind == StatementKind::kChange) {
    if (settings.quiet) return;
    const RequestTotals requests = totals_of(report.requests);
    tell(requests.any() ? outcome.message + "; " + requests_text(requests) : outcome.message);
    return;
  }
  if (settings.quiet) return;
  if (outcome.kind == StatementKind::kQuery) {
    tell(summary_text(outcome.num_rows, progress_of(report, outcome.seconds),
                      scan_price_of(settings)));
  }
  for (const std::string& note : outcome.notes) tell(note);
}

void tell_notes(const ScanReport& report, const Settings& settings) {
  if (settings.quiet) return;
  for (const std::string& line : note_lines(report, settings.all_warnings)) tell(line);
}

// Says in which statement of a longer script the error was.
void tell_statement(const Script& script, size_t index, const QuerySource& source) {
  const std::string name = source.file.empty() || source.file == "-" ? "line " : source.file + ":";
  tell(fmt::format("in statement {} of {}, which begins at {}{}", index + 1,
                   script.statements.size(), name, script.statements[index].location.line));
}

}  // namespace

std::string read_script(const std::string& file) {
  if (file == "-") return without_byte_order_mark(read_all(stdin, "standard input"));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               &std::fclose);
  if (!stream) {
    throw QueryError(ErrorCode::kGenericExternalError,
                     fmt::format("Cannot open {}: {}", file, std::strerror(errno)));
  }
  return without_byte_order_mark(read_all(stream.get(), file));
}

int run_and_tell(QueryService& service, std::string_view script, const ScriptStatement& statement,
                 const Session& session, const Settings& settings, const RunOutput& output,
                 ScanReport& report, const std::function<void()>& after_rows) {
  Cancellation cancellation;
  const InterruptScope scope(cancellation);
  std::optional<ProgressBar> bar;
  if (!settings.quiet && ::isatty(STDERR_FILENO) != 0) bar.emplace(report, stderr);
  RunOutput announced = output;
  announced.before_rows = [&bar] {
    // Rows and the bar would write over each other where both go to the terminal.
    if (bar && ::isatty(STDOUT_FILENO) != 0) bar->stop();
  };
  const auto tell_failure = [&](const QueryError& error) {
    bar.reset();
    if (after_rows) after_rows();
    fmt::print(
        stderr, "{}",
        render_error(placed_in_script(error, statement.location), script, stderr_style(settings)));
    tell_notes(report, settings);
    const bool interrupted = error.code() == ErrorCode::kUserCanceled && cancellation.requested();
    return interrupted ? kExitInterrupted : kExitFailed;
  };
  try {
    const RunOutcome outcome =
        run_statement(service, statement.text, session, cancellation, report, announced);
    bar.reset();
    if (after_rows) after_rows();
    tell_outcome(outcome, report, settings);
    tell_notes(report, settings);
    return kExitOk;
  } catch (const QueryError& error) {
    return tell_failure(error);
  } catch (const std::exception& error) {
    return tell_failure(QueryError(ErrorCode::kGenericInternalError, error.what()));
  }
}

int run_query_command(const Settings& settings, const QuerySource& source) {
  const std::string text = read_source(source);
  const Script script = split_script(text);
  if (script.statements.empty()) {
    throw QueryError(ErrorCode::kInvalidArguments, "There is no statement to run");
  }
  QueryService service = open_service(settings);
  const Session session = session_of(settings);
  StreamSink stdout_sink(stdout, "standard output");
  std::optional<AtomicFileSink> file_sink;
  if (settings.dry_run && !settings.output_file.empty()) {
    throw QueryError(ErrorCode::kInvalidArguments, "A dry run has no rows to write to a file");
  }
  if (is_s3_location(settings.output_file)) {
    throw QueryError(
        ErrorCode::kInvalidArguments, Location{},
        "--output writes to files of this machine, not to buckets",
        "UNLOAD (SELECT …) TO 's3://bucket/prefix/' WITH (format = 'JSON') writes there");
  }
  if (!settings.output_file.empty() && settings.output_file != "-") {
    service.check_output_file(settings.output_file);
    file_sink.emplace(settings.output_file);
  }

  RunOutput output{
      file_sink ? static_cast<OutputSink&>(*file_sink) : stdout_sink, format_of(settings), {}, {}};
  if (!file_sink) output.style = stdout_style(settings);
  if (is_parquet_output(settings)) {
    if (script.statements.size() > 1) {
      throw QueryError(ErrorCode::kInvalidArguments,
                       "A Parquet file holds the rows of one query; there are several statements");
    }
    output.parquet_file = file_sink->path_until_commit();
  }
  for (size_t i = 0; i < script.statements.size(); ++i) {
    ScanReport report;
    const int status =
        run_and_tell(service, text, script.statements[i], session, settings, output, report);
    if (status != kExitOk) {
      if (status == kExitFailed && script.statements.size() > 1) tell_statement(script, i, source);
      return status;
    }
  }
  if (file_sink) file_sink->commit();
  return kExitOk;
}

}  // namespace trailsql
