#include "service/warehouse.h"

#include <fmt/core.h>

#include <cctype>
#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "service/staged_files.h"

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

std::string without_final_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

std::string unique_id() {
  std::random_device random;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:x}{:08x}{:08x}",
                     std::chrono::duration_cast<std::chrono::microseconds>(now).count(), random(),
                     random());
}

std::string new_managed_folder(const std::string& home, const TableName& table) {
  return fmt::format("{}/warehouse/{}/{}-{}", home, folder_name(table.database),
                     folder_name(table.name), unique_id());
}

void sweep_warehouse(Catalog& catalog, const std::string& home) {
  const std::string warehouse = home + "/warehouse";
  std::error_code failure;
  if (!fs::is_directory(warehouse, failure)) return;
  // Moved while no table can be made; removed afterwards, which may take long.
  std::vector<std::unique_ptr<StagedFiles>> removed;
  catalog.with_managed_locations([&](const std::vector<std::string>& locations) {
    std::set<std::string> used;
    for (const std::string& location : locations) used.insert(without_final_slash(location));
    for (const fs::directory_entry& database : fs::directory_iterator(warehouse, failure)) {
      std::vector<std::string> orphans;
      for (const fs::directory_entry& table : fs::directory_iterator(database, failure)) {
        const bool is_hidden = table.path().filename().string().starts_with('.');
        if (!is_hidden && !used.contains(table.path().string()))
          orphans.push_back(table.path().string());
      }
      if (orphans.empty()) continue;
      removed.push_back(std::make_unique<StagedFiles>(database.path().string()));
      for (const std::string& orphan : orphans) {
        const fs::path place = fs::path(removed.back()->path()) / fs::path(orphan).filename();
        fs::rename(orphan, place, failure);
      }
    }
  });
}

}  // namespace trailsql
