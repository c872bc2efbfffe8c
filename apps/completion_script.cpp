#include "apps/completion_script.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "service/result_writer.h"

namespace trailsql {
namespace {

std::string command_names(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names += (names.empty() ? "" : " ") + command->get_name();
  }
  return names;
}

std::string option_names(const CLI::App& app) {
  std::string names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names += (names.empty() ? "--" : " --") + name;
    }
  }
  return names;
}

std::string format_names() {
  std::string names;
  for (const ResultFormatName& entry : result_formats()) {
    names += (names.empty() ? "" : " ") + std::string(entry.name);
  }
  return names;
}

std::string bash_script(const CLI::App& app) {
  std::string cases;
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string words = command_names(*command) + " " + option_names(*command);
    cases += fmt::format("    {}) words='{}' ;;\n", command->get_name(), words);
  }
  return fmt::format(R"(_trailsql() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" words
  case "$previous" in
    --format) COMPREPLY=($(compgen -W '{}' -- "$word")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    --home|--output|-o|-f|--file) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case "${{COMP_WORDS[1]}}" in
{}    *) words='{} {}' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -F _trailsql trailsql
)",
                     format_names(), cases, command_names(app), option_names(app));
}

std::string fish_script(const CLI::App& app) {
  std::string out = "complete -c trailsql -f\n";
  const auto one_line = [](std::string text) {
    for (char& c : text) {
      if (c == '\'' || c == '\n') c = ' ';
    }
    return text;
  };
  for (const CLI::App* command : app.get_subcommands({})) {
    out += fmt::format("complete -c trailsql -n __fish_use_subcommand -a {} -d '{}'\n",
                       command->get_name(), one_line(command->get_description()));
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        const std::string values = name == "format" ? " -x -a '" + format_names() + "'" : "";
        out += fmt::format(
            "complete -c trailsql -n '__fish_seen_subcommand_from {}' -l {}{} -d '{}'\n",
            command->get_name(), name, values, one_line(option->get_description()));
      }
    }
  }
  return out;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell) {
  if (shell == "fish") return fish_script(app);
  if (shell == "bash") return bash_script(app);
  return "#compdef trailsql\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(app);
}

}  // namespace trailsql
