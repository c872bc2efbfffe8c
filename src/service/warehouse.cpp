#include "service/warehouse.h"

#include <fmt/core.h>

#include <cctype>
#include <filesystem>

#include "service/home_folder.h"
#include "service/local_path.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// Names of tables and databases may hold anything, and be longer than a folder's name may be. The
// name is for people: what tells folders apart is their id.
std::string folder_name(const std::string& name) {
  constexpr size_t kMaxBytes = 100;
  std::string text = name.substr(0, kMaxBytes);
  for (char& c : text) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (!is_plain) c = '-';
  }
  if (text.starts_with('_')) text[0] = '-';  // which would hide the folder
  return text;
}

}  // namespace

std::string new_managed_folder(const std::string& home, const TableName& table) {
  return fmt::format("{}/warehouse/{}/{}-{}", home, folder_name(table.database),
                     folder_name(table.name), unique_id());
}

void remove_dropped_folders(Catalog& catalog, const std::string& home) {
  const std::string warehouse = home + "/warehouse/";
  for (const std::string& path : catalog.dropped_folders()) {
    const std::string folder = real_path(path);
    std::error_code failure;
    if (folder.starts_with(warehouse)) fs::remove_all(folder, failure);
    if (!failure) catalog.forget_dropped_folder(path);
  }
}

}  // namespace trailsql
