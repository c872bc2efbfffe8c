#include "catalog/metadata.h"

#include <unordered_map>

#include "base/text.h"

namespace trailsql {

const std::string* find_property(const CatalogProperties& properties, std::string_view key) {
  const std::string* value = nullptr;
  for (const auto& [name, text] : properties) {
    if (equals_ignoring_case(name, key)) value = &text;
  }
  return value;
}

void set_properties(CatalogProperties& properties, const CatalogProperties& changes) {
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < properties.size(); ++i) places.emplace(properties[i].first, i);
  for (const auto& [key, value] : changes) {
    const auto [place, is_new] = places.emplace(key, properties.size());
    if (is_new) {
      properties.emplace_back(key, value);
    } else {
      properties[place->second].second = value;
    }
  }
}

}  // namespace trailsql
