#include "plan/partition_numbers.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "catalog/partition_name.h"
#include "types/hive_text.h"

namespace trailsql {
namespace {

void check_printable(const std::string& text) {
  constexpr char kFirstPrintable = 0x20;
  constexpr char kLastPrintable = 0x7e;
  const bool is_printable = std::all_of(
      text.begin(), text.end(), [](char c) { return c >= kFirstPrintable && c <= kLastPrintable; });
  if (is_printable) return;
  std::string bytes;
  for (const char c : text)
    bytes += fmt::format("{}{:02X}", bytes.empty() ? "" : " ", static_cast<unsigned char>(c));
  throw QueryError(ErrorCode::kHiveInvalidPartitionValue,
                   fmt::format("Hive partition keys can only contain printable ASCII characters "
                               "(0x20 - 0x7E). Invalid value: {}",
                               bytes));
}

PartitionPart part_of(const std::string& key, const Column& column, size_t row) {
  if (column.is_null(row)) return {key, std::nullopt};
  std::string value;
  append_hive_text(value, column, row);
  if (column.type().is(TypeKind::kDecimal)) drop_trailing_zeros(value, 0);
  check_printable(value);
  return {key, std::move(value)};
}

}  // namespace

int64_t PartitionNumbers::number_of(std::span<const Column* const> columns, size_t row) {
  std::vector<PartitionPart> parts;
  for (size_t i = 0; i < columns.size(); ++i) parts.push_back(part_of(keys_[i], *columns[i], row));
  std::string name = partition_name(parts);
  const std::lock_guard lock(mutex_);
  const auto found = number_of_name_.find(name);
  if (found != number_of_name_.end()) return found->second;
  if (names_.size() == kMaxPartitions) {
    throw QueryError(
        ErrorCode::kHiveTooManyOpenPartitions,
        fmt::format("Exceeded limit of {} open writers for partitions/buckets", kMaxPartitions));
  }
  const auto number = static_cast<int64_t>(names_.size());
  number_of_name_.emplace(name, number);
  names_.push_back(std::move(name));
  return number;
}

std::vector<std::string> PartitionNumbers::names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

std::string PartitionNumbers::name_of(int64_t number) const {
  const std::lock_guard lock(mutex_);
  return names_[static_cast<size_t>(number)];
}

KernelPtr make_partition_kernel(const std::shared_ptr<PartitionNumbers>& numbers,
                                std::vector<Type> types) {
  Kernel kernel;
  kernel.sql_name = "k_partition_number";
  kernel.argument_types = std::move(types);
  kernel.result_type = TypeKind::kBigint;
  kernel.called_on_null = true;
  kernel.run = [numbers](const KernelCall& call) {
    for (size_t row = 0; row < call.num_rows; ++row)
      call.result.append_int64(numbers->number_of(call.arguments, row));
  };
  return std::make_shared<const Kernel>(std::move(kernel));
}

}  // namespace trailsql
