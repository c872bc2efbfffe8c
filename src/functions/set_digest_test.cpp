#include "functions/set_digest.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// Asked from Trino 476: make_set_digest over 1, 1, 1, 2, 2.
constexpr int64_t kHashOfOne = 19144387141682250;
constexpr int64_t kHashOfTwo = -2447670524089286488;

TEST(SetDigest, IsWrittenAsTrinoWritesIt) {
  SetDigest digest;
  digest.add(kHashOfOne, 3);
  digest.add(kHashOfTwo, 2);
  const std::string bytes = digest.write();
  EXPECT_EQ(
      bytes,
      std::string("\x01\x0c\0\0\0\x02\x0b\x02\0\x80\x03\x44\0\x80\x20\x08\xde\0\x20\0\0\x02\0\0\0"
                  "\xa8\xc0\x76\x6c\xa0\x20\x08\xde\x4a\xc4\x05\xfb\xb7\x03\x44\0\x02\0\x03\0",
                  45));
  EXPECT_EQ(SetDigest::read(bytes)->counts(), digest.counts());
}

TEST(SetDigest, RefusesOtherBytes) {
  EXPECT_FALSE(SetDigest::read(""));
  EXPECT_FALSE(SetDigest::read(std::string("\x01\xff\xff\xff\xff", 5)));
  SetDigest digest;
  digest.add(1);
  const std::string bytes = digest.write();
  EXPECT_FALSE(SetDigest::read(bytes.substr(0, bytes.size() - 1)));
  EXPECT_FALSE(SetDigest::read("\x02" + bytes.substr(1)));
}

TEST(SetDigest, ComparesSets) {
  SetDigest a;
  SetDigest b;
  for (int64_t hash = 0; hash < 6; ++hash) a.add(hash);
  for (int64_t hash = 3; hash < 9; ++hash) b.add(hash);
  EXPECT_EQ(SetDigest::intersection(a, b), 3);
  EXPECT_EQ(SetDigest::jaccard_index(a, b), 0.5);  // 3, 4 and 5 of the six smallest: 0 … 5
  a.merge(b);
  EXPECT_EQ(a.cardinality(), 9);
  EXPECT_EQ(a.counts().at(3), 2);
}

TEST(SetDigest, EstimatesBeyondItsSize) {
  SetDigest digest;
  constexpr uint64_t kNumValues = 100'000;
  for (uint64_t i = 0; i < kNumValues; ++i)
    digest.add(static_cast<int64_t>(i * (UINT64_MAX / kNumValues)));
  EXPECT_EQ(digest.counts().size(), SetDigest::kMaxHashes);
  EXPECT_NEAR(static_cast<double>(digest.cardinality()), 100'000, 5'000);
}

}  // namespace
}  // namespace trailsql
