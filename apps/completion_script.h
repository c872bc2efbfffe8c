// trailsql completion: scripts that make shells complete commands and options.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace trailsql {

/// Returns the script for bash, zsh or fish, made from the program's own commands and options.
std::string completion_script(const CLI::App& app, std::string_view shell);

}  // namespace trailsql
