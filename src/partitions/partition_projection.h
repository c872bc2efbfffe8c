// Partition projection: what TBLPROPERTIES say of the values that partition columns can have, and
// where the files of each combination lie. As Athena's user guide describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/metadata.h"
#include "functions/date_pattern.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// The values that one column can have.
struct ProjectedValues {
  std::vector<std::string> texts;  // as they stand in locations
  Column values;                   // the same, typed
};

/// Says which values a column may have. Use from one thread.
class ProjectedColumn {
 public:
  enum class Kind : uint8_t { kEnum, kInteger, kDate, kInjected };
  /// Reads the properties of `column`. Throws HIVE_METASTORE_ERROR for what is missing or wrong,
  /// naming table, column and property.
  ProjectedColumn(const CatalogTable& table, const ScanTableColumn& column, int64_t now_us);

  /// Whether all values can be listed: not of injected columns, nor of ranges with more than
  /// kMaxListedValues values.
  bool can_be_listed() const;
  /// Returns all values, in order.
  ProjectedValues all() const;
  /// Returns those of these texts that are among the values, each once.
  ProjectedValues among(const std::vector<std::optional<std::string>>& texts) const;
  Kind kind() const { return kind_; }
  const std::string& name() const { return column_.name; }
  /// Returns how many values there are; nothing of injected columns.
  std::optional<uint64_t> num_values() const;

  static constexpr uint64_t kMaxListedValues = 1'000'000;

 private:
  QueryError wrong(std::string_view property, std::string_view problem) const;
  std::string property(std::string_view suffix) const;
  std::optional<std::string> optional_property(std::string_view suffix) const;
  int64_t number_property(std::string_view suffix, int64_t otherwise) const;
  void read_enum();
  void read_integer();
  void read_date(int64_t now_us);
  std::string integer_text(int64_t value) const;
  void append_date(int64_t instant_us, ProjectedValues& values) const;
  void add_dates(int64_t from_us, int64_t to_us, std::set<int64_t>& dates) const;
  void add_dates_of(const std::string& text, std::set<int64_t>& dates) const;
  int64_t next_date(int64_t index) const;
  uint64_t offset(int64_t value) const;  // of an integer from the first one
  int64_t parse_bound(std::string_view text, int64_t now_us) const;

  const CatalogTable& table_;
  ScanTableColumn column_;
  Kind kind_ = Kind::kInjected;
  std::vector<std::string> enum_values_;
  int64_t first_ = 0;  // of integers the least value; of dates microseconds since 1970-01-01 UTC
  int64_t last_ = 0;
  int64_t interval_ = 1;
  int64_t digits_ = 0;
  std::string format_;
  DatePattern pattern_;
  std::string unit_;
};

/// Returns whether the table's partitions are projected.
bool is_projected(const CatalogTable& table);

/// Throws HIVE_METASTORE_ERROR when `storage.location.template` has no place for a partition
/// column: every value of it would read the same files.
void check_location_template(const CatalogTable& table);

/// Returns the location of a path below another location; in a file: URL, % is encoded.
std::string location_below(const std::string& location, const std::string& relative_path);

/// Returns the name of a combination of values, given by their texts.
std::string projected_name(const CatalogTable& table, const std::vector<std::string>& texts);

/// Returns where the files of a combination of values lie: `storage.location.template` with the
/// texts in place of ${column}, or folders key=value below the table's location.
std::string projected_location(const CatalogTable& table, const std::vector<std::string>& texts);

}  // namespace trailsql
