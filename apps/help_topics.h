// trailsql help TOPIC: the things that are not commands.
#pragma once

#include <string_view>
#include <vector>

namespace trailsql {

/// One topic of help.
struct HelpTopic {
  std::string_view name;
  std::string_view doc;   // one sentence
  std::string_view text;  // whole, ends with \n
};
const std::vector<HelpTopic>& help_topics();

}  // namespace trailsql
