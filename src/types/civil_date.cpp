#include "types/civil_date.h"

#include <chrono>

namespace trailsql {
namespace {

// The calendar repeats every 400 years.
constexpr int64_t kYearsPerEra = 400;
constexpr int64_t kDaysPerEra = 146'097;

int64_t floor_divide(int64_t value, int64_t divisor) {
  return (value >= 0 ? value : value - divisor + 1) / divisor;
}

std::chrono::year year_in_era(int64_t year) {
  return std::chrono::year(
      static_cast<int>(year - floor_divide(year, kYearsPerEra) * kYearsPerEra));
}

int64_t join(int64_t year, std::chrono::year_month_day in_era) {
  return std::chrono::sys_days(in_era).time_since_epoch().count() +
         floor_divide(year, kYearsPerEra) * kDaysPerEra;
}

std::chrono::month month_of(int month) { return std::chrono::month(static_cast<unsigned>(month)); }

}  // namespace

CivilDate civil_date(int64_t days) {
  const int64_t era = floor_divide(days, kDaysPerEra);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(days - era * kDaysPerEra))};
  return {static_cast<int>(date.year()) + era * kYearsPerEra,
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::optional<int64_t> find_day_number(CivilDate date) {
  const std::chrono::year_month_day in_era(year_in_era(date.year), month_of(date.month),
                                           std::chrono::day(static_cast<unsigned>(date.day)));
  if (!in_era.ok()) return std::nullopt;
  return join(date.year, in_era);
}

int64_t first_of_month(int64_t year, int month) {
  return join(year, year_in_era(year) / month_of(month) / 1);
}

int days_in_month(int64_t year, int month) {
  const std::chrono::year_month_day last(year_in_era(year) / month_of(month) / std::chrono::last);
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

int iso_weekday(int64_t days) {
  // 1970-01-01 was a Thursday.
  constexpr int64_t kThursday = 3;
  return static_cast<int>(days + kThursday - floor_divide(days + kThursday, 7) * 7) + 1;
}

}  // namespace trailsql
