#include "types/time_zone.h"

#include <unicode/basictz.h>
#include <unicode/locid.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "types/time_of_day.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

class FixedZone final : public TimeZone {
 public:
  FixedZone(std::string name, int64_t offset_seconds)
      : TimeZone(std::move(name)), offset_seconds_(offset_seconds) {}
  int64_t offset_at(int64_t) const override { return offset_seconds_; }
  int64_t offset_of_local(int64_t) const override { return offset_seconds_; }
  std::string display_name(int64_t, bool in_full) const override {
    return in_full && name() == "UTC" ? "Coordinated Universal Time" : name();
  }

 private:
  int64_t offset_seconds_;
};

class RegionZone final : public TimeZone {
 public:
  RegionZone(std::string name, std::unique_ptr<icu::BasicTimeZone> zone)
      : TimeZone(std::move(name)), zone_(std::move(zone)) {}

  int64_t offset_at(int64_t seconds_utc) const override {
    return offsets_at(seconds_utc).total_seconds();
  }

  int64_t offset_of_local(int64_t seconds_local) const override {
    Offsets offsets;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffsetFromLocal(to_milliseconds(seconds_local), UCAL_TZ_LOCAL_FORMER,
                              UCAL_TZ_LOCAL_FORMER, offsets.raw, offsets.saving, status);
    return offsets.total_seconds();
  }

  std::string display_name(int64_t seconds_utc, bool in_full) const override {
    const Offsets offsets = offsets_at(seconds_utc);
    icu::UnicodeString text;
    zone_->getDisplayName(static_cast<UBool>(offsets.saving != 0),
                          in_full ? icu::TimeZone::LONG : icu::TimeZone::SHORT,
                          icu::Locale::getUS(), text);
    std::string name;
    text.toUTF8String(name);
    // Zones without an abbreviation: ICU says "GMT+5:45", Java "GMT+05:45".
    if (name.starts_with("GMT") && name != "GMT")
      return "GMT" + offset_zone_name(offsets.total_seconds() / kSecondsPerMinute);
    return name;
  }

 private:
  struct Offsets {
    int32_t raw = 0;  // in milliseconds, like the next
    int32_t saving = 0;
    int64_t total_seconds() const { return (raw + saving) / kMillisecondsPerSecond; }
  };

  static double to_milliseconds(int64_t seconds) {
    return static_cast<double>(seconds) * static_cast<double>(kMillisecondsPerSecond);
  }

  Offsets offsets_at(int64_t seconds_utc) const {
    Offsets offsets;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffset(to_milliseconds(seconds_utc), 0, offsets.raw, offsets.saving, status);
    return offsets;
  }

  std::unique_ptr<icu::BasicTimeZone> zone_;
};

// Reads "+5", "+05", "+0530", "+05:30", "+05:30:00" as seconds; empty when `text` is no such
// offset.
std::optional<int64_t> parse_offset_seconds(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  const bool colons = text.size() > 3 && text[3] == ':';
  for (size_t i = 1; i < text.size(); ++i) {
    if (colons && i % 3 == 0 ? text[i] != ':' : text[i] < '0' || text[i] > '9') return std::nullopt;
    if (text[i] != ':') digits += text[i];
  }
  if (digits.size() == 1) digits.insert(0, 1, '0');
  if (digits.size() % 2 != 0 || digits.size() > 6 || text.back() == ':') return std::nullopt;
  const auto pair = [&](size_t at) {
    return at < digits.size() ? (digits[at] - '0') * 10 + (digits[at + 1] - '0') : 0;
  };
  if (pair(2) > 59 || pair(4) > 59) return std::nullopt;
  const int64_t total = (pair(0) * 60 + pair(2)) * 60 + pair(4);
  return text[0] == '-' ? -total : total;
}

std::optional<int64_t> parse_offset_minutes(std::string_view text) {
  const std::optional<int64_t> seconds = parse_offset_seconds(text);
  if (!seconds || *seconds % kSecondsPerMinute != 0 ||
      std::abs(*seconds) > kMaxOffsetMinutes * kSecondsPerMinute)
    return std::nullopt;
  return *seconds / kSecondsPerMinute;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_utc(std::string_view name) {
  return is_one_of(
      name, {"UTC", "Z", "UT", "UCT", "GMT", "GMT0", "Etc/GMT", "Etc/GMT0", "Etc/GMT+0",
             "Etc/GMT-0", "Etc/UTC", "Etc/UCT", "Greenwich", "Universal", "Etc/Universal", "Zulu"});
}

// ICU knows more names than Java does: abbreviations, and custom zones behind "GMT".
bool is_region_name(std::string_view name) {
  if (name.find('/') != std::string_view::npos) {
    return !name.starts_with("SystemV/") &&
           !is_one_of(name, {"Etc/Greenwich", "Etc/Zulu", "Etc/Unknown", "US/Pacific-New"});
  }
  return is_one_of(
      name,
      {"CET",     "CST6CDT",  "Cuba",    "EET",       "EST5EDT", "Egypt",   "Eire",  "GB",
       "GB-Eire", "Hongkong", "Iceland", "Iran",      "Israel",  "Jamaica", "Japan", "Kwajalein",
       "Libya",   "MET",      "MST7MDT", "NZ",        "NZ-CHAT", "Navajo",  "PRC",   "PST8PDT",
       "Poland",  "Portugal", "ROK",     "Singapore", "Turkey",  "W-SU",    "WET"});
}

// The offset that a name spells: "+05:30", "UTC+8", "Etc/GMT+8" (which is behind UTC).
std::optional<int64_t> offset_of_name(std::string_view name) {
  constexpr std::string_view kReversed = "Etc/GMT";
  if (name.starts_with(kReversed)) {
    const std::optional<int64_t> minutes = parse_offset_minutes(name.substr(kReversed.size()));
    if (minutes) return -*minutes;
  }
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (name.size() > prefix.size() && name.starts_with(prefix))
      return parse_offset_minutes(name.substr(prefix.size()));
  }
  return parse_offset_minutes(name);
}

std::unique_ptr<const TimeZone> make_zone(std::string_view name) {
  if (is_utc(name)) return std::make_unique<FixedZone>("UTC", 0);
  if (const std::optional<int64_t> minutes = offset_of_name(name))
    return std::make_unique<FixedZone>(offset_zone_name(*minutes), *minutes * kSecondsPerMinute);
  if (!is_region_name(name)) return nullptr;
  const auto id = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  // A name that ICU does not know gives its "unknown" zone.
  if (!zone || *zone == icu::TimeZone::getUnknown()) return nullptr;
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (basic == nullptr) return nullptr;
  static_cast<void>(zone.release());  // now owned by the next line
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

bool is_zone_of_java(std::string_view name) {
  constexpr int64_t kMaxSeconds = 18 * kSecondsPerHour;
  const std::optional<int64_t> seconds = parse_offset_seconds(name);
  return (seconds && std::abs(*seconds) <= kMaxSeconds) || name.starts_with("SystemV/") ||
         is_one_of(name, {"Etc/Greenwich", "Etc/Zulu"});
}

std::string offset_zone_name(int64_t offset_minutes) {
  if (offset_minutes == 0) return "UTC";
  std::string name;
  append_time_offset(name, offset_minutes);
  return name;
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

std::string time_zone_text(std::string_view zone, int64_t instant, bool in_full) {
  const TimeZone* found = find_time_zone(zone);
  return found == nullptr ? std::string(zone)
                          : found->display_name(floor_seconds(instant), in_full);
}

}  // namespace trailsql
