#include "types/time_zone.h"

#include <fmt/format.h>
#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "base/text.h"

namespace trailsql {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1'000'000;
constexpr double kMillisecondsPerSecond = 1000.0;
constexpr int64_t kMaxOffsetMinutes = 14 * 60;

class FixedZone final : public TimeZone {
 public:
  FixedZone(std::string name, int64_t offset_seconds)
      : TimeZone(std::move(name)), offset_seconds_(offset_seconds) {}
  int64_t offset_at(int64_t) const override { return offset_seconds_; }
  int64_t offset_of_local(int64_t) const override { return offset_seconds_; }

 private:
  int64_t offset_seconds_;
};

class RegionZone final : public TimeZone {
 public:
  RegionZone(std::string name, std::unique_ptr<icu::BasicTimeZone> zone)
      : TimeZone(std::move(name)), zone_(std::move(zone)) {}

  int64_t offset_at(int64_t seconds_utc) const override {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffset(static_cast<double>(seconds_utc) * kMillisecondsPerSecond, 0, raw, saving,
                     status);
    return (raw + saving) / 1000;
  }

  int64_t offset_of_local(int64_t seconds_local) const override {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffsetFromLocal(static_cast<double>(seconds_local) * kMillisecondsPerSecond,
                              UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, saving, status);
    return (raw + saving) / 1000;
  }

 private:
  std::unique_ptr<icu::BasicTimeZone> zone_;
};

// Reads "+05:30", "-8", "+0530", "+05"; empty when `text` is no offset.
std::optional<int64_t> parse_offset_minutes(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::string_view digits = text.substr(1);
  const size_t colon = digits.find(':');
  std::string_view hours = digits.substr(0, std::min(colon, digits.size()));
  std::string_view minutes = colon == std::string_view::npos ? "" : digits.substr(colon + 1);
  if (colon == std::string_view::npos && digits.size() == 4) {
    hours = digits.substr(0, 2);
    minutes = digits.substr(2);
  }
  const auto number = [](std::string_view part) -> std::optional<int64_t> {
    unsigned value = 0;  // so that no second sign is read
    if (part.empty() || part.size() > 2) return std::nullopt;
    const auto [stop, problem] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (problem != std::errc() || stop != part.data() + part.size()) return std::nullopt;
    return value;
  };
  const std::optional<int64_t> hour = number(hours);
  const std::optional<int64_t> minute =
      minutes.empty() && colon == std::string_view::npos ? 0 : number(minutes);
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const int64_t total = *hour * 60 + *minute;
  if (total > kMaxOffsetMinutes) return std::nullopt;
  return text[0] == '-' ? -total : total;
}

std::unique_ptr<const TimeZone> make_zone(std::string_view name) {
  for (const std::string_view utc : {"utc", "gmt", "z", "ut", "zulu", "etc/utc", "gmt0"}) {
    if (equals_ignoring_case(name, utc)) return std::make_unique<FixedZone>("UTC", 0);
  }
  std::string_view offset = name;
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (offset.size() > prefix.size() && offset.starts_with(prefix)) {
      offset.remove_prefix(prefix.size());
      break;
    }
  }
  if (const std::optional<int64_t> minutes = parse_offset_minutes(offset))
    return std::make_unique<FixedZone>(offset_zone_name(*minutes), *minutes * 60);
  const auto id = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  // A name that ICU does not know gives its "unknown" zone.
  if (!zone || *zone == icu::TimeZone::getUnknown()) return nullptr;
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (basic == nullptr) return nullptr;
  zone.release();
  return std::make_unique<RegionZone>(std::string(name),
                                      std::unique_ptr<icu::BasicTimeZone>(basic));
}

struct ZoneRegistry {
  std::shared_mutex mutex;
  std::map<std::string, std::unique_ptr<const TimeZone>, std::less<>> zones;
};

ZoneRegistry& registry() {
  static ZoneRegistry instance;
  return instance;
}

int64_t floor_seconds(int64_t microseconds) {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(microseconds)).count();
}

}  // namespace

const TimeZone* find_time_zone(std::string_view name) {
  constexpr size_t kMaxNameLength = 64;
  static const FixedZone kUtc("UTC", 0);
  if (name == "UTC") return &kUtc;
  if (name.empty() || name.size() > kMaxNameLength) return nullptr;
  // Consecutive rows mostly have the same zone; its name is compared without taking the lock.
  thread_local const TimeZone* last = nullptr;
  if (last != nullptr && last->name() == name) return last;
  ZoneRegistry& known = registry();
  {
    const std::shared_lock lock(known.mutex);
    const auto found = known.zones.find(name);
    if (found != known.zones.end()) return last = found->second.get();
  }
  std::unique_ptr<const TimeZone> zone = make_zone(name);
  // Unknown names are not remembered: they end a query, and data could hold any number of them.
  if (!zone) return nullptr;
  const std::unique_lock lock(known.mutex);
  return last = known.zones.emplace(std::string(name), std::move(zone)).first->second.get();
}

std::string offset_zone_name(int64_t offset_minutes) {
  if (offset_minutes == 0) return "UTC";
  const int64_t minutes = std::abs(offset_minutes);
  return fmt::format("{}{:02}:{:02}", offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

int64_t to_local_microseconds(int64_t instant, std::string_view zone) {
  const TimeZone* found = find_time_zone(zone);
  if (found == nullptr) return instant;
  return instant + found->offset_at(floor_seconds(instant)) * kMicrosecondsPerSecond;
}

int64_t to_instant_microseconds(int64_t local, std::string_view zone) {
  const TimeZone* found = find_time_zone(zone);
  if (found == nullptr) return local;
  return local - found->offset_of_local(floor_seconds(local)) * kMicrosecondsPerSecond;
}

}  // namespace trailsql
