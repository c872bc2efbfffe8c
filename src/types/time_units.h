// How many of a smaller unit of time a larger one has.
#pragma once

#include <cstdint>

namespace trailsql {

inline constexpr int64_t kSecondsPerMinute = 60;
inline constexpr int64_t kSecondsPerHour = 60 * kSecondsPerMinute;
inline constexpr int64_t kSecondsPerDay = 24 * kSecondsPerHour;

inline constexpr int64_t kMillisecondsPerSecond = 1'000;
inline constexpr int64_t kMillisecondsPerMinute = kSecondsPerMinute * kMillisecondsPerSecond;
inline constexpr int64_t kMillisecondsPerHour = kSecondsPerHour * kMillisecondsPerSecond;
inline constexpr int64_t kMillisecondsPerDay = kSecondsPerDay * kMillisecondsPerSecond;

inline constexpr int64_t kMicrosecondsPerMillisecond = 1'000;
inline constexpr int64_t kMicrosecondsPerSecond = 1'000'000;
inline constexpr int64_t kMicrosecondsPerMinute = kSecondsPerMinute * kMicrosecondsPerSecond;
inline constexpr int64_t kMicrosecondsPerHour = kSecondsPerHour * kMicrosecondsPerSecond;
inline constexpr int64_t kMicrosecondsPerDay = kSecondsPerDay * kMicrosecondsPerSecond;

inline constexpr int64_t kNanosecondsPerMicrosecond = 1'000;
inline constexpr int64_t kNanosecondsPerMillisecond = 1'000'000;
inline constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

inline constexpr int64_t kPicosecondsPerNanosecond = 1'000;
inline constexpr int64_t kPicosecondsPerMicrosecond = 1'000'000;
inline constexpr int64_t kPicosecondsPerMillisecond = 1'000'000'000;
inline constexpr int64_t kPicosecondsPerSecond = 1'000'000'000'000;
inline constexpr int64_t kPicosecondsPerMinute = kSecondsPerMinute * kPicosecondsPerSecond;
inline constexpr int64_t kPicosecondsPerHour = kSecondsPerHour * kPicosecondsPerSecond;
inline constexpr int64_t kPicosecondsPerDay = kSecondsPerDay * kPicosecondsPerSecond;

}  // namespace trailsql
