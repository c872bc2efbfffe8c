#include "plan/repeated_records.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {

void RepeatedRecords::add_left_out() {
  const std::lock_guard lock(mutex_);
  ++num_left_out_;
}

void RepeatedRecords::add_differing(std::string_view event_id) {
  const std::lock_guard lock(mutex_);
  if (differing_.size() < kMaxIdsKept) differing_.emplace(event_id);
}

std::string RepeatedRecords::summary() const {
  const std::lock_guard lock(mutex_);
  if (num_left_out_ == 0) return {};
  std::string text = fmt::format(
      "{} record{} of {} {} left out: delivered before with the same eventID", num_left_out_,
      num_left_out_ == 1 ? "" : "s", table_name_, num_left_out_ == 1 ? "was" : "were");
  if (differing_.empty()) return text;
  std::string ids;
  size_t num_told = 0;
  for (const std::string& id : differing_) {
    if (num_told++ == kMaxIdsTold) break;
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", id);
  }
  return text + fmt::format("; records with {} eventID{} are not the same byte for byte: {}{}",
                            differing_.size(), differing_.size() == 1 ? "" : "s", ids,
                            differing_.size() > kMaxIdsTold ? ", …" : "");
}

bool leaves_repeats_out(const CatalogTable& table) {
  constexpr std::string_view kProperty = "trailsql.deduplicate";
  const std::string* value = find_property(table.table_properties, kProperty);
  if (!value || equals_ignoring_case(*value, "off")) return false;
  if (equals_ignoring_case(*value, "eventid")) return true;
  throw QueryError(ErrorCode::kInvalidTableProperty,
                   fmt::format("Table {}.{}: {} is '{}'; it must be eventid or off", table.database,
                               table.name, kProperty, *value));
}

KernelPtr make_first_delivery_kernel(std::string sql_name,
                                     std::shared_ptr<RepeatedRecords> repeats) {
  auto kernel = std::make_shared<Kernel>();
  kernel->sql_name = std::move(sql_name);
  kernel->argument_types = {Type::varchar(), TypeKind::kBigint, TypeKind::kBoolean};
  kernel->result_type = TypeKind::kBoolean;
  kernel->called_on_null = true;
  kernel->run = [repeats = std::move(repeats)](const KernelCall& call) {
    const Column& ids = *call.arguments[0];
    for (size_t row = 0; row < call.num_rows; ++row) {
      const bool is_first = ids.is_null(row) || call.arguments[1]->int64_at(row) == 1;
      call.result.append_boolean(is_first);
      if (is_first) continue;
      repeats->add_left_out();
      const Column& differ = *call.arguments[2];
      if (!differ.is_null(row) && differ.boolean_at(row))
        repeats->add_differing(ids.string_at(row));
    }
  };
  return kernel;
}

}  // namespace trailsql
