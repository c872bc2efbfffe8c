#include "apps/shell.h"

#include <fmt/core.h>
#include <unistd.h>

#include <clocale>
#include <memory>

#include "analysis/table_name.h"
#include "apps/interrupt.h"
#include "apps/line_editor.h"
#include "apps/pager_sink.h"
#include "apps/query_command.h"
#include "apps/shell_completion.h"
#include "apps/version.h"
#include "base/error.h"
#include "base/text.h"
#include "service/bucket_url.h"
#include "service/progress_bar.h"
#include "service/run_summary.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

class Shell {
 public:
  explicit Shell(const Settings& settings)
      : settings_(settings),
        service_(open_service(settings)),
        session_(session_of(settings)),
        editor_(service_.home() + "/history", [this](std::string_view before) {
          return complete_word(service_.catalog(), session_.database, before);
        }) {
    if (!settings.format.empty()) format_ = *find_result_format(settings.format);
  }

  int run() {
    if (!settings_.quiet) {
      fmt::print(stderr,
                 "TrailSQL {}. Statements end with ; and .help lists commands. Times are UTC.\n",
                 program_version());
    }
    std::string line;
    while (!wants_to_leave_) {
      const LineStatus status = editor_.read(pending_.empty() ? "trailsql> " : "     ...> ", line);
      if (status == LineStatus::kInterrupted) {
        pending_.clear();
        continue;
      }
      if (status == LineStatus::kEnd) {
        fmt::print(stderr, "\n");
        break;
      }
      handle_line(line);
    }
    return kExitOk;
  }

 private:
  void handle_line(const std::string& line) {
    if (pending_.empty() && trimmed(line).starts_with('.')) {
      editor_.remember(line);
      run_command(trimmed(line));
      return;
    }
    pending_ += pending_.empty() ? line : "\n" + line;
    if (trimmed(pending_).empty()) {
      pending_.clear();
      return;
    }
    const Script script = split_script(pending_);
    if (!script.complete) return;
    // What is kept in a file holds no secret of somebody who took a URL for the place of it.
    if (!may_hold_credentials(pending_)) editor_.remember(trimmed(pending_));
    run_script(pending_, script);
    pending_.clear();
  }

  void run_script(std::string_view text, const Script& script) {
    for (const ScriptStatement& statement : script.statements) {
      if (run_statement(text, statement) != kExitOk) return;
    }
  }

  int run_statement_text(std::string_view text) { return run_statement(text, {text, {1, 1}}); }

  int run_statement(std::string_view script, const ScriptStatement& statement) {
    report_ = std::make_unique<ScanReport>();
    PagerSink sink(terminal_height(STDOUT_FILENO));
    RunOutput output{sink, format_, stdout_style(settings_), {}};
    return run_and_tell(service_, script, statement, session_, settings_, output, *report_,
                        [&sink] { sink.finish(); });
  }

  void run_command(std::string_view line) {
    const size_t space = line.find_first_of(" \t");
    const std::string name = to_lower_ascii(line.substr(0, space));
    const std::string argument(space == std::string_view::npos ? std::string_view()
                                                               : trimmed(line.substr(space)));
    try {
      run_command(name, argument);
    } catch (const QueryError& error) {
      fmt::print(stderr, "{}", render_error(error, "", stderr_style(settings_)));
    }
  }

  void run_command(const std::string& name, const std::string& argument) {
    if (name == ".quit" || name == ".exit") {
      wants_to_leave_ = true;
    } else if (name == ".help") {
      show_help();
    } else if (name == ".tables") {
      std::string pattern;
      for (const char c : argument) pattern += c == '\'' ? std::string("''") : std::string(1, c);
      run_statement_text(argument.empty() ? "SHOW TABLES" : "SHOW TABLES '" + pattern + "'");
    } else if (name == ".databases") {
      run_statement_text("SHOW DATABASES");
    } else if (name == ".schema") {
      show_schema(argument);
    } else if (name == ".use") {
      use_database(argument);
    } else if (name == ".format") {
      set_format(argument);
    } else if (name == ".read") {
      read_file(argument);
    } else if (name == ".warnings") {
      for (const std::string& note : note_lines(*report_, true)) fmt::print(stderr, "{}\n", note);
      if (report_->num_notes() == 0) fmt::print(stderr, "Nothing was skipped or malformed\n");
    } else {
      fmt::print(stderr, "There is no command {}; .help lists them\n", name);
    }
  }

  static void show_help() {
    for (const ShellCommand& command : shell_commands()) {
      fmt::print("  {:<24} {}\n", fmt::format("{} {}", command.name, command.arguments),
                 command.doc);
    }
    fmt::print(
        "Statements end with ; and may have several lines. Tab completes, arrows and Ctrl-R find\n"
        "earlier statements, Ctrl-C ends the running query, Ctrl-D leaves.\n");
    std::fflush(stdout);
  }

  void show_schema(const std::string& argument) {
    if (argument.empty()) {
      fmt::print(stderr, "Which table? .schema TABLE; .tables lists them\n");
      return;
    }
    const size_t dot = argument.find('.');
    const std::string database =
        dot == std::string::npos ? session_.database : to_lower_ascii(argument.substr(0, dot));
    const std::string name =
        to_lower_ascii(dot == std::string::npos ? argument : argument.substr(dot + 1));
    const std::shared_ptr<const CatalogTable> table = service_.catalog().find_table(database, name);
    const bool is_view = table && table->kind == TableKind::kView;
    const ResultFormat format = format_;
    format_ = ResultFormat::kTable;
    run_statement_text(fmt::format("SHOW CREATE {} {}", is_view ? "VIEW" : "TABLE", argument));
    format_ = format;
  }

  void use_database(const std::string& argument) {
    const std::string database = to_lower_ascii(argument);
    if (database.empty()) {
      fmt::print(stderr, "Names without a database are in {}; .use DATABASE changes that\n",
                 session_.database);
      return;
    }
    check_database_exists(service_.catalog(), database, {});
    session_.database = database;
  }

  void set_format(const std::string& argument) {
    const std::optional<ResultFormat> format = find_result_format(argument);
    if (format) {
      format_ = *format;
      return;
    }
    if (!argument.empty()) fmt::print(stderr, "There is no format {}; there are:\n", argument);
    for (const ResultFormatName& entry : result_formats()) {
      fmt::print("{} {:<10} {}\n", entry.format == format_ ? '*' : ' ', entry.name, entry.doc);
    }
    std::fflush(stdout);
  }

  void read_file(const std::string& argument) {
    if (argument.empty()) {
      fmt::print(stderr, "Which file? .read FILE\n");
      return;
    }
    const std::string text = read_script(argument);
    run_script(text, split_script(text));
  }

  Settings settings_;
  QueryService service_;
  Session session_;
  ResultFormat format_ = ResultFormat::kTable;
  std::unique_ptr<ScanReport> report_ = std::make_unique<ScanReport>();
  std::string pending_;  // the lines of an unfinished statement
  bool wants_to_leave_ = false;
  LineEditor editor_;
};

}  // namespace

int run_shell(const Settings& settings) {
  std::setlocale(LC_CTYPE, "");
  ignore_idle_interrupts();
  return Shell(settings).run();
}

}  // namespace trailsql
