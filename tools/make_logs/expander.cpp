#include "make_logs/expander.h"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

namespace trailsql::make_logs {

Expander::Expander(const RecordSite& site)
    : site_(site),
      instance_(site.random.pick_skewed(site.account.instance_ids)),
      volume_(site.random.pick_skewed(site.account.volume_ids)),
      group_(site.random.pick_skewed(site.account.group_ids)),
      subnet_(site.random.pick_skewed(site.account.subnet_ids)),
      bucket_(site.random.pick_skewed(site.account.bucket_names)),
      function_(site.random.pick_skewed(site.account.function_names)),
      table_(site.random.pick_skewed(site.account.table_names)),
      secret_(site.random.pick_skewed(site.account.secret_names)),
      key_(site.random.pick_skewed(site.account.key_ids)),
      role_(site.random.pick_skewed(site.account.role_names)),
      person_(site.account.people[3 * site.random.below(4)].user_name),
      object_(site.random.below(100'000)) {}

std::string Expander::expand(std::string_view pattern) {
  std::string out;
  out.reserve(pattern.size() + 200);
  while (true) {
    const size_t dollar = pattern.find('$');
    out += pattern.substr(0, dollar);
    if (dollar == std::string_view::npos) return out;
    pattern.remove_prefix(dollar + 1);
    size_t length = 0;
    while (length < pattern.size() && ((pattern[length] >= 'a' && pattern[length] <= 'z') ||
                                       (pattern[length] >= '0' && pattern[length] <= '9'))) {
      ++length;
    }
    append_word(out, pattern.substr(0, length));
    pattern.remove_prefix(length);
  }
}

bool Expander::append_thing(std::string& out, std::string_view word) const {
  const std::pair<std::string_view, std::string_view> things[] = {
      {"account", site_.account.id},
      {"region", site_.region},
      {"instance", instance_},
      {"volume", volume_},
      {"group", group_},
      {"subnet", subnet_},
      {"bucket", bucket_},
      {"function", function_},
      {"table", table_},
      {"secret", secret_},
      {"key", key_},
      {"role", role_},
      {"person", person_},
      {"attacker", site_.world.attacker_ip}};
  for (const auto& [name, value] : things) {
    if (name == word) {
      out += value;
      return true;
    }
  }
  return false;
}

void Expander::append_word(std::string& out, std::string_view word) {
  Random& random = site_.random;
  if (append_thing(out, word)) return;
  if (word == "object") {
    fmt::format_to(std::back_inserter(out), "part-{:05}", object_);
  } else if (word == "time") {
    out += iso_time(site_.time);
  } else if (word == "later") {
    out += iso_time(site_.time + std::chrono::hours(1));
  } else if (word == "zone") {
    out += site_.region;
    out += 'a';
  } else if (word == "uuid") {
    out += random.uuid();
  } else if (word == "hex8") {
    random.append_hex(out, 8);
  } else if (word == "hex17") {
    random.append_hex(out, 17);
  } else if (word == "upper16") {
    random.append_upper(out, 16);
  } else if (word == "code40") {
    random.append_mixed(out, 40);
  } else if (word == "number") {
    fmt::format_to(std::back_inserter(out), "{}", random.below(100'000));
  } else if (word == "small") {
    fmt::format_to(std::back_inserter(out), "{}", 1 + random.below(12));
  } else {
    throw std::logic_error(fmt::format("a template has the unknown word ${}", word));
  }
}

}  // namespace trailsql::make_logs
