// The program: options and wiring only.
#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "apps/batch_command.h"
#include "apps/completion_script.h"
#include "apps/help_topics.h"
#include "apps/interrupt.h"
#include "apps/map_command.h"
#include "apps/query_command.h"
#include "apps/settings.h"
#include "apps/shell.h"
#include "apps/trail_command.h"
#include "apps/version.h"
#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

/// Holds what the command line says, and afterwards what is to be done.
struct CommandLine {
  Settings settings;
  QuerySource source;
  std::string url_prefix;
  std::string local_path;
  std::string trail_name;
  std::vector<std::string> trail_locations;
  std::string topic;
  std::string shell_name;
  std::function<int()> action;
};

void add_query(CLI::App& app, CommandLine& line) {
  CLI::App* query = app.add_subcommand("query", "Run SQL statements and print their results");
  query->add_option("sql", line.source.text, "Statements separated by ; or - for standard input")
      ->type_name("SQL");
  query->add_option("-f,--file", line.source.file, "Read the statements from a file")
      ->type_name("FILE");
  query
      ->add_option(
          "-o,--output", line.settings.output_file,
          "Write the results to a file, which appears only when all went well; - is standard "
          "output")
      ->type_name("FILE");
  add_display_options(*query, line.settings);
  add_service_options(*query, line.settings);
  query->footer(R"(
Examples:
  trailsql query "SELECT 1 + 1 AS two"
  trailsql query --format csv "SHOW TABLES; SELECT 'a' AS letter"
  echo "SELECT 1" | trailsql query -
  trailsql query -f questions.sql --output answers.json

Statements run in order; the first that fails ends the run with exit status 1.)");
  query->callback([&line] {
    if (line.source.text.empty() == line.source.file.empty()) {
      throw CLI::ValidationError("query", "give either SQL, or -f FILE, or - for standard input");
    }
    line.action = [&line] { return run_query_command(line.settings, line.source); };
  });
}

void add_batch(CLI::App& app, CommandLine& line) {
  CLI::App* batch = app.add_subcommand("batch", "Answer JSON requests, one a line, for scripts");
  add_service_options(*batch, line.settings);
  batch->footer(R"(
Each line of standard input is a request, each line of standard output its answer, in the same
order. "schema" may be left out; "id" may be any JSON value and comes back untouched.
  {"id": 1, "sql": "SELECT 1 AS one", "schema": "default"}
  {"id":1,"columns":[["one","integer"]],"rows":[[1]]}
  {"id":2,"error":"COLUMN_NOT_FOUND","message":"…","line":1,"column":8}
An error does not end the run. Values are spelled as in Trino's client protocol.

Example:
  echo '{"id": 1, "sql": "SELECT 1 AS one"}' | trailsql batch)");
  batch->callback([&line] { line.action = [&line] { return run_batch_command(line.settings); }; });
}

void add_map(CLI::App& app, CommandLine& line) {
  CLI::App* map = app.add_subcommand("map", "Remember where local copies of buckets lie");
  map->require_subcommand(1);
  map->footer(R"(
Example:
  mkdir -p /tmp/copy && trailsql map add s3://my-bucket/ /tmp/copy
  trailsql map list
  trailsql map remove s3://my-bucket/)");
  const auto common = [&line](CLI::App* command) {
    command->add_option("--home", line.settings.home, "Folder of the catalog")->type_name("FOLDER");
    command->add_flag("--quiet,-q", line.settings.quiet, "Say nothing when it worked");
  };
  CLI::App* add = map->add_subcommand("add", "Read an S3 location from a local folder");
  add->add_option("s3-prefix", line.url_prefix, "s3://bucket/ or s3://bucket/prefix/")->required();
  add->add_option("path", line.local_path, "The folder with the copy")->required();
  add->footer("\nExample:\n  mkdir -p /tmp/copy && trailsql map add s3://my-bucket/ /tmp/copy");
  add->callback([&line] {
    line.action = [&line] { return run_map_add(line.settings, line.url_prefix, line.local_path); };
  });
  CLI::App* list = map->add_subcommand("list", "Print prefixes and folders, separated by a tab");
  list->footer("\nExample:\n  trailsql map list");
  list->callback([&line] { line.action = [&line] { return run_map_list(line.settings); }; });
  CLI::App* remove = map->add_subcommand("remove", "Forget a location");
  remove->add_option("s3-prefix", line.url_prefix, "As map list prints it")->required();
  remove->footer("\nExample:\n  trailsql map remove s3://my-bucket/");
  remove->callback([&line] {
    line.action = [&line] { return run_map_remove(line.settings, line.url_prefix); };
  });
  for (CLI::App* command : {add, list, remove}) common(command);
}

void add_trail(CLI::App& app, CommandLine& line) {
  CLI::App* trail = app.add_subcommand(
      "trail", "Remember where CloudTrail logs lie, to ask them without any DDL");
  trail->require_subcommand(1);
  trail->footer(R"(
A trail is a database with ready-made tables: cloudtrail, cloudtrail_insights, and others that
SHOW TABLES lists. New accounts and days are found by every query.

Example:
  mkdir -p /tmp/copy && trailsql trail add prod /tmp/copy
  trailsql trail list
  trailsql trail show prod
  trailsql trail remove prod)");
  CLI::App* add = trail->add_subcommand("add", "Remember locations, and say what lies there");
  const auto take_name = [&line](CLI::App* command) {
    command->add_option("name", line.trail_name, "The trail, and the database of its tables")
        ->required();
  };
  take_name(add);
  add->add_option("locations", line.trail_locations, "Folders or files, or s3:// locations")
      ->required();
  add->footer("\nExample:\n  mkdir -p /tmp/copy && trailsql trail add prod /tmp/copy");
  add->callback([&line] {
    line.action = [&line] {
      return run_trail_add(line.settings, line.trail_name, line.trail_locations);
    };
  });
  CLI::App* list = trail->add_subcommand("list", "Print names and locations, separated by a tab");
  list->footer("\nExample:\n  trailsql trail list");
  list->callback([&line] { line.action = [&line] { return run_trail_list(line.settings); }; });
  CLI::App* show = trail->add_subcommand("show", "Say what lies at a trail's locations");
  show->footer("\nExample:\n  trailsql trail list");
  show->callback([&line] {
    line.action = [&line] { return run_trail_show(line.settings, line.trail_name); };
  });
  CLI::App* remove = trail->add_subcommand("remove", "Forget a trail; its files stay");
  remove->footer("\nExample:\n  trailsql trail list");
  remove->callback([&line] {
    line.action = [&line] { return run_trail_remove(line.settings, line.trail_name); };
  });
  for (CLI::App* command : {show, remove}) take_name(command);
  for (CLI::App* command : {add, show}) add_bucket_options(*command, line.settings);
  for (CLI::App* command : {add, list, show, remove}) {
    command->add_option("--home", line.settings.home, "Folder of the catalog")->type_name("FOLDER");
    command->add_flag("--quiet,-q", line.settings.quiet, "Say nothing when it worked");
  }
}

std::string topic_list() {
  std::string list;
  for (const HelpTopic& topic : help_topics()) {
    list += fmt::format("  {:<14} {}\n", topic.name, topic.doc);
  }
  return list;
}

int show_topic(const CLI::App& app, const std::string& name) {
  if (name.empty()) {
    fmt::print("{}\nTopics of trailsql help:\n{}", app.help(), topic_list());
    return kExitOk;
  }
  for (const HelpTopic& topic : help_topics()) {
    if (topic.name == name) {
      fmt::print("{}", topic.text);
      return kExitOk;
    }
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) {
      fmt::print("{}", command->help());
      return kExitOk;
    }
  }
  fmt::print(stderr, "There is no help on '{}'; trailsql help lists the topics\n", name);
  return kExitUsage;
}

// `run` answers `trailsql help …` before the command line is parsed; this lists it, gives it a
// --help and answers it behind options.
void add_help(CLI::App& app, CommandLine& line) {
  CLI::App* help = app.add_subcommand("help", "Explain a command or a topic");
  help->add_option("topic", line.topic, "A command, or a topic as listed below");
  help->footer("\nTopics:\n" + topic_list() + "\nExample:\n  trailsql help formats");
  help->callback(
      [&app, &line] { line.action = [&app, &line] { return show_topic(app, line.topic); }; });
}

void add_completion(CLI::App& app, CommandLine& line) {
  CLI::App* completion =
      app.add_subcommand("completion", "Print a script that completes commands in your shell");
  completion->add_option("shell", line.shell_name, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  completion->footer("\nExample:\n  source <(trailsql completion bash)");
  completion->callback([&app, &line] {
    line.action = [&app, &line] {
      fmt::print("{}", completion_script(app, line.shell_name));
      return kExitOk;
    };
  });
}

void set_up(CLI::App& app, CommandLine& line) {
  app.set_help_flag("--help,-h", "Print this help");
  app.set_version_flag(
      "--version",
      [] { return fmt::format("trailsql {} (DuckDB {})", program_version(), engine_version()); },
      "Print the versions");
  add_display_options(app, line.settings);
  add_service_options(app, line.settings);
  add_query(app, line);
  add_batch(app, line);
  add_map(app, line);
  add_trail(app, line);
  add_help(app, line);
  add_completion(app, line);
  app.footer(R"(
Without a command, a shell reads statements from the terminal. Any command explains itself:
trailsql COMMAND --help; trailsql help lists more.

Examples:
  trailsql
  trailsql query "SELECT 1 + 1 AS two"
  trailsql query --logs . "SELECT count(*) FROM cloudtrail"
  trailsql query "SHOW TABLES")");
}

int run_default(CommandLine& line) {
  if (::isatty(STDIN_FILENO) != 0) return run_shell(line.settings);
  line.source.text = "-";
  return run_query_command(line.settings, line.source);
}

// What a newcomer forgets most often: the command, or the quotes around the SQL.
// --log for --logs: the program and each of its commands have their options.
std::string unknown_option_hint(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  const auto add_names = [&](const CLI::App& command) {
    for (const CLI::Option* option : command.get_options({})) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  };
  add_names(app);
  for (const CLI::App* command : app.get_subcommands({})) add_names(*command);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::string name = argument.substr(0, argument.find('='));
    const bool is_option = name.starts_with("--") && name.size() > 2;
    if (!is_option || std::ranges::find(names, name) != names.end()) continue;
    const std::string_view near = nearest_name(name, names);
    return near.empty() ? fmt::format("there is no option {}; trailsql --help lists them", name)
                        : fmt::format("there is no option {}; did you mean {}?", name, near);
  }
  return {};
}

std::string usage_hint(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) {
    commands.push_back(command->get_name());
  }
  if (std::string hint = unknown_option_hint(app, argc, argv); !hint.empty()) return hint;
  const std::string first = argc >= 2 ? argv[1] : "";
  if (std::any_of(commands.begin(), commands.end(),
                  [&](const auto& name) { return name == first; })) {
    return first == "query" && argc > 3 ? "SQL is one argument: trailsql query \"SELECT 1\"" : "";
  }
  if (first.find(' ') != std::string::npos) return "to run SQL: trailsql query \"SELECT 1\"";
  const std::string_view near = nearest_name(first, commands);
  return near.empty() ? "" : fmt::format("did you mean trailsql {}?", near);
}

int run(int argc, char** argv) {
  install_signal_handlers();
  CommandLine line;
  CLI::App app("TrailSQL answers SQL questions about CloudTrail logs, as Amazon Athena does.",
               "trailsql");
  set_up(app, line);
  // What follows `help` may be the name of a command and must not be taken for that command.
  const bool wants_help = argc >= 2 && std::string_view(argv[1]) == "help";
  if (wants_help && (argc == 2 || argv[2][0] != '-')) {
    return show_topic(app, argc == 2 ? "" : argv[2]);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool succeeded = app.exit(error) == 0;
    const bool is_unexpected = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
    const std::string hint = is_unexpected ? usage_hint(app, argc, argv) : std::string();
    if (!hint.empty()) fmt::print(stderr, "{}\n", hint);
    return succeeded ? kExitOk : kExitUsage;
  }
  try {
    return line.action ? line.action() : run_default(line);
  } catch (const QueryError& error) {
    fmt::print(stderr, "{}", render_error(error, "", stderr_style(line.settings)));
    return error.code() == ErrorCode::kInvalidArguments ? kExitUsage : kExitFailed;
  }
}

}  // namespace
}  // namespace trailsql

int main(int argc, char** argv) {
  try {
    return trailsql::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "GENERIC_INTERNAL_ERROR: %s\n", error.what());
    return trailsql::kExitFailed;
  }
}
