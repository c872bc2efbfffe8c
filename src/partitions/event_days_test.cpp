#include "partitions/event_days.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

TEST(EventDays, TheDayOfAPath) {
  EXPECT_EQ(day_of_path("s3://b/AWSLogs/1/CloudTrail/us-east-1/1970/01/02/"), 1);
  EXPECT_EQ(day_of_path("/x/1970/01/02/file.json.gz"), 1);
  EXPECT_EQ(day_of_path("/x/2023/02/30/"), std::nullopt);
  EXPECT_EQ(day_of_path("/x/2023/07/"), std::nullopt);
  EXPECT_EQ(day_of_path("/x/2023/7/10/"), std::nullopt);
  EXPECT_EQ(day_of_path("file.json"), std::nullopt);
}

TEST(EventDays, EventsAreNoLaterAndNotMuchEarlier) {
  const EventTimes times = event_times_below("/x/2023/03/01/", 31);
  EXPECT_EQ(times.first, "2023-01-29T00:00:00Z");
  EXPECT_EQ(times.last, "2023-03-01T23:59:59Z");
  EXPECT_FALSE(event_times_below("/x/", 31).first);
}

}  // namespace
}  // namespace trailsql
