#include "plan/partition_numbers.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace trailsql {
namespace {

Column texts(const std::vector<const char*>& values) {
  Column column{Type::varchar()};
  for (const char* value : values)
    value == nullptr ? column.append_null() : column.append_string(value);
  return column;
}

TEST(PartitionNumbersTest, RowsOfAPartitionShareItsNumber) {
  PartitionNumbers numbers({"p", "q"});
  const Column p = texts({"a", "b", "a", nullptr, ""});
  const Column q = texts({"1", "1", "1", "x/y", "x/y"});
  const Column* const columns[] = {&p, &q};
  std::vector<int64_t> found;
  for (size_t row = 0; row < p.size(); ++row) found.push_back(numbers.number_of(columns, row));
  EXPECT_EQ(found, (std::vector<int64_t>{0, 1, 0, 2, 2}));
  EXPECT_EQ(numbers.names(), (std::vector<std::string>{"p=a/q=1", "p=b/q=1",
                                                       "p=__HIVE_DEFAULT_PARTITION__/q=x%2Fy"}));
  EXPECT_EQ(numbers.name_of(1), "p=b/q=1");
}

TEST(PartitionNumbersTest, SpellsValuesAsHive) {
  PartitionNumbers numbers({"d", "t"});
  Column decimals{Type::decimal(5, 2)};
  decimals.append_int128(150);
  decimals.append_int128(1000);
  Column times{Type::timestamp(3)};
  times.append_int64(1'500'000);
  times.append_int64(2'000'000);
  const Column* const columns[] = {&decimals, &times};
  numbers.number_of(columns, 0);
  numbers.number_of(columns, 1);
  EXPECT_EQ(numbers.names(), (std::vector<std::string>{"d=1.5/t=1970-01-01 00%3A00%3A01.5",
                                                       "d=10/t=1970-01-01 00%3A00%3A02"}));
}

TEST(PartitionNumbersTest, IsLimited) {
  PartitionNumbers numbers({"p"});
  Column column{TypeKind::kBigint};
  for (int64_t i = 0; i <= static_cast<int64_t>(PartitionNumbers::kMaxPartitions); ++i)
    column.append_int64(i);
  const Column* const columns[] = {&column};
  for (size_t row = 0; row < PartitionNumbers::kMaxPartitions; ++row)
    EXPECT_EQ(numbers.number_of(columns, row), static_cast<int64_t>(row));
  try {
    numbers.number_of(columns, PartitionNumbers::kMaxPartitions);
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kHiveTooManyOpenPartitions);
  }
}

}  // namespace
}  // namespace trailsql
