#include "functions/spooky_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace trailsql {
namespace {

// Asked from Trino 476: spooky_hash_v2_64.
TEST(SpookyHash, HashesShortAndLongTexts) {
  EXPECT_EQ(spooky_hash(""), 0x232706fc6bf50919U);
  EXPECT_EQ(spooky_hash("hello"), 0x3768826ad382e6caU);
  std::string text;
  while (text.size() < 300) text += "abcdefghijklm";
  EXPECT_EQ(spooky_hash(std::string_view(text).substr(0, 192)), 0x3634d463f5640e08U);
  EXPECT_EQ(spooky_hash(std::string_view(text).substr(0, 300)), 0x5c3ba8db5ba708f2U);
}

}  // namespace
}  // namespace trailsql
