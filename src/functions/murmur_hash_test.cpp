#include "functions/murmur_hash.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// hash_counts(make_set_digest(x)) shows the hashes.
TEST(MurmurHash, IsTrinos) {
  const auto hash = [](std::string_view bytes) {
    return static_cast<int64_t>(murmur3_hash(bytes)[0]);
  };
  EXPECT_EQ(hash(std::string_view("\1\0\0\0\0\0\0\0", 8)), 19144387141682250);
  EXPECT_EQ(hash(std::string_view("\2\0\0\0\0\0\0\0", 8)), -2447670524089286488);
  EXPECT_EQ(hash("a"), -8839064797231613815);
  EXPECT_EQ(hash("b"), 8833996863197925870);
  EXPECT_EQ(hash("0123456789abcdefghij0123456789abcdefXYZ"), 5932087308003386784);
}

}  // namespace
}  // namespace trailsql
