#include "store/distinct_roots.h"

#include <filesystem>

namespace trailsql {
namespace {

std::string with_final_slash(const std::string& path) {
  std::error_code failure;
  std::string real = std::filesystem::weakly_canonical(path, failure).string();
  if (failure) real = path;
  return real.ends_with('/') ? real : real + '/';
}

}  // namespace

std::vector<size_t> distinct_roots(const std::vector<std::string>& paths) {
  std::vector<std::string> roots;
  for (const std::string& path : paths) roots.push_back(with_final_slash(path));
  std::vector<size_t> kept;
  for (size_t i = 0; i < roots.size(); ++i) {
    bool lies_in_another = false;
    for (size_t j = 0; j < roots.size() && !lies_in_another; ++j) {
      const bool is_equal = roots[i] == roots[j];
      lies_in_another = is_equal ? j < i : roots[i].starts_with(roots[j]);
    }
    if (!lies_in_another) kept.push_back(i);
  }
  return kept;
}

}  // namespace trailsql
